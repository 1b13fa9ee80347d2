#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

using Units = std::vector<std::string>;

AddOn unit_of(const StoredAsset& asset, const std::string& address) {
  for (const StoredAddOn& add_on : asset.shown.add_ons) {
    if (add_on.record.unit_address == address) {
      return add_on.record;
    }
  }
  FAIL("no unit " + address);
  return asset.shown.add_ons.front().record;
}

}  // namespace

TEST_CASE("an observed device is in the list with what it said and where", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const AssetId id = observe(store, cj2m());
  const StoredAsset asset = only_asset(store);
  CHECK(asset.asset_id == id);
  CHECK(asset.observed());
  CHECK_FALSE(asset.configured);
  CHECK(asset.created == on_day(1));
  CHECK(asset.last_updated == on_day(1));
  CHECK(asset.shown.file_id == 0);
  CHECK(asset.shown.path.empty());
  CHECK(asset.shown.record.hardware.model == "CJ2M-CPU33");
  CHECK(asset.shown.record.origin == Origin::observed);
  CHECK(asset.sightings == std::vector<Sighting>{{.protocol = "fins",
                                                  .target = "10.113.0.5:9600",
                                                  .address = "10.113.0.5",
                                                  .first_seen = on_day(1),
                                                  .last_seen = on_day(1)}});
  CHECK(store.counts()->assets == 1);
  CHECK(store.counts()->add_ons == 3);
  CHECK(store.counts()->files == 0);
  CHECK(*store.count_assets() == 1);
  CHECK(store.find_assets("10.113.0.5")->size() == 1);
  CHECK(assets(store, sorted_by("hardware.model")).size() == 1);
  CHECK(store.journal()->empty());
}

TEST_CASE("the sample's rack is listed in the sample's order when seen in the order 16, 35, 18",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  SECTION("as it was") {
    observe(store, cj2m());
    CHECK(units_of(only_asset(store)) == Units{"18", "35", "16"});
  }
  SECTION("the order of the unit addresses gives another list") {
    Observation seen = cj2m();
    std::swap(seen.record.add_ons[1], seen.record.add_ons[2]);
    observe(store, seen);
    CHECK(units_of(only_asset(store)) == Units{"35", "18", "16"});
  }
}

TEST_CASE("seeing the same again changes only when it was seen last", "[store][observe]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto store = open(path);
  import(store, {.assets = { configured_at("10.113.0.5") }});
  observe(store, cj2m());
  observe(store, cj2m_port());
  const auto before = dump(path, {"observations", "changes"});
  SECTION("in the same order") {
    observe(store, cj2m(on_day(2)));
  }
  SECTION("in another order") {
    Observation again = cj2m(on_day(2));
    std::swap(again.record.add_ons[0], again.record.add_ons[2]);
    observe(store, again);
  }
  SECTION("incompletely") {
    Observation again = cj2m(on_day(2));
    again.record.add_ons.clear();
    again.complete = false;
    observe(store, again);
  }
  CHECK(dump(path, {"observations", "changes"}) == before);
  const auto sighting = only_asset(store).sightings.front();
  CHECK(sighting.first_seen == on_day(1));
  CHECK(sighting.last_seen == on_day(2));
}

TEST_CASE("the same again writes one row", "[store][observe]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = open(path);
    observe(store, cj2m());
  }
  {
    auto raw = Database::open(path, Database::Access::read_write);
    REQUIRE(raw.has_value());
    for (const std::string table : {"assets", "asset_facts", "add_ons", "asset_keys", "journal",
                                    "meta", "configured_views", "asset_uuids"}) {
      for (const std::string what : {"INSERT", "UPDATE", "DELETE"}) {
        REQUIRE(raw->execute("CREATE TRIGGER stop_" + what + table + " BEFORE " + what + " ON " +
                             table + " BEGIN SELECT raise(ABORT, '" + what + table + "'); END")
                    .has_value());
      }
    }
  }
  auto store = open(path);
  observe(store, cj2m(on_day(2)));
  CHECK(only_asset(store).sightings.front().last_seen == on_day(2));
}

TEST_CASE("an observation that comes late changes only when it was seen first",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, cj2m(on_day(5)));
  Observation late = cj2m(on_day(3));
  late.record.firmware_version = "1.0";
  observe(store, late);
  const StoredAsset asset = only_asset(store);
  CHECK(asset.shown.record.firmware_version == "2.01");
  CHECK(asset.sightings.front().first_seen == on_day(3));
  CHECK(asset.sightings.front().last_seen == on_day(5));
  CHECK(store.journal()->empty());
}

TEST_CASE("FINS tells what the PLC is, and its Ethernet port gives its serial number to its unit",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  SECTION("FINS first") {
    observe(store, cj2m());
    observe(store, cj2m_port(on_day(2)));
  }
  SECTION("EtherNet/IP first") {
    observe(store, cj2m_port(on_day(2)));
    observe(store, cj2m());
  }
  const StoredAsset asset = only_asset(store);
  CHECK(asset.shown.record.hardware.model == "CJ2M-CPU33");
  CHECK(asset.shown.record.hardware.category == Category::plc);
  CHECK(asset.shown.record.firmware_version == "2.01");
  CHECK(asset.shown.record.serial_number.empty());
  CHECK(unit_of(asset, "16").serial_number == "0x00991222");
  CHECK(unit_of(asset, "18").serial_number.empty());
  REQUIRE(asset.sightings.size() == 2);
  CHECK(asset.sightings[0].protocol == "fins");
  CHECK(asset.sightings[1].protocol == "enip");
  CHECK(asset.shown.record.interfaces.size() == 1);
  CHECK(store.journal()->empty());
}

TEST_CASE("details of another model are not the asset's", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Detail mode{"mode", "run", {}};
  const Detail device_type{"deviceType", "12", {}};
  const Detail comment{"comment", "behind the door", {}};
  Observation whole = cj2m();
  whole.record.details = {mode};
  Observation port = cj2m_port();
  port.record.details = {device_type};
  std::vector<Detail> expected = {mode};
  SECTION("of the Ethernet port") {}
  SECTION("of who names no model") {
    port.record.hardware.model.clear();
  }
  SECTION("but those of the same model are") {
    port.record.hardware.model = "cj2m-cpu33";
    expected = {mode, device_type};
  }
  SECTION("and those that add to no model at all") {
    whole.record.hardware.model.clear();
    expected = {mode, device_type};
  }
  observe(store, whole);
  observe(store, port);
  CHECK(only_asset(store).shown.record.details == expected);
  Asset configured = configured_at("10.113.0.5");
  configured.details = {comment};
  import(store, {.assets = { configured }});
  expected.push_back(comment);
  CHECK(only_asset(store).shown.record.details == expected);
}

TEST_CASE("an incomplete view of a module at a known chassis changes only when it was seen last",
          "[store][observe]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto store = open(path);
  Observation chassis = meter("M1");
  chassis.chassis_serial = "0x001b2ab1";
  chassis.record.add_ons = {unit("0", "PM1", Category::plc), unit("1", "EN2T", Category::io)};
  observe(store, chassis);
  const auto before = dump(path, {"observations", "changes"});
  Observation part = meter("E7", on_day(2));
  part.chassis_serial = chassis.chassis_serial;
  part.record.hardware.model = "EN2T";
  part.of_part = true;
  part.complete = false;
  observe(store, part);
  CHECK(dump(path, {"observations", "changes"}) == before);
  const StoredAsset asset = only_asset(store);
  CHECK(asset.sightings.front().first_seen == on_day(1));
  CHECK(asset.sightings.front().last_seen == on_day(2));
  CHECK(asset.shown.record.serial_number == "M1");
  CHECK(store.journal()->empty());
  SECTION("what comes late still tells when it was seen first") {
    Observation late = part;
    late.at = on_day(1) - std::chrono::hours(1);
    observe(store, late);
    CHECK(only_asset(store).sightings.front().first_seen == late.at);
    CHECK(only_asset(store).sightings.front().last_seen == on_day(2));
  }
  SECTION("at a target that is new it is an observation of its own") {
    part.target = "10.113.0.9:503";
    observe(store, part);
    CHECK(only_asset(store).sightings.size() == 2);
    CHECK(only_asset(store).shown.record.hardware.model == "EN2T");
  }
}

TEST_CASE("a file and a device at one address are one asset, and both stay readable",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset configured = configured_at("10.113.0.5");
  configured.racks = {{0, "6ES7400-1TA01-0AA0", "UR1"}};
  Uuid first;
  SECTION("the file first") {
    import(store, {.path = "/a/1.cfg", .assets = { configured }});
    first = only_asset(store).asset_uuid;
    observe(store, cj2m());
  }
  SECTION("the device first") {
    observe(store, cj2m());
    first = only_asset(store).asset_uuid;
    import(store, {.path = "/a/1.cfg", .assets = { configured }});
  }
  const StoredAsset asset = only_asset(store);
  CHECK(asset.asset_uuid == first);
  CHECK(asset.configured);
  CHECK(asset.observed());
  CHECK(asset.shown.path == "/a/1.cfg");
  CHECK(asset.shown.record.hardware.vendor == "Omron");
  CHECK(asset.shown.record.order_id.empty());
  CHECK(asset.shown.record.station == "S1");
  CHECK(asset.shown.record.name == "CPU of S1");
  CHECK(asset.shown.record.racks.size() == 1);
  CHECK(asset.shown.add_ons.size() == 6);
  CHECK(store.counts()->add_ons == 6);
  CHECK(entries(store, "module.").empty());
  CHECK(entries(store, "asset.").empty());
  const auto sources = store.sources_of(asset.asset_id);
  REQUIRE(sources->size() == 2);
  CHECK((*sources)[0].sighting->protocol == "fins");
  CHECK((*sources)[0].add_ons.size() == 3);
  CHECK((*sources)[1].path == "/a/1.cfg");
  CHECK((*sources)[1].record == [&] {
    Asset facts = configured;
    facts.add_ons.clear();
    return facts;
  }());
}

TEST_CASE("a configured fact stays where the device that agrees says nothing", "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset configured = configured_at("10.113.0.9");
  configured.hardware.vendor = "Acme";
  configured.order_id = "PM1";
  configured.firmware_version = "1.0";
  configured.details = {{"comment", "behind the door", {}}, {"phase", "L1", {}}};
  configured.interfaces[0].subnet_mask = "255.255.255.0";
  import(store, {.assets = { configured }});
  Observation seen = meter("M1");
  seen.record.details = {{"phase", "L2", {}}};
  observe(store, seen);
  const Asset record = only_asset(store).shown.record;
  CHECK(record.serial_number == "M1");
  CHECK(record.order_id == "PM1");
  CHECK(record.firmware_version == "1.0");
  CHECK(record.details ==
        std::vector<Detail>{{"phase", "L2", {}}, {"comment", "behind the door", {}}});
  REQUIRE(record.interfaces.size() == 1);
  CHECK(record.interfaces[0].subnet_mask == "255.255.255.0");
}

TEST_CASE("an add-on keeps its ids across files and observations by its place",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset configured = configured_at("10.113.0.5");
  AddOn planned = unit("18", "", Category::communication);
  planned.name = "Ethernet to the packer";
  planned.hardware = {};
  planned.origin = Origin::configured;
  configured.add_ons = {planned};
  SECTION("the file first") {
    import(store, {.assets = { configured }});
    const auto before = only_asset(store).shown.add_ons.front();
    observe(store, cj2m());
    const auto after = only_asset(store).shown.add_ons.back();
    CHECK(after.add_on_id == before.add_on_id);
    CHECK(after.add_on_uuid == before.add_on_uuid);
  }
  SECTION("the device first") {
    observe(store, cj2m());
    const auto before = only_asset(store).shown.add_ons;
    import(store, {.assets = { configured }});
    const auto after = only_asset(store).shown.add_ons;
    REQUIRE(after.size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(after[i].add_on_id == before[i].add_on_id);
      CHECK(after[i].add_on_uuid == before[i].add_on_uuid);
    }
  }
  const AddOn shown = unit_of(only_asset(store), "18");
  CHECK(shown.name == "Ethernet to the packer");
  CHECK(shown.hardware.model == "CJ1W-ETN21");
  CHECK(shown.origin == Origin::observed);
}

TEST_CASE("an asset stays in the list as long as a file or a device speaks for it",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.5") }});
  observe(store, cj2m());
  gone(store, "/a/1.cfg");
  {
    const StoredAsset asset = only_asset(store);
    CHECK_FALSE(asset.configured);
    CHECK(asset.shown.path.empty());
    CHECK(asset.shown.add_ons.size() == 3);
    CHECK(asset.shown.record.station.empty());
    CHECK(store.sources_of(asset.asset_id)->size() == 1);
  }
  CHECK(entries(store, "asset.").empty());
  import(store, {.path = "/a/1.cfg", .content = "b", .assets = { configured_at("10.113.0.5") }});
  CHECK(only_asset(store).configured);
  CHECK(only_asset(store).shown.add_ons.size() == 6);
  CHECK(entries(store, "module.").empty());
}

TEST_CASE("an asset that left the list with its files returns when it is seen",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.5") }});
  const auto before = only_asset(store);
  gone(store, "/a/1.cfg");
  CHECK(assets(store).empty());
  observe(store, cj2m());
  CHECK(only_asset(store).asset_uuid == before.asset_uuid);
  const auto noted = entries(store, "asset.returned");
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].after == "CPU of S1");
  CHECK(noted[0].at == on_day(1));
  Asset other = configured_at("10.113.0.5");
  other.add_ons[1].order_id = "6ES7322-1BL00-0AA0";
  import(store, {.path = "/a/1.cfg", .content = "b", .assets = { other }});
  CHECK(entries(store, "module.swapped").size() == 1);
  CHECK(only_asset(store).shown.add_ons.back().add_on_id == before.shown.add_ons.back().add_on_id);
}

TEST_CASE("what files say otherwise is noted as before while a device speaks for the asset",
          "[store][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Asset first = configured_at("10.113.0.5");
  Asset second = first;
  second.order_id = "6ES7414-3XM05-0AB0";
  second.add_ons[1].order_id = "6ES7322-1BL00-0AA0";
  second.add_ons.pop_back();
  const auto change = [&store, &second] {
    import(store, {.content = "second", .assets = { second }});
  };
  SECTION("observed before the first file") {
    observe(store, cj2m());
    import(store, {.assets = { first }});
    change();
  }
  SECTION("observed between the two") {
    import(store, {.assets = { first }});
    observe(store, cj2m());
    change();
  }
  SECTION("observed, and the file failed meanwhile") {
    import(store, {.assets = { first }});
    observe(store, cj2m());
    import(store, {.content = "bad", .error = Error(Errc::malformed, "cut off")});
    CHECK(only_asset(store).configured);
    change();
  }
  SECTION("observed, and read again by a better parser meanwhile") {
    import(store, {.assets = { first }});
    observe(store, cj2m());
    Asset better = first;
    better.details = {{"comment", "x", {}}};
    import(store, {.assets = {better}, .parser = "step7 2"});
    CHECK(only_asset(store).shown.record.details.size() == 1);
    change();
  }
  const auto swapped = entries(store, "module.swapped");
  REQUIRE(swapped.size() == 2);
  CHECK(swapped[0].before == "the asset itself: 6ES7412-3HJ14-0AB0");
  CHECK(swapped[0].after == "the asset itself: 6ES7414-3XM05-0AB0");
  CHECK(swapped[1].after == "unit 5, rack 0, slot 5: 6ES7322-1BL00-0AA0");
  CHECK(entries(store, "module.").size() == 3);
  CHECK(only_asset(store).shown.record.hardware.model == "CJ2M-CPU33");
  CHECK(only_asset(store).shown.add_ons.size() == 5);
}

TEST_CASE("an observation in a batch that is not committed leaves nothing", "[store][observe]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = open(path);
    REQUIRE(store.observe(cj2m()).has_value());
  }
  auto store = open(path);
  CHECK(assets(store).empty());
}

}  // namespace ot::store::test
