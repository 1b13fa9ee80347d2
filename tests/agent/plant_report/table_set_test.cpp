#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "agent/plant_report/plain.hpp"
#include "agent/plant_report/table_set_cell.hpp"
#include "tests/agent/plant_report/plain_sample.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace {

namespace fs = std::filesystem;
using namespace ot::agent::plant_report;
using ot::tests::TemporaryFolder;
using ot::tests::walked_plant;

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string sheet(const char* name) {
  const TemporaryFolder folder;
  REQUIRE(write_table_set(walked_plant(), folder.path().string()));
  return read(folder.path() / name);
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("the set of tables is a folder of six files", "[plant_report]") {
  const TemporaryFolder folder;
  const auto inner = folder.path() / "a" / "b";
  REQUIRE(write_table_set(walked_plant(), inner.string()));
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(inner)) {
    names.insert(entry.path().filename().string());
  }
  CHECK(names == std::set<std::string>{"devices.csv", "modules.csv", "networks.csv", "files.csv",
                                       "not_read.csv", "sent.csv"});
}

TEST_CASE("the set of tables replaces its own files and no others", "[plant_report]") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "devices.csv") << "old";
  std::ofstream(folder.path() / "mine.csv") << "mine";
  REQUIRE(write_table_set(walked_plant(), folder.path().string()));
  CHECK_FALSE(holds(read(folder.path() / "devices.csv"), "old"));
  CHECK(read(folder.path() / "mine.csv") == "mine");
}

TEST_CASE("a set of tables can't be where a file is", "[plant_report]") {
  const TemporaryFolder folder;
  const auto path = (folder.path() / "file").string();
  std::ofstream(path) << "mine";
  const auto result = write_table_set(walked_plant(), path);
  REQUIRE_FALSE(result);
  CHECK(holds(result.error().message(), path));
  CHECK(read(path) == "mine");
}

TEST_CASE("each table begins with the mark of UTF-8, and its lines end in CR LF",
          "[plant_report]") {
  for (const char* name :
       {"devices.csv", "modules.csv", "networks.csv", "files.csv", "not_read.csv", "sent.csv"}) {
    INFO(name);
    const auto text = sheet(name);
    CHECK(text.starts_with("\xEF\xBB\xBF"));
    CHECK(text.ends_with("\r\n"));
    for (auto at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
      CHECK(text[at - 1] == '\r');
    }
  }
}

TEST_CASE("every row of a table has as many cells as its head", "[plant_report]") {
  for (const char* name :
       {"devices.csv", "modules.csv", "networks.csv", "files.csv", "not_read.csv", "sent.csv"}) {
    INFO(name);
    const auto text = sheet(name);
    const auto head = text.substr(0, text.find('\n'));
    std::size_t commas = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
      commas += text[at] == ',' ? 1 : 0;
      if (text[at] == '\n') {
        CHECK(commas == static_cast<std::size_t>(std::count(head.begin(), head.end(), ',')));
        commas = 0;
      }
    }
  }
}

TEST_CASE("tables hold what spreadsheets must not change as text", "[plant_report]") {
  const auto devices = sheet("devices.csv");
  CHECK(holds(devices, ",'00012345,'1.10,"));
  CHECK(holds(devices, ",6ES7318-2AJ00-0AB0,"));
  CHECK(holds(devices, ",2026-11-05 10:01:00,2026-11-05 10:02:00,"));
  CHECK(holds(sheet("modules.csv"), ",'=DI 16,"));
}

TEST_CASE("the tables tell of networks, of what was not read, and of what was sent",
          "[plant_report]") {
  CHECK(holds(sheet("networks.csv"),
              "Northport,Mill,PN/IE_1,10.0.0.5,,,00:0e:8c:12:34:56,,,CPU 1,MPI/DP,,,,enip,"));
  CHECK(holds(sheet("not_read.csv"), "target,Mill,10.0.0.7,fins,silent,no answer\r\n"));
  CHECK(holds(sheet("sent.csv"),
              "Mill,10.0.0.5:44818,EtherNet/IP,1,1,0,3,2,1,0,120,300,"
              "CIP Get_Attributes_All of Identity: 3\r\n"));
}

TEST_CASE("a port that is linked to nothing is on no network", "[plant_report]") {
  auto plant = walked_plant();
  ot::Interface port;
  port.name = "port J";
  plant.assets[0].shown.record.interfaces.push_back(port);
  const TemporaryFolder folder;
  REQUIRE(write_table_set(plant, folder.path().string()));
  CHECK_FALSE(holds(read(folder.path() / "networks.csv"), "port J"));
}

TEST_CASE("a PROFIBUS slave has its address on its network", "[plant_report]") {
  auto plant = walked_plant();
  ot::store::StoredAddOn slave;
  slave.record.name = "ET 200M";
  slave.record.bus = "DPSUBSYSTEM 1";
  slave.record.slave_address = 5;
  plant.assets[0].shown.add_ons.push_back(slave);
  const TemporaryFolder folder;
  REQUIRE(write_table_set(plant, folder.path().string()));
  CHECK(
      holds(read(folder.path() / "networks.csv"), "Northport,Mill,DPSUBSYSTEM 1,,,,,5,,ET 200M,,"));
}

TEST_CASE("a spreadsheet takes numbers, dates and times for values", "[plant_report]") {
  for (const char* text : {"007",
                           "123456789012",
                           "1.10",
                           "2,5",
                           "1E5",
                           "4e2",
                           "1.5E+10",
                           "1-2",
                           "3/4",
                           "1-2-3",
                           "2023-11-05",
                           "1.2.3",
                           "1:20",
                           "10:20:30",
                           "SEP2",
                           "Sep-2",
                           "1 May",
                           "2 March 2021",
                           "5-OKT-21",
                           "5 PM",
                           "1:20 a",
                           "12%",
                           "(5)",
                           "1 1/2",
                           "192.168.100.200",
                           " 007 ",
                           "1."}) {
    INFO(text);
    CHECK(is_taken_for_value(text));
    CHECK(sheet_text(text) == std::string("'") + text);
  }
}

TEST_CASE("what a spreadsheet leaves alone stays as it is", "[plant_report]") {
  for (const char* text : {"",
                           "0",
                           "7",
                           "12345678901",
                           "6ES7318-2AJ00-0AB0",
                           "V1.10",
                           "10.0.0.5",
                           "10.0.0.5:9600",
                           "192.168.100.20",
                           "00:0e:8c:12:34:56",
                           "Hall 2",
                           "E5",
                           "CPU 318-2",
                           "1A2",
                           "AUG",
                           "1.2.3.4",
                           "2026-11-05 10:20:30",
                           "4da66005-911b-59b0-bb8d-193d3255af7e",
                           "May be 2",
                           "\xC3\xA4 1"}) {
    INFO(text);
    CHECK_FALSE(is_taken_for_value(text));
    CHECK(sheet_text(text) == text);
  }
}

TEST_CASE("a text longer than a cell is cut", "[plant_report]") {
  CHECK(sheet_text(std::string(40'000, 'x')).size() < 32'767);
}

TEST_CASE("a time is one that every spreadsheet knows", "[plant_report]") {
  CHECK(sheet_time_text("2026-11-05T10:20:30.123Z") == "2026-11-05 10:20:30");
}

}  // namespace
