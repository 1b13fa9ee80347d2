#include "agent/bundle/take_in.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "agent/json_text.hpp"
#include "agent/records_json.hpp"
#include "store/inbox.hpp"
#include "store/outbox.hpp"
#include "tests/agent/bundle/walks.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"

namespace ot::agent::bundle::test {
namespace {

using store::test::cj2m;
using store::test::cj2m_port;
using store::test::cpu;
using store::test::meter;
using store::test::only_asset;
using store::test::unit;
using store::test::units_of;

class Plant {
 public:
  Plant() : store_(store::test::open(folder_.path("plant.db"))) {}

  store::Store& store() { return store_; }

  TakenIn take(TestWalk& walk) {
    const auto records = walk.records();
    const auto taken = take_in(
        store_,
        {.manifest = walk.manifest(), .records = records, .observations = walk.observations()});
    INFO((taken ? "" : taken.error().text()));
    REQUIRE(taken.has_value());
    CHECK(store_.check()->empty());
    return *taken;
  }

  /// All that is known, but for the numbers and UUIDs of this store.
  std::multiset<std::string> state() {
    std::multiset<std::string> all;
    store::Outbox outbox(store_);
    for (const auto& asset : store::test::assets(store_)) {
      auto record = asset_json(asset, Shape::extended, "here");
      for (const char* name : {"assetId", "assetUuid", "assetModules"}) {
        record.erase(name);
      }
      std::vector<std::string> add_ons;
      for (auto add_on : record.value("addOns", Json::array())) {
        add_on.erase("addOnId");
        add_on.erase("addOnUuid");
        add_ons.push_back(json_text(add_on, -1));
      }
      std::sort(add_ons.begin(), add_ons.end());
      record["addOns"] = add_ons;
      auto text = json_text(record, 1);
      const auto keys = outbox.keys_of(asset.asset_id);
      for (const auto& key : *keys) {
        text += "\n" + describe(key);
      }
      all.insert(text);
    }
    for (const auto& file : store::test::files(store_)) {
      auto record = file_json(file, Shape::extended);
      record.erase("fileUuid");
      all.insert(json_text(record, 1));
    }
    return all;
  }

 private:
  store::test::Folder folder_;
  store::Store store_;
};

store::Observation without_units(store::Observation observation, std::size_t left) {
  observation.record.add_ons.resize(left);
  return observation;
}

store::Observation at_address(store::Observation observation, const std::string& address) {
  observation.record.interfaces.front().address = address;
  const auto port = observation.target.substr(observation.target.find(':'));
  observation.target = address + port;
  return observation;
}

/// Both orders must end in the same.
std::multiset<std::string> state_of_both(TestWalk& a, TestWalk& b) {
  Plant one;
  one.take(a);
  one.take(b);
  Plant other;
  other.take(b);
  other.take(a);
  CHECK(one.state() == other.state());
  return other.state();
}

std::size_t count_with(const std::multiset<std::string>& state, const std::string& text) {
  return static_cast<std::size_t>(std::count_if(state.begin(), state.end(), [&](const auto& item) {
    return item.find(text) != std::string::npos;
  }));
}

}  // namespace

TEST_CASE("a bundle brings its records with the times of the walk", "[bundle]") {
  TestWalk walk('a', 3);
  walk.observe(cj2m()).observe(meter("77")).import({.assets = {cpu("S1", "A1")}});
  Plant plant;
  const auto taken = plant.take(walk);
  CHECK(taken.applied == 4);
  CHECK(taken.known == 0);
  CHECK(taken.rejected.empty());
  CHECK(taken.sensor == "survey Linz 2024-01-03 aaaaaaaa");
  for (const auto& asset : store::test::assets(plant.store())) {
    CHECK(asset.last_updated == walk.at());
    CHECK(asset.created == walk.at());
    CHECK(asset.sensor == "laptop-7");
    for (const auto& sighting : asset.sightings) {
      CHECK(sighting.last_seen == walk.at());
    }
  }
  const auto sensors = store::Inbox(plant.store()).sensors();
  REQUIRE(sensors->size() == 1);
  CHECK(sensors->front().name == taken.sensor);
  CHECK(sensors->front().assets == 3);
}

TEST_CASE("the same bundle again changes nothing", "[bundle]") {
  TestWalk walk('a', 3);
  walk.observe(cj2m()).observe(meter("77"));
  Plant plant;
  plant.take(walk);
  const auto before = plant.state();
  const auto again = plant.take(walk);
  CHECK(again.applied == 0);
  CHECK(again.known == 2);
  CHECK(plant.state() == before);
}

TEST_CASE("a walk that was gone on with brings what is new in it", "[bundle]") {
  TestWalk walk('a', 3);
  walk.observe(cj2m());
  Plant plant;
  plant.take(walk);
  Plant first;
  first.take(walk);
  walk.observe(meter("77"));
  walk.manifest().ended += std::chrono::hours(1);
  const auto more = plant.take(walk);
  CHECK(more.applied == 1);
  CHECK(more.known == 1);
  CHECK(store::test::assets(plant.store()).size() == 2);
  CHECK(store::Inbox(plant.store()).sensors()->size() == 1);
}

TEST_CASE("more records than one delivery takes all arrive, and once", "[bundle]") {
  TestWalk walk('a', 3);
  std::vector<Asset> stations;
  for (int i = 0; i < 1203; ++i) {
    stations.push_back(cpu("S" + std::to_string(i), "A" + std::to_string(i)));
    stations.back().add_ons.clear();
  }
  walk.import({.assets = stations});
  Plant plant;
  CHECK(plant.take(walk).applied == 1204);
  CHECK(plant.take(walk).known == 1204);
  CHECK(store::test::assets(plant.store()).size() == 1203);
}

TEST_CASE("a record that is none is rejected alone", "[bundle]") {
  TestWalk walk('a', 3);
  walk.observe(meter("77"));
  const auto records =
      "{\"op\":\"what\"}\n" + walk.records() + "\n\nno JSON\n" + std::string(100'000, '[') + "\n";
  Plant plant;
  const auto taken = take_in(plant.store(), {.manifest = walk.manifest(),
                                             .records = records,
                                             .observations = "what\n[]\n{\"whole\":7}\n"});
  REQUIRE(taken.has_value());
  CHECK(taken->applied == 1);
  CHECK(taken->rejected.size() == 3);
}

TEST_CASE("modules are the same whichever bundle comes first", "[bundle]") {
  TestWalk a('a', 1);
  TestWalk b('b', 5);
  SECTION("a module is gone, another one swapped, and firmware changed") {
    auto later = without_units(cj2m(), 2);
    later.record.add_ons[1] = unit("35", "CJ1W-MAD42", Category::io);
    later.record.firmware_version = "2.10";
    a.observe(cj2m());
    b.observe(later);
    const auto state = state_of_both(a, b);
    CHECK(count_with(state, "CJ1W-ETN21") == 0);
    CHECK(count_with(state, "CJ1W-DAO21") == 0);
    CHECK(count_with(state, "CJ1W-MAD42") == 1);
    CHECK(count_with(state, "\"2.01\"") == 0);
  }
  SECTION("a module that the later walk did not hear of stays") {
    a.observe(cj2m());
    b.observe(without_units(cj2m(), 2), false);
    const auto state = state_of_both(a, b);
    CHECK(count_with(state, "CJ1W-ETN21") == 1);
  }
  SECTION("a module stays where only another protocol answered later") {
    a.observe(cj2m());
    b.observe(cj2m_port());
    CHECK(count_with(state_of_both(a, b), "CJ1W-DAO21") == 1);
  }
  SECTION("a module goes though the port's own protocol is silent later") {
    a.observe(cj2m()).observe(cj2m_port());
    b.observe(without_units(cj2m(), 2));
    CHECK(count_with(state_of_both(a, b), "CJ1W-ETN21") == 0);
  }
}

TEST_CASE("devices are the same whichever bundle comes first", "[bundle]") {
  TestWalk a('a', 1);
  TestWalk b('b', 5);
  SECTION("a device is gone and another one new") {
    a.observe(cj2m()).observe(meter("77"));
    b.observe(cj2m()).observe(at_address(meter("88"), "10.113.0.20"));
    CHECK(state_of_both(a, b).size() == 3);
  }
  SECTION("a device was exchanged at its address") {
    a.observe(meter("77"));
    b.observe(meter("88"));
    const auto state = state_of_both(a, b);
    CHECK(state.size() == 2);
    CHECK(count_with(state, "\naddress") == 1);
  }
  SECTION("two devices changed their addresses") {
    a.observe(meter("77")).observe(at_address(meter("88"), "10.113.0.20"));
    b.observe(meter("88")).observe(at_address(meter("77"), "10.113.0.20"));
    CHECK(state_of_both(a, b).size() == 2);
  }
  SECTION("a device is known by its address first, and by its serial number later") {
    a.observe(meter("")).observe(cj2m());
    b.observe(meter("77")).observe(cj2m());
    const auto state = state_of_both(a, b);
    CHECK(state.size() == 2);
    CHECK(count_with(state, "\nserial number acme 77") == 1);
  }
  SECTION("a device is known by its serial number first, and by its address later") {
    a.observe(meter("77"));
    b.observe(meter(""));
    CHECK(state_of_both(a, b).size() == 1);
  }
  SECTION("a device that is known by its MAC answers where another one was") {
    const auto known_by = [](const std::string& serial, const std::string& mac,
                             const std::string& address) {
      auto device = at_address(meter(serial), address);
      device.record.interfaces.front().mac_address = mac;
      return device;
    };
    a.observe(known_by("77", "", "10.113.0.11"));
    a.observe(known_by("", "00:50:c2:00:00:09", "10.113.0.12"));
    b.observe(known_by("", "00:50:c2:00:00:09", "10.113.0.11"));
    CHECK(state_of_both(a, b).size() == 2);
  }
  SECTION("what were two devices turns out to be one") {
    auto whole = meter("77");
    whole.record.interfaces.push_back(store::test::attachment("", "00:50:c2:00:00:09"));
    auto part = at_address(meter(""), "10.113.0.20");
    part.record.interfaces.push_back(store::test::attachment("", "00:50:c2:00:00:09"));
    a.observe(meter("77")).observe(part);
    b.observe(whole);
    state_of_both(a, b);
  }
}

TEST_CASE("what projects say is the same whichever bundle comes first", "[bundle]") {
  TestWalk a('a', 1);
  TestWalk b('b', 5);
  SECTION("a project file was replaced") {
    auto station = cpu("S1", "A1");
    auto later = station;
    later.add_ons.pop_back();
    later.add_ons.front() = store::test::module_at(4, "6ES7331-7KF02-0AB0");
    a.import({.content = "first", .assets = {station, cpu("S2", "A2")}});
    b.import({.content = "second", .assets = {later}});
    const auto state = state_of_both(a, b);
    CHECK(count_with(state, "module in slot 6") == 1);  // of the station that is not in it any more
    CHECK(count_with(state, "6ES7331-7KF02-0AB0") == 1);
  }
  SECTION("a project file speaks of the device in both") {
    auto station = cpu("S1", "A1");
    station.interfaces = {store::test::attachment("10.113.0.5")};
    a.import({.assets = {station}}).observe(cj2m());
    b.import({.assets = {station}}).observe(without_units(cj2m(), 1));
    const auto state = state_of_both(a, b);
    CHECK(count_with(state, "CJ1W-ETN21") == 0);
    CHECK(count_with(state, "module in slot 6") == 1);
  }
  SECTION("the later walk read no project files") {
    auto station = cpu("S1", "A1");
    station.interfaces = {store::test::attachment("10.113.0.5")};
    b.manifest().projects.clear();
    a.import({.assets = {station}}).observe(cj2m());
    b.observe(without_units(cj2m(), 1));
    const auto state = state_of_both(a, b);
    CHECK(count_with(state, R"(\"model\":\"CJ1W-ETN21)") == 0);
    CHECK(count_with(state, R"(\"model\":\"CJ2M-EIP21)") == 1);
    CHECK(count_with(state, "module in slot 6") == 1);
  }
  SECTION("a station was renamed in its project") {
    auto one = cpu("S1", "");
    auto other = cpu("S9", "");
    one.interfaces = other.interfaces = {store::test::attachment("10.113.0.7")};
    a.import({.assets = {one}});
    b.import({.content = "second", .assets = {other}});
    state_of_both(a, b);
  }
}

TEST_CASE("other units behind a gateway were asked: what was found first stays", "[bundle]") {
  TestWalk a('a', 1);
  TestWalk b('b', 5);
  a.manifest().legs.front().units = {"1-30"};
  auto gateway = meter("77");
  gateway.record.add_ons = {unit("5", "PM9", Category::io), unit("25", "PM8", Category::io)};
  a.observe(gateway);
  gateway.record.add_ons.pop_back();
  b.observe(gateway);
  SECTION("others") {
    b.manifest().legs.front().units = {"1-20"};
    CHECK(count_with(state_of_both(a, b), "PM8") == 1);
  }
  SECTION("the same") {
    b.manifest().legs.front().units = {"1-30"};
    CHECK(count_with(state_of_both(a, b), "PM8") == 0);
  }
}

TEST_CASE("areas with equal addresses stay apart", "[bundle]") {
  TestWalk a('a', 1);
  TestWalk b('b', 5);
  for (auto* walk : {&a, &b}) {
    for (const int number : {1, 2, 3}) {
      auto device = meter("");
      device.place = hall(number);
      walk->observe(device);
    }
  }
  const auto state = state_of_both(a, b);
  CHECK(state.size() == 3);
  CHECK(count_with(state, "\"area\": \"Hall 2\"") == 1);
}

TEST_CASE("what a store knows itself and what a walk found are one device", "[bundle]") {
  Plant plant;
  auto seen = meter("77", store::test::on_day(2));
  seen.place = hall();
  seen.record.firmware_version = "2.0";
  store::test::observe(plant.store(), seen);
  TestWalk walk('a', 1);
  auto earlier = at_address(meter("77"), "10.113.0.50");
  earlier.record.firmware_version = "1.0";
  walk.observe(earlier).import({.assets = {cpu("S1", "A1")}});
  store::test::import(plant.store(), {.path = "/mine.cfg", .assets = {cpu("S1", "A1")}});
  const auto before = store::test::assets(plant.store()).size();
  plant.take(walk);
  CHECK(store::test::assets(plant.store()).size() == before);
  const auto found = plant.store().find_assets("10.113.0.9");
  REQUIRE(found->size() == 1);
  CHECK(found->front().shown.record.firmware_version == "2.0");
  CHECK(found->front().sensor.empty());
}

TEST_CASE("a module that a walk found and that is not there any more is not shown", "[bundle]") {
  Plant plant;
  TestWalk walk('a', 1);
  walk.observe(cj2m());
  auto seen = without_units(cj2m(store::test::on_day(7)), 2);
  seen.place = hall();
  const bool walk_first = GENERATE(true, false);
  if (walk_first) {
    plant.take(walk);
  }
  store::test::observe(plant.store(), seen);
  if (!walk_first) {
    plant.take(walk);
  }
  CHECK(units_of(only_asset(plant.store())).size() == 2);
}

TEST_CASE("a bundle can be taken out again", "[bundle]") {
  TestWalk a('a', 1);
  TestWalk b('b', 5);
  a.observe(cj2m());
  b.observe(without_units(cj2m(), 1)).observe(meter("77"));
  Plant plant;
  plant.take(a);
  const auto before = plant.state();
  const auto sensor = plant.take(b).sensor;
  REQUIRE(store::Inbox(plant.store()).forget(sensor).has_value());
  REQUIRE(plant.store().commit().has_value());
  CHECK(units_of(only_asset(plant.store())).size() == 3);
  CHECK(before.size() == plant.state().size());
}

}  // namespace ot::agent::bundle::test
