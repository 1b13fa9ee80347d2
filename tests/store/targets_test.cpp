#include <array>

#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

TargetState answered(const std::string& target, int day) {
  return {.group = "line",
          .target = target,
          .last_try = on_day(day),
          .last_answer = on_day(day),
          .outcome = "answered",
          .reason = ""};
}

TargetState silent(const std::string& target, int day) {
  return {.group = "line",
          .target = target,
          .last_try = on_day(day),
          .last_answer = {},
          .outcome = "silent",
          .reason = "no answer within 1.5 s"};
}

void note(Store& store, const TargetState& target) {
  const GroupRun run{.group = target.group,
                     .began = target.last_try,
                     .ended = target.last_try,
                     .targets = 1,
                     .answered = target.answered() ? 1 : 0,
                     .requests = 7};
  REQUIRE(store.note_run(run, std::array{target}));
  REQUIRE(store.commit());
}

}  // namespace

TEST_CASE("what became of a target last is remembered, and when it answered last", "[store]") {
  Folder folder;
  const auto path = folder.path("s.db");
  auto store = open(path);
  note(store, answered("10.0.0.5", 1));
  note(store, silent("10.0.0.5", 2));
  auto reading = open(path, Mode::read_only);
  auto expected = silent("10.0.0.5", 2);
  expected.last_answer = on_day(1);
  CHECK(*reading.targets() == std::vector<TargetState>{expected});
  const auto runs = *reading.group_runs();
  REQUIRE(runs.size() == 1);
  CHECK(runs.front().began == on_day(2));
  CHECK(runs.front().requests == 7);
}

TEST_CASE("falling silent and answering again is noted once each", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  note(store, silent("10.0.0.6", 1));
  note(store, silent("10.0.0.6", 2));
  CHECK(entries(store, "target.").empty());
  note(store, answered("10.0.0.5", 1));
  CHECK(entries(store, "target.").empty());
  note(store, silent("10.0.0.5", 2));
  note(store, silent("10.0.0.5", 3));
  const auto fell = entries(store, "target.silent");
  REQUIRE(fell.size() == 1);
  CHECK(fell[0].at == on_day(2));
  CHECK(fell[0].subject == "10.0.0.5");
  CHECK(fell[0].before == "2024-01-01T00:00:00.000Z");
  CHECK(fell[0].after == "silent: no answer within 1.5 s");
  note(store, answered("10.0.0.5", 4));
  note(store, answered("10.0.0.5", 5));
  CHECK(entries(store, "target.answers").size() == 1);
}

TEST_CASE("groups that are configured no more are forgotten", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  note(store, answered("10.0.0.5", 1));
  auto other = answered("10.0.0.5", 1);
  other.group = "hall 2";
  note(store, other);
  REQUIRE(store.keep_groups(std::array<std::string, 1>{"hall 2"}));
  REQUIRE(store.commit());
  REQUIRE(store.targets()->size() == 1);
  CHECK(store.targets()->front().group == "hall 2");
  CHECK(store.group_runs()->size() == 1);
}

}  // namespace ot::store::test
