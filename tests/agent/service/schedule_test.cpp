#include "agent/service/schedule.hpp"

#include "tests/catch.hpp"

namespace ot::agent {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::local_days kMonday{std::chrono::year{2024} / 1 / 1};

/// Some time after a Monday's midnight, by both clocks.
Moment after(std::chrono::seconds time) {
  return {Schedule::Clock::time_point{} + 1000h + time, kMonday + time};
}

TargetGroup group(std::string name, std::chrono::seconds every) {
  TargetGroup made;
  made.name = std::move(name);
  made.every = every;
  return made;
}

std::optional<std::chrono::seconds> never(const std::string&) {
  return std::nullopt;
}

Schedule schedule_of(const std::vector<TargetGroup>& groups,
                     const std::vector<Window>& everywhere = {}) {
  Schedule schedule([](std::chrono::seconds most) { return most / 2; });
  schedule.set_groups(groups, everywhere, after(0s).steady, never);
  return schedule;
}

}  // namespace

TEST_CASE("a group that was never asked is asked at once, and then at its interval", "[schedule]") {
  auto schedule = schedule_of({group("line", 1h)});
  CHECK(schedule.nap(after(0s)) == 0s);
  CHECK(schedule.take(after(0s)) == "line");
  CHECK_FALSE(schedule.take(after(0s)));
  CHECK(schedule.nap(after(10min)) == 50min);
  CHECK_FALSE(schedule.take(after(1h - 1s)));
  CHECK(schedule.take(after(1h)) == "line");
}

TEST_CASE("a late turn is not followed by an early one", "[schedule]") {
  auto schedule = schedule_of({group("line", 1h)});
  CHECK(schedule.take(after(30min)) == "line");
  CHECK_FALSE(schedule.take(after(1h)));
  CHECK(schedule.take(after(90min)) == "line");
}

TEST_CASE("of several groups the one that is due longest goes first", "[schedule]") {
  auto schedule = schedule_of({group("slow", 2h), group("quick", 1h)});
  CHECK(schedule.take(after(0s)) == "slow");
  CHECK(schedule.take(after(0s)) == "quick");
  CHECK(schedule.take(after(3h)) == "quick");
  CHECK(schedule.take(after(3h)) == "slow");
  CHECK_FALSE(schedule.take(after(3h)));
}

TEST_CASE("jitter makes a turn late, by a part of it", "[schedule]") {
  auto line = group("line", 1h);
  line.jitter = 10min;
  auto schedule = schedule_of({line});
  CHECK(schedule.take(after(0s)) == "line");
  CHECK_FALSE(schedule.take(after(1h + 4min)));
  CHECK(schedule.take(after(1h + 5min)) == "line");
}

TEST_CASE("nothing starts outside the windows", "[schedule]") {
  auto night = group("night", 1h);
  night.windows = {{.from = 22h, .to = 6h}};
  auto schedule = schedule_of({night});
  CHECK(schedule.take(after(0s)) == "night");
  CHECK(schedule.is_open("night", after(5h).local));
  CHECK_FALSE(schedule.is_open("night", after(7h).local));
  CHECK_FALSE(schedule.take(after(7h)));
  CHECK(schedule.turns(after(7h)).front().waits_for_window);
  SECTION("somebody may set the clock meanwhile: naps are short") {
    CHECK(schedule.nap(after(7h)) == 10min);
    CHECK(schedule.nap(after(21h + 55min)) == 5min);
  }
  SECTION("no nap is needed before it is due") {
    CHECK(schedule.nap(after(10min)) == 50min);
  }
  CHECK(schedule.take(after(22h)) == "night");
  SECTION("a group has both its own windows and those of all") {
    auto narrow = schedule_of({night}, {{.from = 23h, .to = 24h}});
    CHECK_FALSE(narrow.take(after(22h)));
    CHECK(narrow.take(after(23h)) == "night");
  }
}

TEST_CASE("after a restart a group waits for the rest of its interval", "[schedule]") {
  Schedule schedule(nullptr);
  std::chrono::seconds ago{0};
  const auto since_last = [&ago](const std::string&) { return std::optional(ago); };
  SECTION("asked before") {
    ago = 20min;
    schedule.set_groups({group("line", 1h)}, {}, after(0s).steady, since_last);
    CHECK(schedule.nap(after(0s)) == 40min);
  }
  SECTION("long ago: at once") {
    ago = 100h;
    schedule.set_groups({group("line", 1h)}, {}, after(0s).steady, since_last);
    CHECK(schedule.nap(after(0s)) == 0s);
  }
  SECTION("in the future, for the clock was set back: an interval at most") {
    ago = -24h;
    schedule.set_groups({group("line", 1h)}, {}, after(0s).steady, since_last);
    CHECK(schedule.nap(after(0s)) == 1h);
  }
}

TEST_CASE("a turn that was cut short is due again, when a window is open", "[schedule]") {
  auto night = group("night", 24h);
  night.windows = {{.from = 22h, .to = 6h}};
  auto schedule = schedule_of({night});
  CHECK(schedule.take(after(5h)) == "night");
  schedule.again("night", after(6h).steady);
  CHECK_FALSE(schedule.take(after(6h)));
  CHECK(schedule.take(after(22h)) == "night");
  CHECK_FALSE(schedule.take(after(23h)));
}

TEST_CASE("a clock that is set by a day changes no interval", "[schedule]") {
  auto schedule = schedule_of({group("line", 1h)});
  CHECK(schedule.take(after(0s)) == "line");
  for (const auto jump : {24h, -24h}) {
    Moment moment = after(30min);
    moment.local += jump;
    CHECK_FALSE(schedule.take(moment));
    CHECK(schedule.nap(moment) == 30min);
  }
}

TEST_CASE("a changed configuration keeps the turns of the groups that stay", "[schedule]") {
  auto schedule = schedule_of({group("a", 2h), group("b", 2h)});
  CHECK(schedule.take(after(0s)) == "a");
  CHECK(schedule.take(after(0s)) == "b");
  schedule.set_groups({group("a", 2h), group("c", 1h)}, {}, after(1h).steady, never);
  CHECK(schedule.take(after(1h)) == "c");
  CHECK(schedule.nap(after(1h)) == 1h);
  SECTION("a shorter interval counts from now on") {
    schedule.set_groups({group("a", 15min)}, {}, after(1h).steady, never);
    CHECK(schedule.nap(after(1h)) == 15min);
  }
  SECTION("without groups there is nothing to wait for") {
    schedule.set_groups({}, {}, after(1h).steady, never);
    CHECK_FALSE(schedule.nap(after(1h)));
  }
}

}  // namespace ot::agent
