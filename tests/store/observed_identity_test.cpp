#include <algorithm>

#include "store/keys.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

bool has_key(const Observation& seen, KeyKind kind) {
  const auto keys = keys_of(seen);
  return std::any_of(keys.begin(), keys.end(), [kind](const Key& key) { return key.kind == kind; });
}

Observation elsewhere(Observation seen, const std::string& address) {
  seen.record.interfaces = {attachment(address)};
  seen.target = address + ":502";
  return seen;
}

Observation on_line(const std::string& line, const std::string& site = "") {
  Observation seen = meter("");
  seen.record.interfaces.clear();
  seen.target = line;
  seen.place.site = site;
  return seen;
}

/// How many assets the two are.
std::size_t assets_of_both(const Observation& a, const Observation& b) {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const AssetId first = observe(store, a);
  return observe(store, b) == first ? 1 : 2;
}

}  // namespace

TEST_CASE("devices are told apart by serial number, MAC, chassis and address", "[store][observe]") {
  CHECK(assets_of_both(meter(""), meter("")) == 1);
  CHECK(assets_of_both(meter("M1"), elsewhere(meter("M1"), "10.113.0.10")) == 1);
  CHECK(assets_of_both(meter(""), elsewhere(meter(""), "10.113.0.10")) == 2);
  CHECK(assets_of_both(meter("M1"), meter("M2")) == 2);
  Observation chassis = meter("");
  chassis.chassis_serial = "0x001b2ab1";
  CHECK(assets_of_both(chassis, elsewhere(chassis, "10.113.0.10")) == 1);
  Observation other_area = meter("");
  other_area.place.area = "packing";
  CHECK(assets_of_both(meter(""), other_area) == 2);
  Observation mac = meter("");
  mac.record.interfaces = {attachment("10.113.0.9", "00:00:0a:c5:5b:1c")};
  Observation moved = mac;
  moved.record.interfaces = {attachment("10.113.0.10", "00:00:0a:c5:5b:1c")};
  CHECK(assets_of_both(mac, moved) == 1);
}

TEST_CASE("a serial number that nobody wrote tells nothing", "[store][observe]") {
  for (const std::string serial : {"", "0", "0x00000000", "0xFFFFFFFF"}) {
    CHECK_FALSE(has_key(meter(serial), KeyKind::serial));
    Observation chassis = meter("");
    chassis.chassis_serial = serial;
    CHECK_FALSE(has_key(chassis, KeyKind::chassis));
  }
  CHECK(has_key(meter("0x00991222"), KeyKind::serial));
}

TEST_CASE("the serial number of a part tells no asset apart", "[store][observe]") {
  Observation part = meter("M1");
  part.of_part = true;
  CHECK_FALSE(has_key(part, KeyKind::serial));
  CHECK(has_key(part, KeyKind::address));
  part.chassis_serial = "0x001b2ab1";
  CHECK(has_key(part, KeyKind::chassis));
  part.record.interfaces = {attachment("10.113.0.9", "00:00:0a:c5:5b:1c")};
  CHECK(has_key(part, KeyKind::mac));
  Observation other = part;
  other.record.serial_number = "M2";
  CHECK(assets_of_both(part, other) == 1);
  CHECK(assets_of_both(meter("M2"), part) == 1);
}

TEST_CASE("devices with a spare unit at the same default address are told apart for good",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Observation first = elsewhere(meter(""), "10.113.0.5");
  Observation second = elsewhere(meter(""), "10.113.0.6");
  SECTION("by their addresses") {}
  SECTION("by their serial numbers") {
    first.record.serial_number = "M1";
    second.record.serial_number = "M2";
  }
  for (Observation* seen : {&first, &second}) {
    seen->record.interfaces.push_back(attachment("192.168.250.1"));
  }
  for (int day = 1; day <= 3; ++day) {
    first.at = second.at = on_day(day);
    observe(store, first);
    observe(store, second);
  }
  CHECK(assets(store).size() == 2);
  CHECK(store.find_assets("10.113.0.5")->size() == 1);
  CHECK(store.journal()->empty());
}

TEST_CASE("a device on a serial line is known by its line", "[store][observe]") {
  CHECK(assets_of_both(on_line("/dev/ttyS0"), on_line("/dev/ttyS0")) == 1);
  CHECK(assets_of_both(on_line("/dev/ttyS0"), on_line("/dev/ttyS1")) == 2);
  CHECK(assets_of_both(on_line("/dev/ttyS0"), on_line("/dev/ttyS0", "Ulm")) == 2);
  CHECK_FALSE(has_key(meter(""), KeyKind::position));
}

TEST_CASE("another serial number at an address is another asset, and the address moves to it",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const AssetId first = observe(store, meter("M1"));
  const AssetId second = observe(store, meter("M2", on_day(2)));
  CHECK(first != second);
  CHECK(only_asset(store).asset_id == second);
  CHECK(entries(store, "asset.unsupported").size() == 1);
  const auto noted = entries(store, "asset.conflict");
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].at == on_day(2));
  CHECK(noted[0].before == store.find_assets(std::to_string(first))->front().asset_uuid.text());
  CHECK(noted[0].subject == store.find_assets(std::to_string(second))->front().asset_uuid.text());
  CHECK(entries(store, "module.").empty());
  SECTION("who says no serial number there is the new one") {
    CHECK(observe(store, meter("", on_day(3))) == second);
    CHECK(entries(store, "asset.conflict").size() == 1);
  }
  SECTION("put back, the first one is known by its serial number and has the address again") {
    CHECK(observe(store, meter("M1", on_day(3))) == first);
    CHECK(entries(store, "asset.conflict").size() == 2);
    CHECK(observe(store, meter("", on_day(4))) == first);
    CHECK(observe(store, meter("M1", on_day(5))) == first);
    CHECK(entries(store, "asset.conflict").size() == 2);
    CHECK(only_asset(store).asset_id == first);
    CHECK(entries(store, "asset.returned").size() == 1);
  }
  SECTION("what is told late of the first one ends nothing") {
    Observation late = meter("M1", on_day(1));
    CHECK(observe(store, late) == first);
    CHECK(assets(store).size() == 2);
  }
}

TEST_CASE("a device that another one took the place of is known by what else speaks for it",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  SECTION("a file") {
    Asset planned = configured_at("10.113.0.9");
    import(store, {.path = "/a/1.cfg", .assets = { planned }});
    const AssetId first = observe(store, meter("M1"));
    REQUIRE(only_asset(store).configured);
    observe(store, meter("M2", on_day(2)));
    const auto left = *store.find_asset(first);
    REQUIRE(left);
    CHECK_FALSE(left->observed());
    CHECK(left->shown.path == "/a/1.cfg");
    CHECK(left->shown.record.serial_number.empty());
    CHECK(left->last_updated == on_day(2));
    CHECK(assets(store).size() == 2);
    CHECK(entries(store, "asset.unsupported").empty());
    CHECK(observe(store, meter("M1", on_day(3))) == first);
    CHECK((*store.find_asset(first))->observed());
  }
  SECTION("another target") {
    const AssetId first = observe(store, meter("M1"));
    observe(store, elsewhere(meter("M1"), "10.113.0.10"));
    observe(store, meter("M2", on_day(2)));
    const auto left = *store.find_asset(first);
    REQUIRE(left);
    REQUIRE(left->sightings.size() == 1);
    CHECK(left->sightings.front().address == "10.113.0.10");
    CHECK(assets(store).size() == 2);
  }
  SECTION("nothing: its modules keep their ids for its return") {
    Observation rack = cj2m();
    rack.record.serial_number = "A1";
    const AssetId first = observe(store, rack);
    const auto before = only_asset(store).shown.add_ons;
    Observation other = cj2m(on_day(2));
    other.record.serial_number = "A2";
    observe(store, other);
    CHECK(only_asset(store).asset_id != first);
    rack.at = on_day(3);
    CHECK(observe(store, rack) == first);
    const auto after = only_asset(store).shown.add_ons;
    REQUIRE(after.size() == before.size());
    for (std::size_t i = 0; i < after.size(); ++i) {
      CHECK(after[i].add_on_id == before[i].add_on_id);
    }
  }
}

TEST_CASE("who does not say where a device stands leaves it where it was", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Observation there = meter("M1");
  there.place = {.site = "Ulm", .area = "2"};
  const AssetId id = observe(store, there);
  CHECK(observe(store, meter("M1", on_day(2))) == id);
  CHECK(only_asset(store).site == "Ulm");
  CHECK(only_asset(store).area == "2");
  CHECK(only_asset(store).sightings.size() == 1);
  there.place = {.site = "Ulm", .area = "3"};
  there.at = on_day(3);
  CHECK(observe(store, there) == id);
  CHECK(only_asset(store).area == "3");
}

TEST_CASE("an asset keeps its UUID when a stronger key is learnt", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, meter(""));
  const Uuid uuid = only_asset(store).asset_uuid;
  observe(store, meter("M1", on_day(2)));
  CHECK(only_asset(store).asset_uuid == uuid);
  observe(store, elsewhere(meter("M1", on_day(3)), "10.113.0.10"));
  CHECK(only_asset(store).asset_uuid == uuid);
  CHECK(only_asset(store).sightings.size() == 2);
}

TEST_CASE("a device and one file join by the address alone, two files never", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  SECTION("the device first") {
    observe(store, meter(""));
    import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.9", "S1") }});
    CHECK(assets(store).size() == 1);
    import(store, {.path = "/b/2.cfg", .assets = { configured_at("10.113.0.9", "S2") }});
  }
  SECTION("the device in between") {
    import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.9", "S1") }});
    observe(store, meter(""));
    CHECK(assets(store).size() == 1);
    import(store, {.path = "/b/2.cfg", .assets = { configured_at("10.113.0.9", "S2") }});
  }
  SECTION("the device last") {
    import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.9", "S1") }});
    import(store, {.path = "/b/2.cfg", .assets = { configured_at("10.113.0.9", "S2") }});
    observe(store, meter(""));
  }
  const auto all = assets(store, sorted_by("assetId"));
  REQUIRE(all.size() == 2);
  CHECK(all[0].observed());
  CHECK(all[0].configured);
  CHECK_FALSE(all[1].observed());
}

TEST_CASE("a file takes the place of one that is gone at a device's address", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.9", "S1") }});
  observe(store, meter(""));
  gone(store, "/a/1.cfg");
  import(store, {.path = "/b/2.cfg", .assets = { configured_at("10.113.0.9", "S2") }});
  CHECK(only_asset(store).configured);
}

TEST_CASE("two records of one file are never the same device", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, meter(""));
  import(store, {.assets = {
           configured_at("10.113.0.9", "S1"),
           configured_at("10.113.0.9", "S2")
         }});
  CHECK(assets(store).size() == 2);
}

TEST_CASE("a file and a device with other serial numbers at one address are two assets",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset configured = configured_at("10.113.0.9");
  configured.hardware.vendor = "Acme";
  configured.serial_number = "M2";
  SECTION("the device first") {
    observe(store, meter("M1"));
    import(store, {.assets = { configured }});
  }
  SECTION("the file first") {
    import(store, {.assets = { configured }});
    observe(store, meter("M1"));
  }
  CHECK(assets(store).size() == 2);
  CHECK(entries(store, "asset.conflict").size() == 1);
}

}  // namespace ot::store::test
