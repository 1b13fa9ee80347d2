#include "agent/plant_report/rack_drawing.hpp"

#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;
using namespace ot::agent::plant_report;

namespace {

store::StoredAsset cpu(store::AssetId id, std::uint32_t rack, std::uint32_t slot) {
  store::StoredAsset asset;
  asset.asset_id = id;
  auto& record = asset.shown.record;
  record.name = "CPU " + std::to_string(slot);
  record.station = "AS01";
  record.order_id = "6ES7CPU" + std::to_string(slot);
  record.rack = rack;
  record.slot = slot;
  record.hardware.category = Category::plc;
  record.racks = {{rack, "6ES7RACK", "UR"}};
  return asset;
}

AddOn module(std::uint32_t rack, std::uint32_t slot, std::string name) {
  AddOn made;
  made.rack = rack;
  made.slot = slot;
  made.unit_address = std::to_string(slot);
  made.name = std::move(name);
  return made;
}

void add(store::StoredAsset& asset, const AddOn& add_on) {
  asset.shown.add_ons.push_back({1, {}, add_on});
}

std::vector<std::string> places_of(const std::vector<Module>& modules) {
  std::vector<std::string> places;
  for (const auto& one : modules) {
    places.push_back(one.place);
  }
  return places;
}

std::string drawn(const RackRow& rack) {
  std::string text;
  const Sink sink = [&text](std::string_view piece) { text += piece; };
  {
    Page page(sink);
    put_rack(page, rack);
  }
  return text;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("a station has its racks with modules in order of their slots", "[report]") {
  auto asset = cpu(1, 0, 3);
  add(asset, module(1, 4, "DI"));
  add(asset, module(0, 5, "CP"));
  add(asset, module(0, 1, "PS"));
  auto part = module(0, 3, "IF");
  part.subslot = 1;
  add(asset, part);

  const std::vector assets = {asset};
  const auto stations = stations_of(assets);
  REQUIRE(stations.size() == 1);
  CHECK(stations[0].name == "AS01");
  REQUIRE(stations[0].racks.size() == 2);
  CHECK(places_of(stations[0].racks[0].modules) == std::vector<std::string>{"1", "3", "5"});
  CHECK(places_of(stations[0].racks[0].modules[1].parts) == std::vector<std::string>{"3.1"});
  CHECK(places_of(stations[0].racks[1].modules) == std::vector<std::string>{"4"});
  CHECK(stations[0].modules() == 5);
}

TEST_CASE("two CPUs that list each other are drawn once each", "[report]") {
  auto one = cpu(1, 0, 3);
  auto two = cpu(2, 0, 4);
  auto other = module(0, 4, "CPU 4");
  other.order_id = "6ES7CPU4";
  add(one, other);
  const std::vector assets = {one, two};
  const auto stations = stations_of(assets);
  REQUIRE(stations.size() == 1);
  CHECK(places_of(stations[0].racks[0].modules) == std::vector<std::string>{"3", "4"});
}

TEST_CASE("equal stations of two areas stay apart", "[report]") {
  auto one = cpu(1, 0, 3);
  auto two = cpu(2, 0, 3);
  two.area = "Hall 2";
  const std::vector assets = {one, two};
  CHECK(stations_of(assets).size() == 2);
}

TEST_CASE("missing slot numbers are empty slots, a long run is one place", "[report]") {
  auto asset = cpu(1, 0, 2);
  add(asset, module(0, 5, "DI"));
  add(asset, module(0, 4'000'000'000U, "far"));
  const std::vector assets = {asset};
  const auto text = drawn(stations_of(assets)[0].racks[0]);
  CHECK(count(text, "<use href=#tE />") == 3);  // 3, 4, and all from 6 on
  CHECK(text.find("slot 6\u20133999999999: no module known") != std::string::npos);
}

TEST_CASE("a chassis is drawn with all slots that it says it has", "[report]") {
  store::StoredAsset asset;
  asset.asset_id = 1;
  asset.shown.record.slot = 0;
  asset.shown.record.details = {{"chassisSlots", "4", Confidence::confirmed}};
  const std::vector assets = {asset};
  CHECK(count(drawn(stations_of(assets)[0].racks[0]), "<use href=#tE />") == 3);
}

TEST_CASE("units of FINS are named as Omron counts them, without empty slots", "[report]") {
  store::StoredAsset asset;
  asset.asset_id = 1;
  asset.shown.record.name = "CJ2M";
  asset.sightings = {{"fins", "10.0.0.1:9600", "10.0.0.1", {}, {}}};
  for (const auto* unit : {"35", "16"}) {
    AddOn add_on;
    add_on.unit_address = unit;
    add_on.origin = Origin::observed;
    add(asset, add_on);
  }
  const std::vector assets = {asset};
  const auto stations = stations_of(assets);
  const auto& modules = stations[0].racks[0].modules;
  REQUIRE(modules.size() == 3);
  CHECK(modules[0].where == "device");
  CHECK(modules[1].where == "CPU bus unit 0 (unit 16)");
  CHECK(modules[2].where == "special I/O unit 3 (unit 35)");
  CHECK(modules[1].from == From::device);
  CHECK(count(drawn(stations[0].racks[0]), "#tE") == 0);
}

TEST_CASE("slaves and PROFINET devices hang on their bus", "[report]") {
  auto asset = cpu(1, 0, 3);
  AddOn head;
  head.bus = "DPSUBSYSTEM 1";
  head.slave_address = 5;
  head.name = "ET 200M";
  add(asset, head);
  head.slot = 4;
  head.name = "DI16";
  add(asset, head);
  store::StoredAsset device;
  device.asset_id = 2;
  device.shown.record.name = "et200sp";
  device.shown.record.station = "AS01";
  device.shown.record.bus = "IOSUBSYSTEM 100";
  device.shown.record.device_number = 2;
  const std::vector assets = {asset, device};
  const auto stations = stations_of(assets);
  REQUIRE(stations.size() == 1);
  REQUIRE(stations[0].buses.size() == 2);
  CHECK(stations[0].buses[0].title == "PROFIBUS DPSUBSYSTEM 1");
  CHECK(stations[0].buses[0].members[0].head.name == "ET 200M");
  CHECK(places_of(stations[0].buses[0].members[0].modules) == std::vector<std::string>{"4"});
  CHECK(stations[0].buses[1].members[0].where == "device 2");
}

TEST_CASE("what file and device both say is of both, and what differs is marked", "[report]") {
  auto asset = cpu(1, 0, 3);
  asset.sightings = {{"enip", "10.0.0.1:44818", "10.0.0.1", {}, {}}};
  auto planned = module(0, 5, "CP");
  planned.firmware_version = "V1.0";
  auto real = planned;
  real.firmware_version = "V2.0";
  real.origin = Origin::observed;
  add(asset, real);
  asset.sides.emplace();
  asset.sides->configured.add_ons = {planned};
  asset.sides->observed.add_ons = {real};
  const std::vector assets = {asset};
  const auto stations = stations_of(assets);
  const auto& drawn_module = stations[0].racks[0].modules[1];
  CHECK(drawn_module.from == From::both);
  CHECK(drawn_module.differences ==
        std::vector<std::string>{"rack 0, slot 5: firmware \"V2.0\", in the project \"V1.0\""});
  CHECK(drawn(stations[0].racks[0]).find("\u2260 differs") != std::string::npos);
}
