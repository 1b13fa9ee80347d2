#include <algorithm>

#include "store/keys.hpp"
#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

Asset with_mac(const std::string& station, const std::string& project_id, const std::string& mac) {
  Asset asset = cpu(station, project_id);
  asset.interfaces = {attachment("", mac)};
  return asset;
}

Asset with_serial(const std::string& station, const std::string& serial_number) {
  Asset asset = cpu(station, "");
  asset.serial_number = serial_number;
  return asset;
}

Asset with_address(const std::string& station, const std::string& address) {
  Asset asset = cpu(station, "");
  asset.interfaces = {attachment(address)};
  return asset;
}

/// The number of assets after importing the records from files in two folders.
std::size_t assets_of_two(const Asset& a, const Asset& b, const Place& place_b = {}) {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { a }});
  import(store, {.path = "/b/2.cfg", .assets = {b}, .place = place_b});
  return assets(store).size();
}

bool has_key(const Asset& record, KeyKind kind) {
  const auto keys = keys_of(record, {}, "/a/1.cfg");
  return std::any_of(keys.begin(), keys.end(), [kind](const Key& key) { return key.kind == kind; });
}

constexpr auto kMac = "00:0e:8c:12:34:56";
constexpr auto kOtherMac = "00:0e:8c:12:34:57";

}  // namespace

TEST_CASE("records that share vendor and serial number are one asset", "[store]") {
  CHECK(assets_of_two(with_serial("S1", "SVP1"), with_serial("S2", " svp1")) == 1);
  CHECK(assets_of_two(with_serial("S1", "SVP1"), with_serial("S2", "SVP2")) == 2);
  Asset other_vendor = with_serial("S2", "SVP1");
  other_vendor.hardware.vendor = "Omron";
  CHECK(assets_of_two(with_serial("S1", "SVP1"), other_vendor) == 2);
  Asset no_vendor = with_serial("S2", "SVP1");
  no_vendor.hardware.vendor = "";
  CHECK_FALSE(has_key(no_vendor, KeyKind::serial));
}

TEST_CASE("records that share a MAC are one asset, unless it is a default", "[store]") {
  CHECK(assets_of_two(with_mac("S1", "", kMac), with_mac("S2", "", "00-0E-8C-12-34-56")) == 1);
  const std::string default_mac = "08:00:06:01:00:00";
  CHECK(assets_of_two(with_mac("S1", "", default_mac), with_mac("S2", "", default_mac)) == 2);
  for (const std::string mac : {"08:00:06:01:ff:03", "00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff",
                                "01:00:5e:00:00:01", "", "nonsense"}) {
    CHECK_FALSE(has_key(with_mac("S1", "", mac), KeyKind::mac));
  }
  CHECK(has_key(with_mac("S1", "", "08:00:06:02:00:00"), KeyKind::mac));
}

TEST_CASE("records that share the project's id are one asset", "[store]") {
  CHECK(assets_of_two(cpu("S1", "083C17BB"), cpu("S2", "083c17bb")) == 1);
  CHECK(assets_of_two(cpu("S1", "00000000"), cpu("S2", "00000000")) == 2);
}

TEST_CASE("two project files never join their records by the address alone", "[store]") {
  CHECK(assets_of_two(with_address("S1", "192.168.0.1"), with_address("S2", "192.168.0.1")) == 2);
}

TEST_CASE("records in the same place of the same folder are one asset", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "") }});
  import(store, {.path = "/a/2.cfg", .assets = { cpu("S1", "") }});
  CHECK(assets(store).size() == 1);
  SECTION("another folder is another asset") {
    import(store, {.path = "/a/b/1.cfg", .assets = { cpu("S1", "") }});
    CHECK(assets(store).size() == 2);
  }
  SECTION("another station is another asset") {
    import(store, {.path = "/a/3.cfg", .assets = { cpu("S2", "") }});
    CHECK(assets(store).size() == 2);
  }
  SECTION("another slot or rack is another asset") {
    Asset slot = cpu("S1", "");
    slot.slot = 4;
    Asset rack = cpu("S1", "");
    rack.rack = 1;
    import(store, {.path = "/a/3.cfg", .assets = { slot, rack }});
    CHECK(assets(store).size() == 3);
  }
  SECTION("another site or area is another asset") {
    import(store, {.path = "/a/3.cfg", .assets = {cpu("S1", "")}, .place = { "Ulm", "", "" }});
    import(store, {.path = "/a/4.cfg", .assets = {cpu("S1", "")}, .place = { "", "Ulm", "" }});
    CHECK(assets(store).size() == 3);
  }
}

TEST_CASE("an IO device is known by its bus and device number", "[store]") {
  Asset device = cpu("S1", "");
  device.bus = "IOSUBSYSTEM 100";
  device.device_number = 2;
  Asset other_bus = device;
  other_bus.bus = "IOSUBSYSTEM 101";
  Asset other_number = device;
  other_number.device_number = 3;
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { device, other_bus, other_number }});
  CHECK(assets(store).size() == 3);
  device.slot = 9;
  import(store, {.content = "second", .assets = { device, other_bus, other_number }});
  CHECK(assets(store).size() == 3);
}

TEST_CASE("a record without any name is known by its file", "[store]") {
  Asset nameless;
  nameless.order_id = "7SL87";
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.dz5", .assets = { nameless }});
  import(store, {.path = "/a/2.dz5", .assets = { nameless }});
  CHECK(assets(store).size() == 2);
  import(store, {.path = "/a/2.dz5", .content = "second", .assets = { nameless }});
  CHECK(assets(store).size() == 2);
}

TEST_CASE("the strongest shared key wins", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { with_mac("S1", "", kMac) }});
  import(store, {.path = "/b/2.cfg", .assets = { cpu("S2", "") }});
  const auto both = with_mac("S2", "", kMac);
  import(store, {.path = "/b/3.cfg", .assets = { both }});
  const auto all = assets(store, sorted_by("assetId"));
  REQUIRE(all.size() == 2);
  CHECK(store.sources_of(all[0].asset_id)->size() == 2);
  CHECK(store.sources_of(all[1].asset_id)->size() == 1);
}

TEST_CASE("another value of the same strong key makes another asset, and the journal says so",
          "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { with_mac("S1", "A1", kMac) }});
  const Uuid first = only_asset(store).asset_uuid;
  SECTION("in the same place") {
    import(store, {.path = "/a/2.cfg", .assets = { with_mac("S1", "A2", kOtherMac) }});
  }
  SECTION("with the same project id") {
    import(store, {.path = "/b/2.cfg", .assets = { with_mac("S9", "A1", kOtherMac) }});
  }
  SECTION("with the same MAC") {
    import(store, {.path = "/b/2.cfg", .assets = { with_mac("S9", "A2", kMac) }});
  }
  REQUIRE(assets(store).size() == 2);
  const auto noted = entries(store, "asset.conflict");
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].before == first.text());
  CHECK(noted[0].subject != first.text());
  CHECK(store.find_assets(noted[0].subject)->size() == 1);
}

TEST_CASE("where two assets contradict each other, address and place belong to the newer one",
          "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset old = cpu("S1", "A1");
  old.interfaces = {attachment("10.0.0.1")};
  import(store, {.path = "/a/1.cfg", .assets = { old }});
  Asset newer = cpu("S1", "A2");
  newer.interfaces = {attachment("10.0.0.1")};
  import(store, {.path = "/a/2.cfg", .assets = { newer }});
  REQUIRE(assets(store).size() == 2);
  CHECK(entries(store, "asset.conflict").size() == 1);
  const auto id = assets(store, sorted_by("assetId", true))[0].asset_id;
  REQUIRE(store.commit().has_value());
  auto database = Database::open(folder.path("s.db"), Database::Access::read_only);
  CHECK(*integer_from(*database,
                      "SELECT count(*) FROM asset_keys WHERE kind IN (5, 6)"
                      " AND asset_id = ?",
                      id) == 2);

  SECTION("a record that states no strong key is the newer one") {
    import(store, {.path = "/a/3.cfg", .assets = { cpu("S1", "") }});
    CHECK(store.sources_of(id)->size() == 2);
  }
  SECTION("reading the older file again takes nothing back and notes nothing") {
    old.name = "renamed";
    import(store, {.path = "/a/1.cfg", .content = "second", .assets = { old }});
    CHECK(assets(store).size() == 2);
    CHECK(entries(store, "asset.conflict").size() == 1);
  }
}

TEST_CASE("an address moves to the newer asset when strong keys contradict", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset old = cpu("S1", "A1");
  old.interfaces = {attachment("10.0.0.1")};
  import(store, {.path = "/a/1.cfg", .assets = { old }});
  Asset newer = cpu("S2", "A2");
  newer.interfaces = {attachment("10.0.0.1")};
  import(store, {.path = "/b/2.cfg", .assets = { newer }});
  CHECK(entries(store, "asset.conflict").size() == 1);
  CHECK(store.find_assets("10.0.0.1")->size() == 2);
}

TEST_CASE("an asset with one MAC in common with the record is that asset", "[store]") {
  Asset two = with_mac("S1", "", kMac);
  two.interfaces.push_back(attachment("", kOtherMac));
  CHECK(assets_of_two(two, with_mac("S2", "", kOtherMac)) == 1);
}

TEST_CASE("the UUID is that of the strongest key at first sight and stays", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "A1") }});
  const Uuid uuid = only_asset(store).asset_uuid;
  CHECK(uuid == uuid_v5(kRackscoutNamespace, "asset\n4\na1"));
  // A stronger key is learnt, then the weaker one is no more.
  import(store, {.path = "/a/1.cfg", .content = "2", .assets = { with_mac("S1", "A1", kMac) }});
  CHECK(only_asset(store).asset_uuid == uuid);
  import(store, {.path = "/a/1.cfg", .content = "3", .assets = { with_mac("S7", "", kMac) }});
  CHECK(only_asset(store).asset_uuid == uuid);
  CHECK(store.find_assets(uuid.text())->size() == 1);
}

TEST_CASE("two stores give an asset and its add-ons the same UUIDs", "[store]") {
  Folder folder;
  auto one = open(folder.path("1.db"));
  auto two = open(folder.path("2.db"));
  import(two, {.path = "/other.cfg", .assets = { cpu("S0", "A0") }});
  import(one, {.assets = { cpu("S1", "A1") }});
  import(two, {.assets = { cpu("S1", "A1") }});
  const StoredAsset a = only_asset(one);
  const StoredAsset b = two.find_assets(a.asset_uuid.text())->at(0);
  REQUIRE(a.shown.add_ons.size() == b.shown.add_ons.size());
  for (std::size_t i = 0; i < a.shown.add_ons.size(); ++i) {
    CHECK(a.shown.add_ons[i].add_on_uuid == b.shown.add_ons[i].add_on_uuid);
    CHECK(a.shown.add_ons[i].add_on_id != b.shown.add_ons[i].add_on_id);
  }
}

TEST_CASE("a UUID that another asset got earlier is not given twice", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  // The first is known by its place alone, and learns an id later.
  import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "") }});
  const Uuid first = only_asset(store).asset_uuid;
  import(store, {.path = "/a/1.cfg", .content = "2", .assets = { cpu("S1", "A1") }});
  // Then somebody in its place contradicts it, and has no key to itself but the place.
  import(store, {.path = "/b/2.cfg", .assets = { with_mac("S2", "A2", kMac) }});
  import(store, {.path = "/c/3.cfg", .assets = { with_mac("S3", "A3", kOtherMac) }});
  import(store, {.path = "/a/4.cfg", .assets = { with_mac("S1", "A2", kOtherMac) }});
  const auto all = assets(store, sorted_by("assetId"));
  REQUIRE(all.size() == 4);
  CHECK(all[0].asset_uuid == first);
  CHECK(all[3].asset_uuid != first);
  CHECK(entries(store, "asset.conflict").size() == 3);
  import(store, {.path = "/a/4.cfg", .content = "2", .assets = {
                   with_mac("S1", "A2", kOtherMac)
                 }});
  CHECK(store.find_assets(all[3].asset_uuid.text())->at(0).shown.path == "/a/4.cfg");
  CHECK(assets(store).size() == 4);
}

TEST_CASE("two records of one file are never the same asset, and a warning says why", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const std::vector<Asset> twins = {with_mac("S1", "A1", kMac), with_mac("S1", "A1", kMac),
                                    with_mac("S1", "A1", kMac)};
  import(store, {.assets = twins});
  REQUIRE(assets(store).size() == 3);
  CHECK(files(store)[0].asset_count == 3);
  CHECK(files(store)[0].warnings.size() == 6);
  CHECK(files(store)[0].warnings[0].message.find("MAC 000e8c123456") != std::string::npos);
  const auto before = assets(store, sorted_by("assetId"));
  import(store, {.content = "second", .assets = twins});
  const auto after = assets(store, sorted_by("assetId"));
  REQUIRE(after.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(after[i].asset_uuid == before[i].asset_uuid);
  }
}

TEST_CASE("two records of one file that share different keys with one asset are two assets",
          "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { with_mac("S1", "A1", kMac) }});
  const auto before = only_asset(store).asset_id;
  import(store, {.content = "second", .assets = { with_mac("S2", "", kMac), cpu("S3", "A1") }});
  const auto after = assets(store, sorted_by("assetId"));
  REQUIRE(after.size() == 2);
  CHECK(after[0].asset_id == before);
  CHECK(after[0].shown.record.station == "S2");
}

TEST_CASE("warnings about shared keys are counted, not repeated without end", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = std::vector<Asset>(200, cpu("S1", "A1"))});
  CHECK(assets(store).size() == 200);
  CHECK(files(store)[0].warnings.size() == 21);
}

TEST_CASE("the order of an asset's place in the file doesn't matter", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { cpu("S1", "A1"), cpu("S2", "A2") }});
  const auto before = assets(store, sorted_by("name"));
  import(store, {.content = "second", .assets = { cpu("S2", "A2"), cpu("S1", "A1") }});
  const auto after = assets(store, sorted_by("name"));
  REQUIRE(after.size() == 2);
  CHECK(after[0].asset_id == before[0].asset_id);
  CHECK(after[0].last_updated == before[0].last_updated);
}

}  // namespace ot::store::test
