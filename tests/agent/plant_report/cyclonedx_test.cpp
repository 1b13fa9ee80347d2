#include <set>

#include "agent/plant_report/plain.hpp"
#include "agent/records_json.hpp"
#include "tests/agent/plant_report/plain_sample.hpp"
#include "tests/catch.hpp"

// The rules of CycloneDX 1.5 for what we write. The schema itself is asked in tests/peers.
namespace {

using namespace ot::agent::plant_report;
using ot::agent::Json;
using ot::tests::walked_plant;
using ot::tests::written;

const std::set<std::string> kTypes = {"application", "platform", "device", "firmware"};
const std::set<std::string> kDocumentFields = {"$schema",    "bomFormat",   "specVersion",
                                               "version",    "metadata",    "serialNumber",
                                               "components", "compositions"};
const std::set<std::string> kComponentFields = {"type",       "bom-ref",  "supplier",
                                                "name",       "version",  "description",
                                                "components", "evidence", "properties"};

Json document_of(const PlantReport& report) {
  return Json::parse(written(write_cyclonedx, report));
}

bool is_filled_text(const Json& object, const char* key) {
  return object.contains(key) && object[key].is_string() && !object[key].get<std::string>().empty();
}

void check_properties(const Json& object) {
  for (const auto& property : object.value("properties", Json::array())) {
    CHECK(property.size() == 2);
    CHECK(property["name"].get<std::string>().starts_with("rackscout:"));
    CHECK(is_filled_text(property, "value"));
  }
}

void check_component(const Json& component, std::set<std::string>& references) {
  for (const auto& [key, value] : component.items()) {
    INFO(key);
    CHECK(kComponentFields.contains(key));
  }
  CHECK(kTypes.contains(component["type"].get<std::string>()));
  CHECK(is_filled_text(component, "name"));
  REQUIRE(is_filled_text(component, "bom-ref"));
  CHECK(references.insert(component["bom-ref"].get<std::string>()).second);
  check_properties(component);
  for (const auto& part : component.value("components", Json::array())) {
    check_component(part, references);
  }
}

void check_document(const Json& document) {
  for (const auto& [key, value] : document.items()) {
    INFO(key);
    CHECK(kDocumentFields.contains(key));
  }
  CHECK(document["bomFormat"] == "CycloneDX");
  CHECK(document["specVersion"] == "1.5");
  CHECK(document["version"] == 1);
  const auto serial = document["serialNumber"].get<std::string>();
  REQUIRE(serial.starts_with("urn:uuid:"));
  CHECK(ot::parse_uuid(serial.substr(9)).has_value());
  CHECK(ot::parse_iso8601(document["metadata"]["timestamp"].get<std::string>()).has_value());
  std::set<std::string> references;
  check_component(document["metadata"]["component"], references);
  check_properties(document["metadata"]);
  for (const auto& component : document["components"]) {
    check_component(component, references);
  }
}

std::string property(const Json& component, const std::string& name) {
  for (const auto& entry : component["properties"]) {
    if (entry["name"] == "rackscout:" + name) {
      return entry["value"].get<std::string>();
    }
  }
  return {};
}

TEST_CASE("the bill of materials keeps the rules of CycloneDX", "[plant_report]") {
  check_document(document_of(walked_plant()));
}

TEST_CASE("the bill of materials of an empty plant keeps the rules too", "[plant_report]") {
  const auto document = document_of({});
  check_document(document);
  CHECK(document["components"].empty());
  CHECK(document["metadata"]["component"]["name"] == "plant");
}

TEST_CASE("a device bears what its maker called it", "[plant_report]") {
  const auto document = document_of(walked_plant());
  const auto& device = document["components"][1];
  CHECK(device["type"] == "device");
  CHECK(device["bom-ref"] == "urn:uuid:" + ot::tests::controller().asset_uuid.text());
  CHECK(device["supplier"] == Json({{"name", "Siemens"}}));
  CHECK(device["name"] == "CPU 318-2");
  CHECK(device["description"] == "S7-300 CPU");
  CHECK(device["version"] == "1.10");
  CHECK(property(device, "name") == "CPU 1");
  CHECK(property(device, "orderNumber") == "6ES7318-2AJ00-0AB0");
  CHECK(property(device, "serialNumber") == "00012345");
  CHECK(property(device, "area") == "Mill");
  CHECK(property(device, "address") == "10.0.0.5");
  CHECK(property(device, "origin") == "both");
  CHECK(property(device, "detail:configurationVersion") == "3");
  CHECK(device["evidence"]["occurrences"] ==
        Json::parse(R"([{"location":"/projects/line3.cfg"},{"location":"enip 10.0.0.5"}])"));
}

TEST_CASE("modules and firmware are nested in their device", "[plant_report]") {
  const auto document = document_of(walked_plant());
  const auto& parts = document["components"][1]["components"];
  REQUIRE(parts.size() == 3);
  CHECK(parts[0]["type"] == "firmware");
  CHECK(parts[0]["name"] == "CPU 318-2 firmware");
  CHECK(parts[0]["version"] == "1.10");
  CHECK(parts[1]["name"] == "6ES7321-1BH00-0AA0");
  CHECK(property(parts[1], "slot") == "4");
  CHECK_FALSE(parts[1].contains("components"));
  CHECK(parts[2]["components"][0]["version"] == "V2.0");
}

TEST_CASE("a device that told nothing still has a name", "[plant_report]") {
  const auto device = document_of(walked_plant())["components"][0];
  CHECK(device["name"] == "unknown device");
  CHECK_FALSE(device.contains("supplier"));
  CHECK_FALSE(device.contains("version"));
}

TEST_CASE("the same plant gives the same document whenever it is written", "[plant_report]") {
  auto later = walked_plant();
  later.made += std::chrono::hours(24);
  std::swap(later.assets[0], later.assets[1]);
  CHECK(written(write_cyclonedx, later) == written(write_cyclonedx, walked_plant()));
  later.assets[0].shown.record.firmware_version = "V1.1";
  CHECK(document_of(later)["serialNumber"] != document_of(walked_plant())["serialNumber"]);
}

TEST_CASE("records with one UUID get references of their own", "[plant_report]") {
  auto plant = walked_plant();
  plant.assets.push_back(plant.assets[0]);
  check_document(document_of(plant));
}

TEST_CASE("a document says that something is missing in it", "[plant_report]") {
  const auto whole = [](const Json& document) { return document["compositions"][0]["aggregate"]; };
  CHECK(whole(document_of(walked_plant())) == "incomplete");
  CHECK(whole(document_of({})) == "unknown");
}

TEST_CASE("broken text stays inside of its string in a document", "[plant_report]") {
  auto plant = walked_plant();
  plant.assets[0].shown.record.hardware.model = "\"}]\xFF\x1b";
  const auto document = document_of(plant);
  check_document(document);
  CHECK(document["components"][1]["name"] == "\"}]\xEF\xBF\xBD\x1b");
}

}  // namespace
