#include "store/query/filter.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "store/query/vocabulary.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::query::test {
namespace {

using store::test::attachment;
using store::test::cj2m;
using store::test::cj2m_port;
using store::test::cpu;
using store::test::Folder;
using store::test::import;
using store::test::meter;
using store::test::module_at;
using store::test::observe;
using store::test::on_day;

Page page_of(const std::string& filter, const Vocabulary& vocabulary) {
  INFO(filter);
  auto parsed = parse(filter, vocabulary, on_day(10));
  INFO((parsed ? "" : parsed.error().text()));
  REQUIRE(parsed.has_value());
  Page page = store::test::sorted_by("name");
  page.filter = std::move(*parsed);
  return page;
}

/// Three assets: the Omron rack, a CPU of a file, and a meter.
class Plant {
 public:
  Plant() : store_(store::test::open(folder_.path("s.db"))) {
    Asset asset = cpu("Kiln 1", "A1");
    asset.name = "Kiln CPU";
    asset.add_ons[1].hardware.vendor = "Omron";
    asset.add_ons[1].slave_address = 4;
    asset.add_ons[2].serial_number = "0x00991222";
    asset.interfaces = {attachment("10.0.0.1", "00:0e:8c:00:00:01"), attachment("10.0.0.2")};
    asset.interfaces[1].name = "PN-IO-X5";
    import(store_, {.path = "/plant/Protection Relay.dz5", .assets = {asset}, .place = {
                      "Ulm",
                      "",
                      "Production floor"
                    }});
    observe(store_, cj2m(on_day(3)));
    observe(store_, meter("55", on_day(8)));
  }

  Store& store() { return store_; }

  /// The models of the assets, or the vendors where there is none.
  std::string assets(const std::string& filter) {
    std::vector<std::string> names;
    for (const auto& asset : store::test::assets(store_, page_of(filter, asset_vocabulary()))) {
      const auto& hardware = asset.shown.record.hardware;
      names.push_back(hardware.model.empty() ? asset.shown.record.name : hardware.model);
    }
    std::sort(names.begin(), names.end());
    std::string all;
    for (const auto& name : names) {
      all += (all.empty() ? "" : ", ") + name;
    }
    return all;
  }

  std::size_t files(const std::string& filter) {
    return store::test::files(store_, page_of(filter, file_vocabulary())).size();
  }

 private:
  Folder folder_;
  Store store_;
};

}  // namespace

TEST_CASE("the platform's tokens find what their examples name", "[query]") {
  Plant plant;
  CHECK(plant.assets("addOn.unitAddress: \"18\"") == "CJ2M-CPU33");
  CHECK(plant.assets("addOn.firmwareVersion: 1.56") == "CJ2M-CPU33");
  CHECK(plant.assets("addOn.hardware.vendor: Siemens") == "Kiln CPU");
  CHECK(plant.assets("addOn.slaveAddress: 0x00000004") == "Kiln CPU");
  CHECK(plant.assets("addOn.hardware.category2: Communication Module") == "CJ2M-CPU33, Kiln CPU");
  CHECK(plant.assets("addOn.hardware.category2: \"Communication Module\"") == "CJ2M-CPU33");
  CHECK(plant.assets("addOn.orderId: '6ES7321-1BH02-0AA0'") == "Kiln CPU");
  CHECK(plant.assets("addOn.orderId: '6es7 321-1bh02-0aa0'") == "Kiln CPU");
  CHECK(plant.assets("addOn.hardware.model: CJ1W-ETN21") == "CJ2M-CPU33");
  CHECK(plant.assets("addOn.serialNumber: '0x00991222'") == "Kiln CPU");
  CHECK(plant.files("assetCount: 1") == 1);
  CHECK(plant.files("name: Relay") == 1);
  CHECK(plant.files("engineeringToolName\n: step7") == 1);
  CHECK(plant.files("plantLocation: Production floor") == 1);
  CHECK(plant.files("engineeringToolVersion: V5.6") == 1);
  CHECK(plant.files("vendor : \"Siemens\"") == 1);
  CHECK(plant.files("status: Deleted") == 0);
  CHECK(plant.files("fileHash: \"md5 of first\"") == 1);
  CHECK(plant.files("uploadedBy: User tester") == 1);
  CHECK(plant.files("lastUpdated: 2023-03-09T11:06:15.351Z") == 0);
}

TEST_CASE("a group asks one and the same element", "[query]") {
  Plant plant;
  CHECK(plant.assets("addOn: (unitAddress: 5 and hardware.vendor: Omron)") == "Kiln CPU");
  CHECK(plant.assets("addOn: (unitAddress: 4 and hardware.vendor: Omron)").empty());
  CHECK(plant.assets("addOn.unitAddress: 4 and addOn.hardware.vendor: Omron") == "Kiln CPU");
  CHECK(plant.assets("addOn: (unitAddress: 18 and not firmwareVersion: *)").empty());
  CHECK(plant.assets("addOn: (unitAddress: 35 and firmwareVersion is null)") == "CJ2M-CPU33");
  CHECK(plant.assets("addOn: (slot > 5 and rack: 0)") == "Kiln CPU");
  CHECK(plant.assets("addOn is null") == "PM1");
  CHECK(plant.assets("interfaces: (name: PN-IO-X5 and address: `10.0.0.2`)") == "Kiln CPU");
  CHECK(plant.assets("interfaces: (name: PN-IO-X5 and address: `10.0.0.1`)").empty());
  CHECK(plant.assets("interfaces: (protocols: fins and lastSeen: [2024-01-01 .. 2024-01-05])") ==
        "CJ2M-CPU33");
  CHECK(plant.assets("hardware: (vendor: Omron and model: CJ2M*)") == "CJ2M-CPU33");
}

TEST_CASE("what is derived for the JSON is found as well", "[query]") {
  Plant plant;
  observe(plant.store(), cj2m_port(on_day(2)));
  CHECK(plant.assets("operatingSystem: \"Omron Firmware 2.01\"") == "CJ2M-CPU33");
  CHECK(plant.assets("purdueLevel: \"Level 1\" and discoveryProtocols: enip") == "CJ2M-CPU33");
  CHECK(plant.assets("inventory.source: `Active Probe`") == "CJ2M-CPU33, PM1");
  CHECK(plant.assets("inventory.source: `Project File`") == "Kiln CPU");
  CHECK(plant.assets("hardware.class: OT and site: Ulm") == "Kiln CPU");
  CHECK(plant.assets("sources.path: \"Protection Relay.dz5\"") == "Kiln CPU");
  CHECK(plant.assets("sources: (protocol: modbus and lastSeen >= now-3d)") == "PM1");
  CHECK(plant.assets("origin: observed and address: \"10.113\"") == "CJ2M-CPU33, PM1");
  const auto asset =
      store::test::assets(plant.store(), page_of("addOn.unitAddress: 18", asset_vocabulary()))
          .front();
  CHECK(plant.assets("assetUuid: `" + asset.asset_uuid.text() + "`") == "CJ2M-CPU33");
  CHECK(plant.assets("addOn.addOnUuid: `" + asset.shown.add_ons[0].add_on_uuid.text() + "`") ==
        "CJ2M-CPU33");
  CHECK(plant.assets("addOn.addOnId: " + std::to_string(asset.shown.add_ons[0].add_on_id)) ==
        "CJ2M-CPU33");
}

TEST_CASE("texts compare by words, whole, and by their beginning", "[query]") {
  Plant plant;
  CHECK(plant.files("name: \"protection relay\"") == 1);
  CHECK(plant.files("name: \"relay protection\"") == 0);
  CHECK(plant.files("name: relay protection") == 1);
  CHECK(plant.files("name: prot") == 0);
  CHECK(plant.files("name: prot*") == 1);
  CHECK(plant.files("name: rel*") == 0);
  CHECK(plant.files("name: `protection rel`*") == 1);
  CHECK(plant.files("name: `protection relay`") == 1);
  CHECK(plant.files("name: `relay`") == 0);
  CHECK(plant.assets("orderId: \"6ES7 412-3HJ14\"") == "Kiln CPU");
  CHECK(plant.assets("orderId: 6ES7412-3HJ14-0AB0") == "Kiln CPU");
  CHECK(plant.assets("orderId: 6ES7412*") == "Kiln CPU");
}

TEST_CASE("not is the exact reverse, also where there is no value", "[query]") {
  Plant plant;
  const std::string all = "CJ2M-CPU33, Kiln CPU, PM1";
  CHECK(plant.assets("rack: 0") == "Kiln CPU");
  CHECK(plant.assets("not rack: 0") == "CJ2M-CPU33, PM1");
  CHECK(plant.assets("not (rack: 0 or serialNumber: 55)") == "CJ2M-CPU33");
  CHECK(plant.assets("rack: 0 or not rack: 0") == all);
  CHECK(plant.assets("not hardware.model: CJ2M* and not addOn.slaveAddress: *") == "PM1");
}

TEST_CASE("a filter never becomes SQL", "[query]") {
  Plant plant;
  const std::string attacks[] = {"'; DROP TABLE assets; --",
                                 "' OR '1'='1",
                                 "\" OR 1=1 --",
                                 "x) UNION SELECT 1 --",
                                 "?1",
                                 ":name",
                                 "%",
                                 "_",
                                 "\\",
                                 "a\" OR name:\"b",
                                 "NEAR(a b)",
                                 "^a",
                                 "a* OR b",
                                 "{name} : a"};
  for (const std::string& attack : attacks) {
    std::string doubled;
    for (const char c : attack) {
      doubled.append(c == '`' ? 2 : 1, c);
    }
    CHECK(plant.assets("name: `" + doubled + "` or addOn.bus: `" + doubled + "`*").empty());
    CHECK(plant.files("name: `" + doubled + "` or plantLocation: `" + doubled + "`*") == 0);
  }
  CHECK(plant.assets("assetId: *") == "CJ2M-CPU33, Kiln CPU, PM1");
}

TEST_CASE("pages, counts and ids of a filtered list agree", "[query]") {
  Plant plant;
  auto& store = plant.store();
  Page page = page_of("hardware.vendor: [Omron, Siemens, Acme]", asset_vocabulary());
  page.size = 2;
  CHECK(store::test::assets(store, page).size() == 2);
  CHECK(store.count_assets(page) == 3);
  CHECK(store.matching_assets(page)->size() == 3);
  page.number = 1;
  CHECK(store::test::assets(store, page).front().asset_id == store.matching_assets(page)->back());
  CHECK(store.count_assets() == 3);
  CHECK(store.count_files() == 1);
  const auto files = store.matching_files(page_of("vendor: Siemens", file_vocabulary()));
  REQUIRE(files.has_value());
  REQUIRE(files->size() == 1);
  CHECK((*store.find_file(files->front()))->name == "Protection Relay");
  CHECK_FALSE(store.find_file(999)->has_value());
  page = page_of("vendor: Siemens", file_vocabulary());
  CHECK(store.count_assets(page).error().code() == Errc::wrong_use);
}

TEST_CASE("the store's version changes when it does, by whomever", "[query]") {
  Folder folder;
  auto writer = store::test::open(folder.path("s.db"));
  import(writer, {.assets = { cpu("S1", "A1") }});
  auto reader = store::test::open(folder.path("s.db"), Mode::read_only);
  const auto before = *reader.version();
  const auto own = *writer.version();
  CHECK(*reader.version() == before);
  CHECK(*writer.version() == own);
  import(writer, {.path = "/plant/2.cfg", .assets = { cpu("S2", "A2") }});
  CHECK(*reader.version() != before);
  CHECK(*writer.version() != own);
}

}  // namespace ot::store::query::test
