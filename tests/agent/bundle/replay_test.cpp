#include "agent/bundle/replay.hpp"

#include <nlohmann/json.hpp>

#include "agent/bundle/replay_text.hpp"
#include "agent/progress.hpp"
#include "tests/agent/bundle/capture.hpp"
#include "tests/agent/bundle/ledger_bundle.hpp"
#include "tests/protocols/scripted.hpp"
#include "tests/store/plant.hpp"

namespace ot::tests {
namespace {

using agent::bundle::field_changes;
using agent::bundle::FieldChange;
using agent::bundle::reading_of;
using agent::bundle::ReplayReport;
using protocols::link::LedgerEntry;
using protocols::link::Wire;
using Event = LedgerEntry::Event;

constexpr auto kTarget = "10.0.0.5:502";
const Time kWalked{std::chrono::milliseconds(1'700'000'000'000)};

/// Read Device Identification of unit 255, and its answer: ACME, PLC-1, V2.
constexpr auto kAsked = "000100000005ff2b0e0200";
constexpr auto kAnswered =
    "00010000001aff2b0e02820000030004"
    "41434d450105504c432d3102025632";

LedgerEntry entry_of(Event event, std::string_view bytes = {}) {
  LedgerEntry entry;
  entry.at = kWalked;
  entry.target = kTarget;
  entry.wire = Wire::modbus_tcp;
  entry.event = event;
  entry.bytes = from_hex(bytes);
  return entry;
}

/// A walk through an area with one device that was read, and a question that no probe asks.
void fill(LedgerBundle& made, std::string observations) {
  made.add_leg("Hall 1", {kTarget}, {"modbus"});
  made.add("Hall 1", entry_of(Event::connect));
  made.add("Hall 1", entry_of(Event::connected));
  made.add("Hall 1", entry_of(Event::sent, kAsked));
  made.add("Hall 1", entry_of(Event::received, kAnswered));
  made.add("Hall 1", entry_of(Event::sent, "000200000006010300000001"));
  made.add("Hall 1", entry_of(Event::received, "000200000003018302"));
  made.add("Hall 1", entry_of(Event::closed));
  made.set_observations(std::move(observations));
}

std::string observation(const std::string& firmware) {
  return R"({"area":"Hall 1","target":"10.0.0.5:502","protocol":"modbus",)"
         R"("time":"2020-01-01T00:00:00.000Z","whole":true,"asset":{"hardware":)"
         R"({"vendor":"ACME","model":"PLC-1"},"firmwareVersion":")" +
         firmware + "\"}}\n";
}

ReplayReport replayed(std::string observations) {
  LedgerBundle made;
  fill(made, std::move(observations));
  const auto bundle = made.open();
  agent::Progress progress("replay");
  auto report = agent::bundle::replay(bundle, progress);
  INFO((report ? "" : report.error().text()));
  REQUIRE(report.has_value());
  return std::move(*report);
}

std::string text_of(const ReplayReport& report) {
  std::string text;
  agent::bundle::write_replay_text(report, [&text](std::string_view part) { text += part; });
  return text;
}

bool has(const std::vector<FieldChange>& changes, const FieldChange& change) {
  return std::find(changes.begin(), changes.end(), change) != changes.end();
}

}  // namespace

TEST_CASE("a replay says field by field what is read otherwise than on the walk",
          "[bundle][replay]") {
  const auto report = replayed(observation("V1"));
  REQUIRE(report.changed.size() == 1);
  CHECK(report.changed[0].name() == "Hall 1, 10.0.0.5:502 modbus");
  CHECK(has(report.changed[0].changes, {"", "firmwareVersion", "V1", "V2"}));
  CHECK(report.gained.empty());
  CHECK(report.lost.empty());
  CHECK_THAT(text_of(report), Catch::Contains("Hall 1, 10.0.0.5:502 modbus: firmwareVersion: "
                                              "\"V1\" -> \"V2\""));
}

TEST_CASE("a replay says what is read now and was not, and the reverse", "[bundle][replay]") {
  const auto gained = replayed("");
  REQUIRE(gained.gained.size() == 1);
  CHECK(gained.gained[0].device == "ACME PLC-1");
  const auto lost = replayed(R"({"target":"10.0.0.9:9600","protocol":"fins","asset":{}})"
                             "\n");
  REQUIRE(lost.lost.size() == 1);
  CHECK(lost.lost[0].name() == "10.0.0.9:9600 fins");
}

TEST_CASE("an exchange that no probe asks for is shown as such", "[bundle][replay]") {
  const auto report = replayed("");
  CHECK(report.exchanges == 2);
  CHECK(report.used == 1);
  REQUIRE(report.unused.size() == 1);
  CHECK(report.unused[0].at == kWalked);
  CHECK(report.unused[0].reading.kind == "Modbus 03 Read Holding Registers");
  CHECK(report.unused[0].reading.outcome == "Modbus exception 02 (illegal data address)");
  CHECK_THAT(text_of(report),
             Catch::Contains("not asked by any probe today: Modbus 03 Read Holding Registers, "
                             "1 exchange with 10.0.0.5:502"));
  const auto json = agent::bundle::replay_json(report);
  CHECK(json["counts"]["exchanges"] == 2);
  CHECK(json["unused"][0]["area"] == "Hall 1");
}

TEST_CASE("what a replay reads goes into the store with the times of the walk",
          "[bundle][replay]") {
  LedgerBundle made;
  fill(made, "");
  const auto bundle = made.open();
  const store::test::Folder folder;
  auto store = store::test::open(folder.path("s.db"));
  agent::Progress progress("replay");
  REQUIRE(agent::bundle::replay(bundle, store, progress));
  const auto assets = store.find_assets("10.0.0.5");
  REQUIRE(assets);
  REQUIRE(assets->size() == 1);
  CHECK(assets->front().area == "Hall 1");
  REQUIRE(assets->front().sightings.size() == 1);
  CHECK(assets->front().sightings[0].last_seen == kWalked);
}

TEST_CASE("a bundle whose target is a name is not replayed: names are not looked up",
          "[bundle][replay]") {
  LedgerBundle made;
  made.add_leg("", {"plc.example"}, {"fins"});
  const auto bundle = made.open();
  agent::Progress progress("replay");
  const auto report = agent::bundle::replay(bundle, progress);
  REQUIRE_FALSE(report.has_value());
  CHECK_THAT(report.error().text(), Catch::Contains("names are not looked up"));
}

TEST_CASE("changes are told by the place of a module, not by its number", "[bundle][replay]") {
  const auto before = nlohmann::json::parse(
      R"({"asset":{"addOns":[{"unitAddress":"16"},{"unitAddress":"17","firmwareVersion":"1"}]}})");
  const auto after = nlohmann::json::parse(
      R"({"asset":{"addOns":[{"unitAddress":"17","firmwareVersion":"2"},{"unitAddress":"18"}]}})");
  const auto changes = field_changes(before, after);
  CHECK(has(changes, {"unit address 17", "firmwareVersion", "1", "2"}));
  CHECK(has(changes, {"unit address 16", "module", "there", ""}));
  CHECK(has(changes, {"unit address 18", "module", "", "there"}));
  CHECK(field_changes(before, before).empty());
}

TEST_CASE("the time of an observation is no change", "[bundle][replay]") {
  const auto line = [](const char* time) {
    return nlohmann::json{{"time", time}, {"whole", true}};
  };
  CHECK(field_changes(line("2024"), line("2025")).empty());
  CHECK(field_changes(line("2024"), {{"whole", false}}).size() == 1);
}

TEST_CASE("no bytes of a request or of an answer make a reading fail", "[bundle][replay]") {
  const std::vector<std::string> requests = {"",
                                             "03",
                                             "0300000703000000",
                                             "810a0004",
                                             "46494e53000000080000000200000000",
                                             kAsked,
                                             "6f00000000000000000000000000000000000000000000",
                                             "800002000000006300ef0501",
                                             "5a",
                                             "ff"};
  for (const auto wire : {Wire::fins_tcp, Wire::fins_udp, Wire::enip_tcp, Wire::enip_udp,
                          Wire::modbus_tcp, Wire::modbus_rtu}) {
    for (const auto& request : requests) {
      const auto bytes = from_hex(request);
      CHECK_FALSE(reading_of(wire, bytes, {}).kind.empty());
      for (const auto& answer : requests) {
        CHECK_FALSE(reading_of(wire, bytes, {from_hex(answer)}).outcome.empty());
      }
      for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK_FALSE(reading_of(wire, bytes.substr(0, size), {bytes}).kind.empty());
      }
    }
  }
}

}  // namespace ot::tests
