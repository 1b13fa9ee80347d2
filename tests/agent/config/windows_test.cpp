#include "agent/config/windows.hpp"

#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::local_days;
using std::chrono::local_seconds;

// 2026-03-02 is a Monday.
local_seconds on(unsigned day, std::chrono::seconds time) {
  return local_days{std::chrono::year{2026} / 3 / std::chrono::day{day}} + time;
}

bool open_at(std::string_view window, unsigned day, std::chrono::seconds time) {
  return is_open({parse_window(window).value()}, on(day, time));
}

}  // namespace

TEST_CASE("without windows it is always open", "[config]") {
  CHECK(is_open({}, on(2, 13h)));
}

TEST_CASE("a window holds its first second and not its last", "[config]") {
  CHECK_FALSE(open_at("daily 01:00-03:00", 2, 1h - 1s));
  CHECK(open_at("daily 01:00-03:00", 2, 1h));
  CHECK(open_at("daily 01:00-03:00", 2, 3h - 1s));
  CHECK_FALSE(open_at("daily 01:00-03:00", 2, 3h));
}

TEST_CASE("a window over midnight belongs to the day on which it begins", "[config]") {
  CHECK(open_at("fri 22:00-06:00", 6, 22h));
  CHECK(open_at("fri 22:00-06:00", 7, 5h + 59min));  // Saturday morning
  CHECK_FALSE(open_at("fri 22:00-06:00", 7, 6h));
  CHECK_FALSE(open_at("fri 22:00-06:00", 7, 22h));
  CHECK_FALSE(open_at("fri 22:00-06:00", 6, 5h));  // Friday morning is Thursday's
  CHECK(open_at("sun 22:00-06:00", 9, 1h));        // over the end of the week
  CHECK_FALSE(open_at("sun 22:00-06:00", 8, 1h));
}

TEST_CASE("whole days are open from midnight to midnight", "[config]") {
  CHECK(open_at("sat,sun 00:00-24:00", 7, 0h));
  CHECK(open_at("sat,sun 00:00-24:00", 8, 24h - 1s));
  CHECK_FALSE(open_at("sat,sun 00:00-24:00", 9, 0h));
  CHECK_FALSE(open_at("sat,sun 00:00-24:00", 6, 24h - 1s));
}

TEST_CASE("a window that ends at midnight doesn't reach into the next day", "[config]") {
  CHECK(open_at("mon 22:00-24:00", 2, 24h - 1s));
  CHECK_FALSE(open_at("mon 22:00-24:00", 3, 0h));
  CHECK(open_at("mon 22:00-00:00", 2, 24h - 1s));
  CHECK_FALSE(open_at("mon 22:00-00:00", 3, 0h));
}

TEST_CASE("any of several windows opens", "[config]") {
  const std::vector<Window> windows = {parse_window("mon 01:00-02:00").value(),
                                       parse_window("tue 03:00-04:00").value()};
  CHECK(is_open(windows, on(2, 1h)));
  CHECK(is_open(windows, on(3, 3h)));
  CHECK_FALSE(is_open(windows, on(3, 1h)));
}

TEST_CASE("times before 1970 have their day of the week, too", "[config]") {
  const auto sunday = local_days{std::chrono::year{1969} / 12 / 28} + 1h;
  CHECK(is_open({parse_window("sun 00:00-02:00").value()}, sunday));
}

TEST_CASE("what window_text() writes is read as the same window", "[config]") {
  for (unsigned days = 1; days < 0x80; ++days) {
    const Window window{
        .days = static_cast<std::uint8_t>(days), .from = 22h + 30min, .to = 6h + 5min};
    CHECK(parse_window(window_text(window)).value() == window);
  }
}

}  // namespace ot::agent::test
