#include "agent/plant_report/plain.hpp"

#include <algorithm>
#include <sstream>

#include "agent/plant_report/plain_facts.hpp"
#include "agent/records_json.hpp"
#include "tests/agent/plant_report/plain_sample.hpp"
#include "tests/catch.hpp"

namespace {

using namespace ot::agent::plant_report;
using ot::agent::Json;
using ot::tests::walked_plant;
using ot::tests::written;

/// Lines of cells; none of those in the sample needs quotes.
std::vector<std::vector<std::string>> rows_of(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    rows.emplace_back();
    std::istringstream cells(line + ",.");
    for (std::string cell; std::getline(cells, cell, ',');) {
      rows.back().push_back(cell);
    }
    rows.back().pop_back();
  }
  return rows;
}

std::string cell(const std::vector<std::vector<std::string>>& rows, std::size_t row,
                 const std::string& name) {
  const auto& head = rows.at(0);
  const auto at = std::find(head.begin(), head.end(), name);
  REQUIRE(at != head.end());
  return rows.at(row).at(static_cast<std::size_t>(at - head.begin()));
}

/// Null, "", [] and {} anywhere below.
bool has_nothing_in_it(const Json& value) {
  if (value.is_structured() && !value.empty()) {
    return std::any_of(value.begin(), value.end(), has_nothing_in_it);
  }
  return value.is_null() || value.is_structured() ||
         (value.is_string() && value.get<std::string>().empty());
}

TEST_CASE("the flat table has a row for each device and each module", "[plant_report]") {
  const auto rows = rows_of(written(write_csv, walked_plant()));
  REQUIRE(rows.size() == 5);
  for (const auto& row : rows) {
    CHECK(row.size() == rows[0].size());
  }
  CHECK(rows[0][0] == "area");
  // By area: the furnace comes before the mill.
  CHECK(cell(rows, 1, "area") == "Furnace");
  CHECK(cell(rows, 1, "origin") == "observed");
  CHECK(cell(rows, 2, "kind") == "device");
  CHECK(cell(rows, 2, "device") == "CPU 1");
  CHECK(cell(rows, 2, "serialNumber") == "00012345");
  CHECK(cell(rows, 2, "origin") == "both");
  CHECK(cell(rows, 2, "sourceFile") == "/projects/line3.cfg");
  CHECK(cell(rows, 2, "lastSeen") == "2026-11-05T10:02:00.250Z");
}

TEST_CASE("a module's row repeats where its device is", "[plant_report]") {
  const auto rows = rows_of(written(write_csv, walked_plant()));
  REQUIRE(rows.size() == 5);
  for (const std::size_t row : {3U, 4U}) {
    CHECK(cell(rows, row, "kind") == "module");
    for (const char* name : {"area", "site", "address", "device", "station", "assetUuid"}) {
      CHECK(cell(rows, row, name) == cell(rows, 2, name));
    }
  }
  // In the order of the slots, whatever their ids.
  CHECK(cell(rows, 3, "slot") == "4");
  CHECK(cell(rows, 4, "slot") == "10");
  CHECK(cell(rows, 3, "orderId") == "6ES7321-1BH00-0AA0");
  CHECK(cell(rows, 3, "origin") == "both");
  CHECK(cell(rows, 4, "origin") == "configured");
}

TEST_CASE("a formula in the flat table is text", "[plant_report]") {
  const auto rows = rows_of(written(write_csv, walked_plant()));
  CHECK(cell(rows, 3, "module") == "'=DI 16");
}

TEST_CASE("a device without a name is called by its address", "[plant_report]") {
  CHECK(device_label(ot::tests::stranger()) == "10.0.0.5");
  CHECK(device_label({}).empty());
}

TEST_CASE("the JSON report holds everything", "[plant_report]") {
  const auto report = Json::parse(written(write_json, walked_plant()));
  CHECK(report["report"]["walk"] == "7a9d1e62-3c8b-5f4e-9a51-2f6d0c0b1a11");
  CHECK(report["report"]["trust"]["trusted"] == true);
  CHECK(report["report"]["legs"][0]["targets"][0] == "10.0.0.0/24");
  CHECK_FALSE(report["report"]["legs"][0].contains("ended"));
  REQUIRE(report["assets"].size() == 2);
  CHECK(report["assets"][1]["orderId"] == "6ES7318-2AJ00-0AB0");
  CHECK(report["assets"][1]["addOns"].size() == 2);
  CHECK(report["projectFiles"][1]["error"] == "not a text");
  CHECK(report["targets"][2]["troubles"][0]["protocol"] == "fins");
  CHECK(report["sent"][0]["requests"] == 3);
  CHECK(report["sent"][0]["functions"][0]["requests"] == 3);
}

TEST_CASE("the JSON report counts what it holds", "[plant_report]") {
  const auto summary = Json::parse(written(write_json, walked_plant()))["summary"];
  CHECK(summary["assets"] == 2);
  CHECK(summary["assetsByOrigin"] == Json({{"configured", 0}, {"observed", 1}, {"both", 1}}));
  CHECK(summary["addOns"] == 2);
  CHECK(summary["projectFiles"]["Failed"] == 1);
  CHECK(summary["targets"]["answered"] == 1);
  CHECK(summary["targets"]["outcomes"]["silent"] == 2);
  CHECK(summary["sent"]["silences"] == 1);
  CHECK(summary["notRead"] == 4);
}

TEST_CASE("the JSON report has no nulls and no empty texts", "[plant_report]") {
  CHECK_FALSE(has_nothing_in_it(Json::parse(written(write_json, walked_plant()))));
}

TEST_CASE("the JSON report of an empty store is whole", "[plant_report]") {
  const auto report = Json::parse(written(write_json, PlantReport{}));
  CHECK(report["report"]["source"] == "store");
  CHECK(report["assets"].is_array());
  CHECK(report["projectFiles"].is_array());
  CHECK_FALSE(report.contains("sent"));
}

TEST_CASE("the JSON report hides no characters from terminals", "[plant_report]") {
  auto plant = walked_plant();
  plant.note = "a\x1b[2J\xE2\x80\xAE";
  plant.rejected = {"line 3: \xFF"};
  const auto text = written(write_json, plant);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("\\u202e") != std::string::npos);
  CHECK(Json::parse(text)["rejected"][0] == "line 3: \xEF\xBF\xBD");
}

TEST_CASE("what could not be read is told once, and why", "[plant_report]") {
  const std::vector<NotRead> expected = {
      {"project file", "Mill", "/projects/line3.cfg:12", "", "warning", "ends early"},
      {"project file", "Mill", "/projects/line4.cfg", "", "Failed", "not a text"},
      {"target", "Mill", "10.0.0.7", "fins", "silent", "no answer"},
      {"target", "Mill", "10.0.0.8", "", "refused", ""}};
  CHECK(not_read(walked_plant()) == expected);
}

TEST_CASE("who answers on schedule no more was not read", "[plant_report]") {
  PlantReport report;
  const auto then = ot::tests::time_of("2026-11-05T10:00:00Z");
  report.states = {{"mill", "10.0.0.5", then, then, "answered", ""},
                   {"mill", "10.0.0.6", then, {}, "silent", "no answer"}};
  REQUIRE(not_read(report).size() == 1);
  CHECK(not_read(report)[0].subject == "10.0.0.6");
}

}  // namespace
