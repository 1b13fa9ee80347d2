#include "base/repeats.hpp"

#include "tests/catch.hpp"

namespace ot {
namespace {

constexpr Time kBegin{std::chrono::hours(1000)};

Time minute(int number) {
  return kBegin + std::chrono::minutes(number);
}

/// So many of the minutes' lines are told.
int told(Repeats& repeats, const std::string& line, int from, int to) {
  int count = 0;
  for (int number = from; number < to; ++number) {
    count += repeats.take(line, minute(number)).is_told ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("a line that comes each minute is told three times, then once an hour", "[log]") {
  Repeats repeats;
  CHECK(told(repeats, "disk full", 0, 60) == 3);
  const auto next = repeats.take("disk full", minute(60));
  CHECK(next.is_told);
  CHECK(next.untold == 57);
  CHECK(told(repeats, "disk full", 61, 120) == 0);
  CHECK(told(repeats, "disk full", 120, 24 * 60) == 22);
}

TEST_CASE("a line that comes once an hour is always told", "[log]") {
  Repeats repeats;
  for (int hour = 0; hour < 50; ++hour) {
    const auto verdict = repeats.take("50 of 50 answered", minute(60 * hour));
    CHECK(verdict.is_told);
    CHECK(verdict.untold == 0);
  }
}

TEST_CASE("lines are told apart, and only so many are known", "[log]") {
  Repeats repeats;
  CHECK(told(repeats, "a", 0, 10) == 3);
  CHECK(told(repeats, "b", 0, 10) == 3);
  for (int number = 0; number < 2047; ++number) {
    CHECK(repeats.take("other " + std::to_string(number), minute(10)).is_told);
  }
  CHECK_FALSE(repeats.take("b", minute(11)).is_told);
  CHECK(repeats.take("a", minute(11)).is_told);
}

TEST_CASE("a clock that is set back keeps nothing untold", "[log]") {
  Repeats repeats;
  CHECK(told(repeats, "a", 0, 10) == 3);
  CHECK(repeats.take("a", minute(-500)).is_told);
}

}  // namespace ot
