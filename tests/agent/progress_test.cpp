#include "agent/progress.hpp"

#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace ot::agent;
using std::chrono::milliseconds;

namespace {

ProgressState half_way() {
  return {.title = "ingest",
          .total = 240,
          .done = 120,
          .bytes = 3 << 20,
          .elapsed = milliseconds{2000},
          .name = "plant.cfg"};
}

}  // namespace

TEST_CASE("progress shows how much is done, how fast, and what", "[progress]") {
  CHECK(progress_line(half_way(), 100) ==
        "ingest [##########          ] 120/240  1.5 MiB/s  plant.cfg");
}

TEST_CASE("progress without a known total only counts", "[progress]") {
  auto state = half_way();
  state.total.reset();
  CHECK(progress_line(state, 100) == "ingest 120  1.5 MiB/s  plant.cfg");
}

TEST_CASE("a progress line never grows wider than the terminal", "[progress]") {
  auto state = half_way();
  state.name = std::string(300, 'x');
  for (const std::size_t width : {1u, 10u, 40u, 60u, 79u}) {
    CHECK(ot::display_width(progress_line(state, width)) <= width);
  }
}

TEST_CASE("the current name is shown safely", "[progress]") {
  auto state = half_way();
  state.name = "a\x1b[2J\r";
  CHECK(progress_line(state, 100).find('\x1b') == std::string::npos);
}

TEST_CASE("progress survives totals that were wrong or nothing", "[progress]") {
  auto state = half_way();
  state.total = 0;
  CHECK(progress_line(state, 100).find("[####################]") != std::string::npos);
  state.total = 100;
  CHECK(progress_line(state, 100).find("[####################] 120/100") != std::string::npos);
  state.elapsed = milliseconds{0};
  CHECK_FALSE(progress_line(state, 100).empty());
}
