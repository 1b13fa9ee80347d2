#include "tests/agent/bundle/walks.hpp"

#include <chrono>

#include "agent/bundle/walk_records.hpp"
#include "agent/json_text.hpp"
#include "agent/records_json.hpp"
#include "agent/uplink/wire.hpp"
#include "store/outbox.hpp"
#include "store/sqlite.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"

namespace ot::agent::bundle::test {
namespace {

/// What is found while a walk is on has its time, not that of the test.
void date(const std::string& path, Time at) {
  auto database = store::test::raw(path);
  REQUIRE(
      store::run(database, "UPDATE assets SET last_updated = ?1, created = ?1", at).has_value());
  REQUIRE(store::run(database, "UPDATE files SET last_updated = ?", at).has_value());
  REQUIRE(store::run(database, "DELETE FROM changes").has_value());
}

}  // namespace

store::Place hall(int number) {
  return {.site = "Linz", .area = "Hall " + std::to_string(number), .plant_location = ""};
}

TestWalk::TestWalk(char letter, int day) : store_(store::test::open(folder_.path("walk.db"))) {
  manifest_.walk = std::string(8, letter) + "-911b-49b0-bb8d-193d3255af7e";
  manifest_.site = "Linz";
  manifest_.sensor = "laptop-7";
  manifest_.began = store::test::on_day(day);
  manifest_.ended = manifest_.began + std::chrono::hours(2);
  manifest_.legs = {{.area = "Hall 1", .targets = {"10.113.0.0/24"}}};
  manifest_.projects = {"/plant"};
}

TestWalk& TestWalk::observe(store::Observation observation, bool whole) {
  observation.at = at();
  if (observation.place == store::Place{}) {
    observation.place = hall();
  }
  observation.complete = whole;
  store::test::observe(store_, observation);
  Json line = {{"area", observation.place.area},
               {"target", observation.target},
               {"protocol", observation.protocol},
               {"whole", whole},
               {"asset", Json::object()}};
  if (!observation.record.add_ons.empty()) {
    line["asset"]["addOns"] = Json::array({Json::object()});
  }
  observations_ += json_text(line, -1) + "\n";
  const auto host = observation.target.substr(0, observation.target.find(':'));
  targets_.push_back({.area = observation.place.area,
                      .target = host,
                      .answered = true,
                      .outcome = whole ? "answered" : "incomplete",
                      .reason = whole ? "" : "unit 35 was silent"});
  return *this;
}

TestWalk& TestWalk::import(store::test::Version version) {
  version.place = hall();
  store::test::import(store_, version);
  return *this;
}

TestWalk& TestWalk::end(const std::string& target, const std::string& outcome,
                        const std::string& area) {
  targets_.push_back({.area = area, .target = target, .outcome = outcome});
  return *this;
}

std::string TestWalk::records() {
  date(folder_.path("walk.db"), at());
  std::string lines;
  store::Outbox outbox(store_);
  for (const auto& file : store::test::files(store_)) {
    if (file.status != FileStatus::deleted) {
      lines += json_text(file_wire(file), -1) + "\n";
    }
  }
  for (const auto& asset : store::test::assets(store_)) {
    const auto keys = outbox.keys_of(asset.asset_id);
    REQUIRE(keys.has_value());
    lines += json_text(asset_wire(asset, *keys, manifest_.sensor), -1) + "\n";
  }
  return lines;
}

Found TestWalk::found() {
  auto read = walk_records_from(records());
  REQUIRE(read.rejected.empty());
  return {.manifest = manifest_,
          .records = std::move(read.records),
          .targets = targets_,
          .observations = observations_};
}

}  // namespace ot::agent::bundle::test
