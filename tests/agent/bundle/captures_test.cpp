// What others asked real devices: captures that are not ours to distribute. Each file of captures/
// names one, or exchanges of a page of them, and holds what stands in it, listed by hand. Where the
// captures are not there, the test says so and passes.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include <nlohmann/json.hpp>

#include "agent/bundle/replay.hpp"
#include "agent/json_text.hpp"
#include "agent/progress.hpp"
#include "tests/agent/bundle/capture.hpp"
#include "tests/agent/bundle/ledger_bundle.hpp"
#include "tests/protocols/scripted.hpp"

namespace ot::tests {
namespace {

namespace fs = std::filesystem;
namespace link = protocols::link;
using agent::bundle::Recording;
using Entries = std::vector<link::LedgerEntry>;
using Json = nlohmann::json;

fs::path shared_data() {
  const char* named = std::getenv("RACKSCOUT_SHARED_DATA");
  return named != nullptr ? fs::path(named)
                          : fs::path(RACKSCOUT_TESTS_DIR) / ".." / ".." / "shared" / "data";
}

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// A frame of the page, by the title of its section and its number in its capture.
std::string frame_of(const std::string& page, const std::string& title, int number) {
  const auto section = page.find(title);
  const auto frame = page.find("\nframe " + std::to_string(number) + " (", section);
  const auto end = page.find("\n### ", section);
  if (section == std::string::npos || frame == std::string::npos || frame > end) {
    throw std::runtime_error("the page has no frame " + std::to_string(number) + " of " + title);
  }
  const auto begin = page.find("```\n", frame) + 4;
  return from_hex(page.substr(begin, page.find('\n', begin) - begin));
}

/// Exchanges that the page shows; what stands before the payload is skipped.
Entries entries_of_page(const Json& listed) {
  const auto page = text_of(shared_data() / "exchanges.md");
  Entries entries;
  for (const auto& exchange : listed) {
    const auto title = exchange.at("title").get<std::string>();
    const auto skip = exchange.value("skip", std::size_t{0});
    const auto wire = link::wire_from(exchange.at("wire").get<std::string>());
    const auto frame = [&](const char* name) {
      return exchange.contains(name)
                 ? frame_of(page, title, exchange.at(name).get<int>()).substr(skip)
                 : std::string();
    };
    const auto made = exchange_entries(exchange.at("target").get<std::string>(), wire.value(),
                                       Time{}, frame("request"), frame("answer"));
    entries.insert(entries.end(), made.begin(), made.end());
  }
  return entries;
}

/// A capture in which all goes one way: requests and their answers by the numbers of their frames.
Entries entries_of_pairs(const fs::path& capture, const Json& pairs) {
  const auto packets = packets_in(capture);
  std::map<std::uint32_t, std::uint32_t> answers;
  for (const auto& pair : pairs) {
    answers[pair.at(0).get<std::uint32_t>()] = pair.at(1).get<std::uint32_t>();
  }
  Entries entries;
  for (const auto& [number, packet] : packets) {
    constexpr char kResponse = 0x40;
    if ((packet.payload.at(0) & kResponse) != 0) {
      continue;
    }
    const auto answer = answers.find(number);
    const auto made = exchange_entries(
        packet.destination + ":" + std::to_string(packet.destination_port), link::Wire::fins_udp,
        packet.at, packet.payload,
        answer == answers.end() ? std::string() : packets.at(answer->second).payload);
    entries.insert(entries.end(), made.begin(), made.end());
  }
  return entries;
}

Entries entries_of(const Json& expected) {
  if (expected.contains("page")) {
    return entries_of_page(expected.at("page"));
  }
  const auto capture = shared_data() / "pcap" / expected.at("capture").get<std::string>();
  return expected.contains("pairs") ? entries_of_pairs(capture, expected.at("pairs"))
                                    : ledger_of(packets_in(capture));
}

std::string protocol_of(link::Wire wire) {
  switch (wire) {
    case link::Wire::fins_tcp:
    case link::Wire::fins_udp: return "fins";
    case link::Wire::enip_tcp:
    case link::Wire::enip_udp: return "enip";
    default: return "modbus";
  }
}

agent::bundle::Bundle bundle_of(LedgerBundle& made, const Entries& entries) {
  std::set<std::pair<std::string, std::string>> targets;
  for (const auto& entry : entries) {
    made.add("", entry);
    targets.emplace(entry.target, protocol_of(entry.wire));
  }
  for (const auto& [target, protocol] : targets) {
    made.add_leg("", {target}, {protocol});
  }
  return made.open();
}

void check_readings(const Json& expected, const Entries& entries) {
  Recording recording(Recording::Use::replay);
  for (const auto& entry : entries) {
    recording.add(entry);
  }
  Json kinds = Json::object();
  Json fields = Json::array();
  for (const auto& asked : recording.asked()) {
    const auto reading = agent::bundle::reading_of(asked.wire, asked.request, asked.answers);
    kinds[reading.kind] = kinds.value(reading.kind, 0) + 1;
    if (!reading.fields.is_null()) {
      auto one = Json::parse(agent::json_text(reading.fields, -1));
      one["target"] = asked.target;
      fields.push_back(std::move(one));
    }
  }
  CHECK(kinds.dump(1) == expected.at("kinds").dump(1));
  CHECK(fields.dump(1) == expected.at("fields").dump(1));
}

void check_replay(const Json& expected, const Entries& entries) {
  LedgerBundle made;
  const auto bundle = bundle_of(made, entries);
  agent::Progress progress("replay");
  const auto report = agent::bundle::replay(bundle, progress);
  INFO((report ? "" : report.error().text()));
  REQUIRE(report.has_value());
  std::uint64_t asked = 0;
  for (const auto& count : expected.at("kinds")) {
    asked += count.get<std::uint64_t>();
  }
  CHECK(report->exchanges == asked);
  CHECK(report->used + report->unused.size() == asked);
  for (const auto& [target, device] : expected.at("read").items()) {
    const auto is_it = [&name = target](const auto& one) { return one.name() == name; };
    const auto found = std::find_if(report->gained.begin(), report->gained.end(), is_it);
    INFO(target);
    REQUIRE(found != report->gained.end());
    CHECK(found->device == device.get<std::string>());
  }
}

}  // namespace

TEST_CASE("a replay of real captures gives the fields that they hold", "[bundle][replay][shared]") {
  if (!fs::exists(shared_data())) {
    std::cerr << "skipped: the captures are not there (" << shared_data().string() << ")\n";
    return;
  }
  for (const auto& entry :
       fs::directory_iterator(fs::path(RACKSCOUT_TESTS_DIR) / "agent/bundle/captures")) {
    DYNAMIC_SECTION(entry.path().stem().string()) {
      const auto expected = Json::parse(text_of(entry.path()));
      const auto entries = entries_of(expected);
      check_readings(expected, entries);
      check_replay(expected, entries);
    }
  }
}

}  // namespace ot::tests
