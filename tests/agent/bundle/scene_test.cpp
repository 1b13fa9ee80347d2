#include "agent/bundle/scene.hpp"

#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "agent/bundle/observed.hpp"
#include "agent/probe_options.hpp"
#include "agent/progress.hpp"
#include "tests/agent/bundle/ledger_bundle.hpp"
#include "tests/plant/running.hpp"
#include "tests/plant/scene_reader.hpp"
#include "tests/protocols/scripted.hpp"
#include "tests/store/plant.hpp"

namespace ot::tests {
namespace {

namespace link = protocols::link;
using agent::bundle::SceneMaker;
using Event = link::LedgerEntry::Event;
using link::Wire;

link::LedgerEntry entry_of(const std::string& target, Wire wire, Event event,
                           std::string_view bytes = {}) {
  link::LedgerEntry entry;
  entry.target = target;
  entry.wire = wire;
  entry.event = event;
  entry.bytes = from_hex(bytes);
  return entry;
}

/// A ledger in memory, of all probes behind each other.
class KeptLedger final : public link::Ledger {
 public:
  void note(const link::LedgerEntry& entry) override { entries.push_back(entry); }
  std::vector<link::LedgerEntry> entries;
};

struct Port {
  std::string host;
  std::string target;
};

/// Where the hosts of a plant have a protocol.
std::vector<Port> ports_of(const RunningPlant& plant, const std::vector<std::string>& hosts,
                           const std::string& protocol) {
  std::vector<Port> ports;
  for (const auto& host : hosts) {
    for (const auto* transport : {"tcp", "udp"}) {
      try {
        ports.push_back({host, fmt::format("{}:{}", plant.address(host, protocol, transport),
                                           plant.port(host, protocol, transport))});
        break;
      } catch (const std::runtime_error&) {
        continue;  // the host has no such protocol
      }
    }
  }
  return ports;
}

/// What each host of the plant says by each protocol, by "host protocol"; times and ports left out.
std::map<std::string, std::string> said_by(const RunningPlant& plant,
                                           const std::vector<std::string>& hosts,
                                           link::Ledger& ledger) {
  std::map<std::string, std::string> said;
  const store::test::Folder folder;
  auto store = store::test::open(folder.path("s.db"));
  for (const std::string protocol : {"fins", "enip", "modbus"}) {
    const auto ports = ports_of(plant, hosts, protocol);
    std::map<std::string, std::string> names;
    agent::ProbeOptionTexts texts;
    texts.protocols = {protocol};
    texts.gap = 0;
    for (const auto& port : ports) {
      texts.targets.push_back(port.target);
      names[port.target] = port.host;
    }
    if (protocol == "modbus") {
      texts.units = {"1-8"};
    }
    auto job = agent::job_of(texts);
    REQUIRE(job);
    job->rules.deadline = std::chrono::milliseconds(400);
    job->ledger = &ledger;
    job->on_answers = [&](const std::vector<agent::Answer>& answers) {
      for (const auto& answer : answers) {
        auto line = agent::bundle::observed_json(answer, "");
        const auto name = names.at(answer.target.text()) + " " + protocol;
        said[name] = line.is_null() ? "" : line["asset"].dump();
      }
    };
    agent::Progress progress("probe");
    REQUIRE(agent::run_probes(store, std::move(*job), progress));
  }
  return said;
}

std::string demo_scene() {
  std::ifstream file(std::filesystem::path(RACKSCOUT_TESTS_DIR) / "plant/scenes/demo.toml");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// The addresses of the demo plant; a scene that is made of it names its hosts by them.
const std::map<std::string, std::string>& demo_hosts() {
  static const std::map<std::string, std::string> hosts = {
      {"press-line-1", "127.10.0.1"},     {"packaging-nx", "127.10.0.2"},
      {"pump-station", "127.10.0.3"},     {"boiler-house", "127.10.0.4"},
      {"substation-meter", "127.10.0.5"}, {"meter-gateway", "127.10.0.6"},
      {"silent-controller", "127.10.0.7"}};
  return hosts;
}

}  // namespace

TEST_CASE("a scene that is made of a walk answers as the plant did", "[bundle][scene][plant]") {
  std::vector<std::string> names;
  std::vector<std::string> addresses;
  for (const auto& [name, address] : demo_hosts()) {
    names.push_back(name);
    addresses.push_back(address);
  }
  KeptLedger ledger;
  std::map<std::string, std::string> first;
  {
    const RunningPlant plant(demo_scene());
    first = said_by(plant, names, ledger);
  }
  SceneMaker maker;
  for (const auto& entry : ledger.entries) {
    maker.add(entry);
  }
  CHECK(maker.size() == demo_hosts().size());
  const RunningPlant again(maker.text());
  KeptLedger ignored;
  const auto second = said_by(again, addresses, ignored);
  REQUIRE(first.size() == second.size());
  std::size_t told = 0;
  for (const auto& [name, said] : first) {
    const auto blank = name.find(' ');
    INFO(name);
    CHECK(second.at(demo_hosts().at(name.substr(0, blank)) + name.substr(blank)) == said);
    told += said.empty() ? 0 : 1;
  }
  CHECK(told == 7);
}

TEST_CASE("a port that refused or never answered over UDP is not in a scene", "[bundle][scene]") {
  SceneMaker maker;
  maker.add(entry_of("10.0.0.1:9600", Wire::fins_tcp, Event::connect));
  maker.add(entry_of("10.0.0.1:9600", Wire::fins_tcp, Event::refused));
  maker.add(entry_of("10.0.0.1:9600", Wire::fins_udp, Event::connected));
  maker.add(entry_of("10.0.0.1:9600", Wire::fins_udp, Event::sent, "80"));
  auto refused = entry_of("10.0.0.1:9600", Wire::fins_udp, Event::unanswered);
  refused.error = Errc::refused;
  maker.add(refused);
  CHECK(maker.size() == 0);
  CHECK(maker.text().find("[[host]]") == std::string::npos);
}

TEST_CASE("the addresses of a scene are those of a loopback, each its own", "[bundle][scene]") {
  SceneMaker maker;
  for (const auto* target : {"10.20.0.5:502", "11.20.0.5:502", "127.20.0.5:502"}) {
    maker.add(entry_of(target, Wire::modbus_tcp, Event::connected));
  }
  const auto scene = plant::read_scene(maker.text());
  INFO((scene ? "" : scene.error().text()));
  REQUIRE(scene.has_value());
  REQUIRE(scene->hosts.size() == 3);
  std::set<std::string> addresses;
  for (const auto& host : scene->hosts) {
    CHECK(host.address.last_octet() == 5);
    addresses.insert(host.address.text());
  }
  CHECK(addresses == std::set<std::string>{"127.20.0.5", "127.21.0.5", "127.22.0.5"});
  CHECK(scene->hosts[0].name == "10.20.0.5");
}

TEST_CASE("a request that a stop cut off is left out, silence and an end are kept",
          "[bundle][scene]") {
  SceneMaker maker;
  const std::string target = "10.0.0.1:502";
  maker.add(entry_of(target, Wire::modbus_tcp, Event::connected));
  maker.add(entry_of(target, Wire::modbus_tcp, Event::sent, "aa"));
  auto silent = entry_of(target, Wire::modbus_tcp, Event::unanswered);
  silent.error = Errc::silent;
  maker.add(silent);
  maker.add(entry_of(target, Wire::modbus_tcp, Event::sent, "bb"));
  maker.add(entry_of(target, Wire::modbus_tcp, Event::received, "cc"));
  auto closed = entry_of(target, Wire::modbus_tcp, Event::closed);
  closed.error = Errc::closed;
  maker.add(closed);
  maker.add(entry_of(target, Wire::modbus_tcp, Event::sent, "dd"));
  const auto scene = plant::read_scene(maker.text());
  REQUIRE(scene.has_value());
  const auto& exchanges = scene->hosts.at(0).recorded.at(0).exchanges;
  REQUIRE(exchanges.size() == 2);
  CHECK(exchanges[0].answers.empty());
  CHECK_FALSE(exchanges[0].closes);
  CHECK(exchanges[1].answers == std::vector<std::string>{"\xCC"});
  CHECK(exchanges[1].closes);
}

TEST_CASE("a serial line of a walk becomes one of the scene", "[bundle][scene]") {
  SceneMaker maker;
  maker.add(entry_of("/dev/ttyUSB0", Wire::modbus_rtu, Event::connected));
  maker.add(entry_of("/dev/ttyUSB0", Wire::modbus_rtu, Event::sent, "0111c02c"));
  maker.add(entry_of("/dev/ttyUSB0", Wire::modbus_rtu, Event::received, "011101ff0000"));
  const auto scene = plant::read_scene(maker.text());
  INFO((scene ? "" : scene.error().text()));
  REQUIRE(scene.has_value());
  REQUIRE(scene->lines.size() == 1);
  CHECK(scene->lines[0].name == "/dev/ttyUSB0");
  CHECK(scene->lines[0].exchanges.size() == 1);
}

TEST_CASE("a bundle with several areas becomes a scene each", "[bundle][scene]") {
  LedgerBundle made;
  for (const auto* area : {"Hall 1", "Hall/1", "North"}) {
    made.add(area, entry_of("10.0.0.1:502", Wire::modbus_tcp, Event::connected));
  }
  const auto files = agent::bundle::scenes_of(made.open(), "out/plant.toml");
  REQUIRE(files.has_value());
  std::set<std::string> paths;
  for (const auto& file : *files) {
    paths.insert(file.path);
    CHECK(file.hosts == 1);
  }
  CHECK(paths == std::set<std::string>{"out/plant-Hall-1.toml", "out/plant-Hall-1-2.toml",
                                       "out/plant-North.toml"});
}

}  // namespace ot::tests
