#include "agent/config/changes.hpp"

#include "agent/config/read.hpp"
#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

Config plant() {
  return read_config(R"(
[[folder]]
path = "/srv/a"
[[folder]]
path = "/srv/b"
[[probe]]
name = "line 1"
targets = ["10.0.0.5"]
every = "6h"
)",
                     "x")
      .config.value();
}

}  // namespace

TEST_CASE("equal configurations have no changes, in whatever order", "[config]") {
  auto other = plant();
  CHECK(changes(plant(), other).empty());
  std::swap(other.folders[0], other.folders[1]);
  CHECK(changes(plant(), other).empty());
}

TEST_CASE("each change is named with what was and what is", "[config]") {
  auto after = plant();
  after.folders.erase(after.folders.begin());
  after.folders.push_back({.path = "/srv/c"});
  after.groups[0].every = 12h;
  after.groups[0].windows = {{.from = 60min, .to = 120min}};
  after.gap = 200ms;
  after.api.jwt = JwtConfig{};
  CHECK(changes(plant(), after) == Lines{R"(safety: gap: "100ms" -> "200ms")", "api: jwt: new",
                                         R"(folder "/srv/a": gone)",
                                         R"(probe "line 1": every: "6h" -> "12h")",
                                         R"(probe "line 1": windows: [] -> ["daily 01:00-02:00"])",
                                         R"(folder "/srv/c": new)"});
}

TEST_CASE("sinks, sensors and applications are told apart by their names", "[config]") {
  const SinkConfig platform{.name = "platform",
                            .kind = SinkConfig::Kind::csam,
                            .url = "https://platform.example",
                            .token_file = "/etc/a",
                            .business_apps = {{.id = "BA-1", .name = "Bottling"}}};
  const SinkConfig hub{.name = "hub", .url = "https://hub.example", .token_file = "/etc/a"};
  auto before = plant();
  before.sinks = {platform, hub};
  before.hub.sensors = {{"hall-1", "/etc/1"}, {"hall-2", "/etc/2"}};
  auto after = before;
  std::swap(after.sinks[0], after.sinks[1]);
  std::swap(after.hub.sensors[0], after.hub.sensors[1]);
  CHECK(changes(before, after).empty());
  after.sinks[0].token_file = "/etc/b";
  after.sinks[1].pins = {"x"};
  after.sinks[1].business_apps[0].name = "Filling";
  after.hub.accept = true;
  after.hub.sensors.pop_back();
  after.sinks.push_back({.name = "outbox", .kind = SinkConfig::Kind::file, .folder = "/srv/out"});
  CHECK(changes(before, after) ==
        Lines{"hub: accept: false -> true", R"(hub: sensor "hall-1": gone)",
              R"(sink "platform": pins: [] -> ["x"])",
              R"(sink "hub": token_file: "/etc/a" -> "/etc/b")",
              R"(business_app "BA-1": name: "Bottling" -> "Filling")", R"(sink "outbox": new)"});
}

}  // namespace ot::agent::test
