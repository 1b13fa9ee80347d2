#include "agent/list_view.hpp"

#include <algorithm>

#include "agent/records_json.hpp"
#include "agent/report.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

using namespace ot;
using namespace ot::agent;
using namespace ot::store::test;

namespace {

/// The names of an object's members, in their order.
std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) {
    keys.push_back(key);
  }
  return keys;
}

store::Observation sample() {
  auto seen = cj2m();
  seen.record.interfaces[0].mac_address = "00:00:0a:c5:5b:1c";
  return seen;
}

using Keys = std::vector<std::string>;

}  // namespace

TEST_CASE("an observed PLC is listed as the platform's sample is", "[show][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, sample());
  observe(store, cj2m_port(on_day(2)));
  const auto asset = only_asset(store);
  const Json out = asset_json(asset, Shape::platform);
  CHECK(keys_of(out) == Keys{"address", "macAddress", "hardware", "interfaces", "assetId",
                             "assetModules", "lastUpdated", "created", "firmwareVersion",
                             "discoveryProtocols", "purdueLevel", "assetUuid", "lastScanned",
                             "inventory", "operatingSystem", "addOns"});
  CHECK(out["interfaces"] == Json::array({{{"address", "10.113.0.5"},
                                           {"macAddress", "00:00:0a:c5:5b:1c"},
                                           {"protocols", {"fins", "enip"}},
                                           {"firstSeen", "2024-01-01T00:00:00.000Z"},
                                           {"lastSeen", "2024-01-02T00:00:00.000Z"}}}));
  CHECK(out["discoveryProtocols"] == Json::array({"fins"}));
  CHECK(out["purdueLevel"] == "Level 1");
  CHECK(out["inventory"] == Json{{"source", "Active Probe"}});
  CHECK(out["operatingSystem"] == "Omron Firmware 2.01");
  CHECK(out["assetModules"].size() == 1);
  CHECK(out["assetModules"][0]["hardware"]["model"] == "CJ2M-CPU33");
  REQUIRE(out["addOns"].size() == 3);
  CHECK(out["addOns"][0]["unitAddress"] == "18");
  CHECK(out["addOns"][1]["unitAddress"] == "35");
  CHECK(out["addOns"][2]["unitAddress"] == "16");
  CHECK(keys_of(out["addOns"][0]) == Keys{"unitAddress", "hardware", "firmwareVersion", "addOnId"});
  CHECK(keys_of(out["addOns"][1]) == Keys{"unitAddress", "hardware", "addOnId"});
}

TEST_CASE("what was only configured has no protocols and no operating system", "[show][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { configured_at("10.113.0.5") }});
  const Json out = asset_json(only_asset(store), Shape::platform);
  CHECK_FALSE(out.contains("discoveryProtocols"));
  CHECK_FALSE(out.contains("operatingSystem"));
  CHECK_FALSE(out["interfaces"][0].contains("protocols"));
  CHECK(out["inventory"]["source"] == "Project File");
  CHECK(out["purdueLevel"] == "Level 1");
  Asset drive = configured_at("10.113.0.7", "S2");
  drive.hardware.category = Category::unknown;
  import(store, {.path = "/b.cfg", .assets = { drive }});
  CHECK_FALSE(asset_json(store.find_assets("10.113.0.7")->front(), Shape::platform)
                  .contains("purdueLevel"));
}

TEST_CASE("the extended shape tells where each fact is from and what differs", "[show][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.5") }});
  observe(store, cj2m());
  const auto asset = only_asset(store);
  const Json out = asset_json(asset, Shape::extended);
  CHECK(out["inventory"]["source"] == "Project File, Active Probe");
  CHECK(out["origin"] == "observed");
  CHECK(out["addOns"][0]["origin"] == "observed");
  CHECK(out["addOns"][5]["origin"] == "configured");
  CHECK(out["sources"][0]["path"] == "/a/1.cfg");
  CHECK(out["sources"][1]["target"] == "10.113.0.5:9600");
  REQUIRE(out["differences"].size() == 7);
  CHECK(out["differences"][0] ==
        Json{{"kind", "vendor"}, {"configured", "Siemens"}, {"observed", "Omron"}});
  CHECK_FALSE(asset_json(asset, Shape::platform).contains("differences"));
}

TEST_CASE("a table and CSV in the extended shape tell the origin", "[show][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, cj2m());
  const auto last_cell = [&store] {
    return kAssetView.row(only_asset(store), Shape::extended).cells.back();
  };
  const auto origin = [&store] {
    const auto cells = kAssetView.row(only_asset(store), Shape::extended).cells;
    return cells[cells.size() - 2];
  };
  CHECK(last_cell() == "fins 10.113.0.5:9600");
  CHECK(origin() == "observed");
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.5") }});
  CHECK(last_cell() == "/a/1.cfg");
  CHECK(origin() == "both");
  const auto platform = kAssetView.csv_head(Shape::platform);
  CHECK(std::count(platform.begin(), platform.end(), "serialNumber") == 1);
  const auto head = kAssetView.csv_head(Shape::extended);
  CHECK(std::count(head.begin(), head.end(), "serialNumber") == 1);
  const auto rows = kAssetView.csv_rows(only_asset(store), Shape::extended);
  REQUIRE(rows.size() == 6);
  const auto column = [&head](const std::string& name) {
    return static_cast<std::size_t>(std::find(head.begin(), head.end(), name) - head.begin());
  };
  CHECK(rows[0].size() == head.size());
  CHECK(rows[0][column("source")] == "Project File, Active Probe");
  CHECK(rows[0][column("protocols")] == "fins");
  CHECK(rows[0][column("lastSeen")] == "2024-01-01T00:00:00.000Z");
  // The file came later: its modules have the newest ids.
  CHECK(rows[0][column("addOn.origin")] == "configured");
  CHECK(rows[5][column("addOn.origin")] == "observed");
}

TEST_CASE("show prints observations, files and what contradicts", "[show][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, cj2m());
  const auto text_now = [&store] {
    return text_of(*report_on(store, {only_asset(store)}), Branches::ascii);
  };
  const auto observed = text_now();
  CHECK(observed.starts_with("CJ2M CPU Unit"));
  CHECK(observed.find("unit 18  CJ1W-ETN21") != std::string::npos);
  CHECK(observed.find("\nObserved\n"
                      "  fins  10.113.0.5:9600  last seen 2024-01-01 00:00 UTC") !=
        std::string::npos);
  CHECK(observed.find("Source") == std::string::npos);
  CHECK(observed.find("Differences") == std::string::npos);
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.5") }});
  const auto both = text_now();
  CHECK(both.find("Differences between project and device\n"
                  "  vendor \"Omron\", in the project \"Siemens\"\n") != std::string::npos);
  CHECK(both.find("rack 0, slot 4: missing in the rack; the project has") != std::string::npos);
  CHECK(both.find("unit 18: not in the project; the device has \"CJ1W-ETN21\"") !=
        std::string::npos);
  CHECK(both.find("\nSource\n  /a/1.cfg") != std::string::npos);
  const auto json = json_of(*report_on(store, {only_asset(store)}));
  REQUIRE(json["sources"].size() == 2);
  CHECK(json["sources"][1]["protocol"] == "fins");
  CHECK(json["sources"][1]["lastSeen"] == "2024-01-01T00:00:00.000Z");
}

TEST_CASE("a file that a device's asset has is shown as the file tells it", "[show][observe]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.5") }});
  observe(store, cj2m());
  const auto report = report_on(store, files(store).front());
  REQUIRE(report->assets.size() == 1);
  CHECK(report->assets.front().shown.record.hardware.vendor == "Siemens");
  CHECK(report->assets.front().shown.add_ons.size() == 3);
}
