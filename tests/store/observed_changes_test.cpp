#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

using Units = std::vector<std::string>;

/// What the journal says after the second observation.
std::vector<JournalEntry> after(const Observation& first, const Observation& second) {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, first);
  CHECK(store.journal()->empty());
  observe(store, second);
  CHECK(assets(store).size() == 1);
  return *store.journal();
}

Observation with_serials(Observation seen, const std::string& serial_number) {
  for (AddOn& add_on : seen.record.add_ons) {
    add_on.serial_number = serial_number + " of " + add_on.unit_address;
  }
  return seen;
}

}  // namespace

TEST_CASE("another model in a place is one swap, at the time of the observation",
          "[store][observe]") {
  Observation second = cj2m(on_day(9));
  second.record.add_ons[1].hardware.model = "CJ1W-DA041";
  const auto noted = after(cj2m(), second);
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].kind == "module.swapped");
  CHECK(noted[0].at == on_day(9));
  CHECK(noted[0].before == "unit 35: CJ1W-DAO21");
  CHECK(noted[0].after == "unit 35: CJ1W-DA041");
}

TEST_CASE("another serial number in a place is one swap with old and new", "[store][observe]") {
  const Observation first = with_serials(cj2m(), "old");
  Observation second = with_serials(cj2m(on_day(2)), "old");
  second.record.add_ons[2].serial_number = "new";
  // It came with other firmware: that is no change of the old one's.
  second.record.add_ons[2].firmware_version = "9.9";
  const auto noted = after(first, second);
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].kind == "module.swapped");
  CHECK(noted[0].before == "unit 18: CJ1W-ETN21, serial number old of 18");
  CHECK(noted[0].after == "unit 18: CJ1W-ETN21, serial number new");
}

TEST_CASE("another model of the CPU is a swap of the asset itself", "[store][observe]") {
  Observation second = cj2m(on_day(2));
  second.record.hardware.model = "CJ2M-CPU35";
  const auto noted = after(cj2m(), second);
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].kind == "module.swapped");
  CHECK(noted[0].after == "the asset itself: CJ2M-CPU35");
}

TEST_CASE("other firmware is noted with old and new", "[store][observe]") {
  Observation second = cj2m(on_day(2));
  second.record.firmware_version = "2.10";
  second.record.add_ons[0].firmware_version = "3.0";
  const auto noted = after(cj2m(), second);
  REQUIRE(noted.size() == 2);
  CHECK(noted[0].kind == "firmware.changed");
  CHECK(noted[0].before == "the asset itself: CJ2M-CPU33, firmware 2.01");
  CHECK(noted[0].after == "the asset itself: CJ2M-CPU33, firmware 2.10");
  CHECK(noted[1].before == "unit 16: CJ2M-EIP21, firmware 2.17");
  second.record.firmware_version.clear();
  second.record.add_ons[0].firmware_version.clear();
  CHECK(after(cj2m(), second).empty());
}

TEST_CASE("modules that a complete observation finds new or misses are noted", "[store][observe]") {
  Observation second = cj2m(on_day(2));
  second.record.add_ons[0] = unit("20", "CJ1W-SCU41", Category::communication);
  const auto noted = after(cj2m(), second);
  REQUIRE(noted.size() == 2);
  CHECK(noted[0].kind == "module.appeared");
  CHECK(noted[0].after == "unit 20: CJ1W-SCU41");
  CHECK(noted[1].kind == "module.vanished");
  CHECK(noted[1].before == "unit 16: CJ2M-EIP21");
}

TEST_CASE("an incomplete observation takes nothing away", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, cj2m());
  Observation part = cj2m(on_day(2));
  part.complete = false;
  part.record.firmware_version.clear();
  part.record.hardware.product_name.clear();
  part.record.add_ons = {unit("18", "CJ1W-ETN21", Category::communication, "1.57")};
  observe(store, part);
  const StoredAsset asset = only_asset(store);
  CHECK(units_of(asset) == std::vector<std::string>{"18", "35", "16"});
  CHECK(asset.shown.add_ons.front().record.firmware_version == "1.57");
  CHECK(asset.shown.record.firmware_version == "2.01");
  CHECK(asset.shown.record.hardware.product_name == "CJ2M CPU Unit");
  const auto noted = *store.journal();
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].kind == "firmware.changed");
}

TEST_CASE("units that were not asked stay as they were", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Observation first = cj2m();
  first.asked = Units{"16", "18", "35"};
  observe(store, first);
  Observation second = cj2m(on_day(2));
  second.record.add_ons = {unit("20", "CJ1W-SCU41", Category::communication)};
  SECTION("those that were asked and gave no answer are gone") {
    second.asked = Units{"18", "20"};
    observe(store, second);
    CHECK(units_of(only_asset(store)) == Units{"20", "35", "16"});
    const auto noted = *store.journal();
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].kind == "module.vanished");
    CHECK(noted[0].before == "unit 18: CJ1W-ETN21");
  }
  SECTION("none was asked") {
    second.asked = Units{};
    observe(store, second);
    CHECK(units_of(only_asset(store)).size() == 4);
    CHECK(store.journal()->empty());
  }
  SECTION("all were") {
    observe(store, second);
    CHECK(units_of(only_asset(store)) == Units{"20"});
  }
}

TEST_CASE("a unit that answers where nobody did before has appeared", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Observation first = cj2m();
  first.asked = Units{"16", "18", "35", "36"};
  observe(store, first);
  Observation second = cj2m(on_day(2));
  second.asked = Units{"20", "36"};
  second.record.add_ons = {unit("20", "CJ1W-SCU41", Category::communication),
                           unit("36", "CJ1W-DA041", Category::io)};
  SECTION("also on a bus") {
    Observation line = first;
    for (AddOn& add_on : line.record.add_ons) {
      add_on.bus = "Modbus";
    }
    Folder line_folder;
    auto other = open(line_folder.path("s.db"));
    observe(other, line);
    line.at = on_day(2);
    line.record.add_ons.push_back(unit("36", "PM5560", Category::io));
    line.record.add_ons.back().bus = "Modbus";
    observe(other, line);
    const auto noted = *other.journal();
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].kind == "module.appeared");
  }
  SECTION("and one that was never asked has not") {
    observe(store, second);
    const auto noted = *store.journal();
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].kind == "module.appeared");
    CHECK(noted[0].after == "unit 36: CJ1W-DA041");
    CHECK(units_of(only_asset(store)).size() == 5);
  }
  SECTION("unless the earlier answers broke off") {
    Folder other_folder;
    auto other = open(other_folder.path("s.db"));
    first.complete = false;
    observe(other, first);
    observe(other, second);
    CHECK(other.journal()->empty());
  }
  SECTION("also much later, when others were asked between") {
    Observation between = cj2m(on_day(2));
    between.asked = Units{"18"};
    between.record.add_ons = {between.record.add_ons[2]};
    observe(store, between);
    second.at = on_day(3);
    observe(store, second);
    CHECK(entries(store, "module.appeared").size() == 1);
  }
}

TEST_CASE("what the first complete observation adds to an incomplete one did not appear",
          "[store][observe]") {
  Observation part = cj2m();
  part.complete = false;
  part.record.add_ons.pop_back();
  CHECK(after(part, cj2m(on_day(2))).empty());
}

TEST_CASE("a swap that several observations tell is noted once", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const auto seen_by_both = [&store](const Observation& seen) {
    observe(store, seen);
    Observation second_port = seen;
    second_port.target = "10.113.0.5:9601";
    observe(store, second_port);
  };
  seen_by_both(cj2m());
  Observation changed = cj2m(on_day(2));
  changed.record.add_ons[1].hardware.model = "CJ1W-DA041";
  changed.record.add_ons[2].firmware_version = "1.57";
  changed.record.add_ons[0] = unit("20", "CJ1W-SCU41", Category::communication);
  seen_by_both(changed);
  CHECK(entries(store, "module.swapped").size() == 1);
  CHECK(entries(store, "firmware.changed").size() == 1);
  CHECK(entries(store, "module.appeared").size() == 1);
  CHECK(entries(store, "module.vanished").size() == 1);
  CHECK(units_of(only_asset(store)) == std::vector<std::string>{"20", "18", "35"});
}

TEST_CASE("what was seen before the change at another target hides no change", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, with_serials(cj2m(), "S1"));
  const auto seen_anew = [&store](const std::string& serial_number, int day) {
    Observation seen = cj2m(on_day(day));
    seen.target = "10.113.0.5:9601";
    seen.record.add_ons.back().serial_number = serial_number;
    observe(store, seen);
  };
  seen_anew("S1 of 18", 2);
  seen_anew("S2 of 18", 3);
  seen_anew("S1 of 18", 4);
  CHECK(only_asset(store).sightings.size() == 2);
  const auto noted = *store.journal();
  REQUIRE(noted.size() == 2);
  CHECK(noted[0].at == on_day(3));
  CHECK(noted[0].after == "unit 18: CJ1W-ETN21, serial number S2 of 18");
  CHECK(noted[1].at == on_day(4));
  CHECK(noted[1].after == "unit 18: CJ1W-ETN21, serial number S1 of 18");
}

TEST_CASE("a device's other protocol and a file's other modules are no changes",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { configured_at("10.113.0.5") }});
  observe(store, cj2m());
  observe(store, cj2m_port());
  CHECK(store.journal()->size() == 1);
  CHECK(entries(store, "file.imported").size() == 1);
}

TEST_CASE("a module that was swapped keeps its ids", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, cj2m());
  const auto before = only_asset(store);
  Observation changed = cj2m(on_day(2));
  changed.record.add_ons[1].hardware.model = "CJ1W-DA041";
  observe(store, changed);
  const auto now = only_asset(store);
  CHECK(now.last_updated == on_day(2));
  CHECK(now.created == on_day(1));
  REQUIRE(now.shown.add_ons.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(now.shown.add_ons[i].add_on_id == before.shown.add_ons[i].add_on_id);
    CHECK(now.shown.add_ons[i].add_on_uuid == before.shown.add_ons[i].add_on_uuid);
  }
}

}  // namespace ot::store::test
