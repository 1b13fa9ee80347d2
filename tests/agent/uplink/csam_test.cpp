#include "agent/uplink/csam_asset.hpp"

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/uplink/csam_attributes.hpp"
#include "agent/uplink/csam_json.hpp"
#include "agent/uplink/csam_request.hpp"
#include "agent/uplink/csam_softwares.hpp"
#include "base/text.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::agent::test {
namespace {

using namespace ot::store::test;

const char* const kGolden = RACKSCOUT_TESTS_DIR "/agent/uplink/csam/cj2m.json";
const char* const kAttributes = "customConnectorAttributes";

CsamOptions options() {
  BusinessApp bottling;
  bottling.id = "APP-001";
  bottling.site = "Leeds";
  BusinessApp elsewhere;
  elsewhere.id = "APP-002";
  elsewhere.site = "York";
  return {"5ab0b8f2-6f9a-4d6e-8f0e-3b1f6b1b7c11", "WEBHOOK", {bottling, elsewhere}, "gateway-1"};
}

/// The rack of the platform's sample as the FINS probe tells it: the CPU is named by
/// its model, and units with a network of their own add interfaces.
store::Observation rack() {
  auto seen = cj2m();
  seen.place = {.site = "Leeds", .area = "Line 1", .plant_location = ""};
  seen.record.name = seen.record.hardware.model;
  seen.record.interfaces[0].mac_address = "00:00:0a:c5:5b:1c";
  Interface port;
  port.name = "CJ1W-ETN21";
  port.address = "10.113.1.5";
  port.subnet_mask = "255.255.255.0";
  seen.record.interfaces.push_back(port);
  return seen;
}

/// The asset of the rack, by the store.
store::StoredAsset stored_rack() {
  const Folder folder;
  auto store = open(folder.path("s.db"));
  auto port = cj2m_port(on_day(2));
  port.place = rack().place;
  observe(store, rack());
  observe(store, port);
  return only_asset(store);
}

AddOn in_slot(std::uint32_t slot) {
  auto add_on = module_at(slot, "6ES7321-1BH02-0AA0");
  add_on.firmware_version = fmt::format("V{}", slot);
  return add_on;
}

store::StoredAsset with_add_ons(std::uint32_t count) {
  store::StoredAsset asset;
  for (std::uint32_t slot = 0; slot < count; ++slot) {
    asset.shown.add_ons.push_back({.add_on_id = slot + 1, .record = in_slot(slot)});
  }
  return asset;
}

Json core_of(const store::StoredAsset& asset, const store::StoredFile* file = nullptr) {
  return csam_asset(asset, options(), file)["coreAttributes"];
}

/// Requires that no value is null, and no text, list or object is empty.
void require_filled(const Json& value) {
  INFO(value.dump());
  REQUIRE_FALSE(value.is_null());
  REQUIRE((!value.is_string() || value != ""));
  REQUIRE((!value.is_structured() || !value.empty()));
  if (value.is_structured()) {
    for (const auto& inner : value) {
      require_filled(inner);
    }
  }
}

}  // namespace

TEST_CASE("the rack of the platform's sample is sent as the golden file has it", "[csam]") {
  const auto request = csam_request({csam_asset(stored_rack(), options())}, options(),
                                    "0b6b3c0e-4f4c-4f2a-9a57-2f1c7f6f3d55");
  const auto text = json_text(request, 2) + "\n";
  const char* golden = std::getenv("RACKSCOUT_GOLDEN");
  if (golden != nullptr && std::string_view(golden) == "write") {
    std::ofstream(kGolden) << text;
  }
  CHECK(text == tests::content_of(kGolden));
  require_filled(request);
}

TEST_CASE("what identifies an asset is what its core says", "[csam]") {
  auto asset = stored_rack();
  auto& interfaces = asset.shown.record.interfaces;
  interfaces[0].network = "Plant bus";
  interfaces.push_back({.name = "MPI", .mpi_address = 2});
  interfaces.push_back({.name = "X2", .mac_address = "00:00:0a:00:00:02", .network = "Office"});
  asset.shown.record.serial_number = "0x00991222";
  const auto sent = csam_asset(asset, options());
  const auto& identity = sent["identityAttributes"];
  const auto& core = sent["coreAttributes"];
  CHECK(identity["sourceNativeKey"] == "rackscout/" + asset.asset_uuid.text());
  CHECK(core.dump().find("rackscout/") == std::string::npos);
  CHECK(identity["hostName"] == core["hostName"]);
  CHECK(identity["serialNumber"] == core["biosInfo"]["serialNumber"]);
  CHECK(identity["hardwareUuid"] == core["biosInfo"]["hardwareUuid"]);
  CHECK(identity["hardwareUuid"] == asset.asset_uuid.text());
  const auto& sent_interfaces = core["networkInterfaces"];
  REQUIRE(sent_interfaces.size() == 3);
  CHECK(identity["macAddress"] == Json{"00:00:0a:c5:5b:1c", "00:00:0a:00:00:02"});
  CHECK(identity["ipAddress"] == Json{"10.113.0.5", "10.113.1.5"});
  CHECK(sent_interfaces[2]["macAddress"] == identity["macAddress"][1]);
  CHECK(identity["networkUuid"] == sent_interfaces[0]["networkUuid"]);
  CHECK(sent_interfaces[0]["networkUuid"] != sent_interfaces[2]["networkUuid"]);
}

TEST_CASE("a network of the same name is the same within its area alone", "[csam]") {
  auto asset = stored_rack();
  asset.shown.record.interfaces = {{.address = "10.0.0.1", .network = "Ethernet(1)"}};
  const auto network = [&asset] {
    return csam_asset(asset, options())["identityAttributes"]["networkUuid"].get<std::string>();
  };
  const auto here = network();
  asset.asset_uuid = uuid_v5(kRackscoutNamespace, "another");
  CHECK(network() == here);
  asset.area = "Line 2";
  CHECK(network() != here);
}

TEST_CASE("an asset is sent by its name, else its station's, else its address", "[csam]") {
  store::StoredAsset asset;
  CHECK_FALSE(core_of(asset).contains("hostName"));
  asset.shown.record.interfaces = {attachment("10.0.0.1")};
  CHECK(core_of(asset)["hostName"] == "10.0.0.1");
  asset.shown.record.station = "AS 01";
  CHECK(core_of(asset)["hostName"] == "AS 01");
  asset.shown.record.name = "CPU 412-3H";
  CHECK(core_of(asset)["hostName"] == "CPU 412-3H");
}

TEST_CASE("a field without a value is left out", "[csam]") {
  const store::StoredAsset nothing;
  const auto sent = csam_asset(nothing, CsamOptions());
  require_filled(sent);
  CHECK(sent["coreAttributes"].size() == 2);
  CHECK(sent["coreAttributes"]["biosInfo"].size() == 1);
  const auto request = csam_request({}, CsamOptions(), "");
  CHECK(request.dump() == R"({"connectorMetaData":{"assetCount":0},"assetData":[]})");
}

TEST_CASE("an order number stands for a model and a product that are not named", "[csam]") {
  store::StoredAsset asset;
  asset.shown.record = cpu("AS 01", "");
  auto bios = core_of(asset)["biosInfo"];
  CHECK(bios["model"] == "6ES7412-3HJ14-0AB0");
  CHECK(bios["biosDescription"] == "6ES7412-3HJ14-0AB0");
  asset.shown.record.hardware.model = "CPU 412-3H";
  asset.shown.record.hardware.product_name = "SIMATIC S7-400";
  bios = core_of(asset)["biosInfo"];
  CHECK(bios["model"] == "CPU 412-3H");
  CHECK(bios["biosDescription"] == "SIMATIC S7-400");
}

TEST_CASE("only a device itself tells its operating system", "[csam]") {
  store::StoredAsset asset;
  asset.shown.record.hardware.vendor = "Siemens";
  asset.shown.record.firmware_version = "V4.5";
  CHECK_FALSE(core_of(asset).contains("operatingSystem"));
  CHECK(core_of(asset)["osVersion"] == "V4.5");
  asset.sightings.push_back({.protocol = "enip", .target = "10.0.0.1:44818"});
  CHECK(core_of(asset)["operatingSystem"] == "Siemens Firmware V4.5");
}

TEST_CASE("an interface has its PROFINET name, its gateway and its kind of address", "[csam]") {
  store::StoredAsset asset;
  Interface port = attachment("10.0.0.1", "00:0e:8c:12:34:56");
  port.gateway = "10.0.0.254";
  port.device_name = "pn-io-1";
  asset.shown.record.interfaces = {port, attachment("fd00::1")};
  const auto sent = core_of(asset)["networkInterfaces"];
  CHECK(sent[0].dump() ==
        R"({"macAddress":"00:0e:8c:12:34:56","address":"10.0.0.1","gatewayAddress":["10.0.0.254"],)"
        R"("hostName":"pn-io-1","ipv4Address":["10.0.0.1"]})");
  CHECK(sent[1].dump() == R"({"address":"fd00::1","ipv6Address":["fd00::1"]})");
}

TEST_CASE("firmware in a place comes once, and the engineering tool with the file", "[csam]") {
  auto asset = with_add_ons(2);
  asset.shown.add_ons.push_back(asset.shown.add_ons.front());
  asset.shown.record.hardware = {.vendor = "Siemens", .model = "CPU 412-3H"};
  asset.shown.record.firmware_version = "V4.5";
  store::StoredFile file;
  file.engineering_tool_name = "STEP7";
  file.engineering_tool_version = "V5.6 + HF1";
  file.vendor = "Siemens";
  const auto sent = core_of(asset, &file)["softwares"];
  REQUIRE(sent.size() == 4);
  CHECK(sent[0]["name"] == "Siemens CPU 412-3H Firmware");
  CHECK(sent[1].dump() == R"({"name":"STEP7","version":"V5.6 + HF1","publisher":"Siemens",)"
                          R"("type":"Engineering Tool"})");
  CHECK(sent[2]["name"] == "Siemens 6ES7321-1BH02-0AA0 Firmware (rack 0 slot 0)");
  CHECK(sent[2]["identifier"] == "6ES7321-1BH02-0AA0");
  CHECK(sent[3]["version"] == "V1");
  CHECK(core_of(asset)["softwares"].size() == 3);
}

TEST_CASE("an add-on is known by its place, and others in that place by numbers", "[csam]") {
  store::StoredAsset asset;
  AddOn slave;
  slave.bus = "DPSUBSYSTEM 1";
  slave.slave_address = 3;
  slave.slot = 2;
  slave.unit_address = "2";
  AddOn port;
  port.unit_address = "F";
  AddOn part = in_slot(4);
  part.subslot = 1;
  std::int64_t id = 0;
  for (const auto& record : {AddOn(), port, in_slot(4), part, slave, in_slot(4)}) {
    asset.shown.add_ons.push_back({.add_on_id = 100 - ++id, .record = record});
  }
  std::vector<std::string> keys;
  const auto attributes = core_of(asset)[kAttributes];
  for (const auto& [key, value] : attributes.items()) {
    if (key.starts_with("addOn ")) {
      keys.push_back(key);
    }
  }
  CHECK(keys == std::vector<std::string>{"addOn module", "addOn port F", "addOn rack 0 slot 4",
                                         "addOn rack 0 slot 4 (2)",
                                         "addOn rack 0 slot 4 sub-slot 1",
                                         "addOn DPSUBSYSTEM 1 0x00000003 slot 2"});
  CHECK(attributes["addOns.count"] == "6");
  const auto of_slave =
      Json::parse(attributes["addOn DPSUBSYSTEM 1 0x00000003 slot 2"].get<std::string>());
  CHECK(of_slave["slaveAddress"] == "0x00000003");
}

TEST_CASE("more than an asset may have is counted", "[csam]") {
  const auto fixed = core_of(with_add_ons(0))[kAttributes].size();
  const auto most = static_cast<std::uint32_t>(kMostCsamAttributes - fixed);
  auto sent = core_of(with_add_ons(most));
  CHECK(sent[kAttributes].size() == kMostCsamAttributes);
  CHECK_FALSE(sent[kAttributes].contains("addOns.left.out"));
  sent = core_of(with_add_ons(most + 1));
  CHECK(sent[kAttributes].size() == kMostCsamAttributes);
  CHECK(sent[kAttributes]["addOns.left.out"] == "2");
  CHECK(sent[kAttributes]["addOns.count"] == std::to_string(most + 1));
  auto large = with_add_ons(3000);
  large.shown.record.interfaces.assign(600, attachment("10.0.0.1"));
  sent = core_of(large);
  CHECK(sent[kAttributes].size() == kMostCsamAttributes);
  CHECK(sent["softwares"].size() == kMostCsamSoftwares);
  CHECK(sent[kAttributes]["softwares.left.out"] == "2500");
  CHECK(sent["networkInterfaces"].size() == kMostCsamInterfaces);
  CHECK(sent[kAttributes]["networkInterfaces.left.out"] == "100");
}

TEST_CASE("a long text is cut between two letters, and an add-on stays JSON", "[csam]") {
  CHECK(cut_to("abc", 3) == "abc");
  CHECK(cut_to("ab\xC3\xA9", 3) == "ab");
  CHECK(cut_to("\xE2\x82\xAC", 2).empty());
  CHECK(cut_to(std::string(9, '\x80'), 5).size() == 5);
  std::string letters;
  for (int i = 0; i < 1000; ++i) {
    letters += i % 2 == 0 ? "\xC3\xA9" : "\"\xE2\x80\xAE";
  }
  store::StoredAsset asset;
  asset.site = letters;
  asset.shown.record.name = letters;
  AddOn add_on;
  add_on.name = add_on.bus = add_on.order_id = add_on.firmware_version = letters;
  add_on.hardware = {.vendor = letters, .model = letters};
  asset.shown.add_ons = {{.add_on_id = 1, .record = add_on}};
  const auto sent = csam_asset(asset, options());
  for (const auto& [key, value] : sent["coreAttributes"][kAttributes].items()) {
    const auto text = value.get<std::string>();
    CHECK(key.size() < 300);
    CHECK(text.size() <= kLongestCsamText);
    CHECK(is_utf8(key + text));
    CHECK((!key.starts_with("addOn ") || Json::accept(text)));
  }
  CHECK(sent["identityAttributes"]["hostName"] == sent["coreAttributes"]["hostName"]);
}

TEST_CASE("what a project and a device differ in is sent", "[csam]") {
  const Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { configured_at("10.113.0.5") }});
  observe(store, cj2m());
  const auto file = files(store).front();
  const auto sent = core_of(only_asset(store), &file)[kAttributes];
  CHECK(sent["inventory.source"] == "Project File, Active Probe");
  CHECK(sent["projectFile.name"] == "1");
  CHECK(sent["projectFile.fileHash"] == "md5 of first");
  CHECK(sent["projectFile.status"] == "Imported");
  CHECK(sent["projectFile.engineeringToolVersion"] == "V5.6");
  CHECK(sent["differences.count"] == "7");
  CHECK(sent["difference vendor"] == "vendor \"Omron\", in the project \"Siemens\"");
  CHECK(sent["difference rack 0 slot 4 missing"].get<std::string>().starts_with(
      "rack 0, slot 4: missing in the rack"));
  const auto without = core_of(only_asset(store))[kAttributes];
  CHECK(without["projectFile.path"] == "/a/1.cfg");
  CHECK_FALSE(without.contains("projectFile.name"));
}

TEST_CASE("differences leave room for others", "[csam]") {
  store::StoredAsset asset;
  auto& sides = asset.sides.emplace();
  for (std::uint32_t slot = 0; slot < 150; ++slot) {
    sides.configured.add_ons.push_back(in_slot(slot));
    sides.observed.add_ons.push_back(in_slot(slot));
    sides.observed.add_ons.back().order_id = "other";
  }
  const auto sent = core_of(asset)[kAttributes];
  CHECK(sent["differences.count"] == "150");
  CHECK(sent["differences.left.out"] == "50");
  CHECK(sent.contains("difference rack 0 slot 99 orderId"));
  CHECK_FALSE(sent.contains("difference rack 0 slot 100 orderId"));
}

TEST_CASE("no name of a user leaves the house", "[csam]") {
  const std::string path = R"(C:\Users\jdoe\plant.s7p)";
  auto asset = with_add_ons(1);
  auto& record = asset.shown.record;
  record.name = record.station = record.hardware.product_name = record.firmware_version = path;
  record.interfaces = {{.name = path, .address = "10.0.0.1", .network = path, .device_name = path}};
  asset.shown.add_ons[0].record.name = asset.shown.add_ons[0].record.bus = path;
  asset.shown.path = "/home/jdoe/plant.cfg";
  asset.sides.emplace().configured.firmware_version = path;
  asset.sides->observed.firmware_version = "1.0";
  store::StoredFile file;
  file.path = asset.shown.path;
  file.engineering_tool_name = file.engineering_tool_version = file.vendor = path;
  for (const bool known : {true, false}) {
    const auto text = csam_asset(asset, options(), known ? &file : nullptr).dump();
    CHECK(text.find("jdoe") == std::string::npos);
    CHECK(text.find("/home/<user>/plant.cfg") != std::string::npos);
  }
}

TEST_CASE("an asset belongs to the applications of its site and of all sites", "[csam]") {
  auto wanted = options();
  wanted.business_apps.push_back(wanted.business_apps[0]);
  wanted.business_apps.push_back({.id = "APP-003"});
  auto asset = stored_rack();
  const auto apps = [&] {
    return csam_asset(asset, wanted)["coreAttributes"]["businessApps"].dump();
  };
  CHECK(apps() == R"([{"businessAppId":"APP-001"},{"businessAppId":"APP-003"}])");
  asset.site = "";
  CHECK(apps() == R"([{"businessAppId":"APP-003"}])");
}

TEST_CASE("applications are made known with their times, each once", "[csam]") {
  BusinessApp app;
  app.id = "APP-001";
  app.name = "Bottling";
  app.criticality = "1 - Most Critical";
  app.owned_by = "Plant manager";
  app.site = "Leeds";
  auto again = app;
  again.site = "York";
  const auto request = business_apps_request({app, again}, on_day(1), on_day(2));
  CHECK(request.dump() == R"({"data":[{"businessAppId":"APP-001","name":"Bottling",)"
                          R"("businessCriticality":"1 - Most Critical","created":1704067200000,)"
                          R"("lastUpdated":1704153600000,"ownedBy":"Plant manager"}]})");
}

}  // namespace ot::agent::test
