// `probe` and `survey` against simulated controllers, each in a process of its own.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "store/store.hpp"
#include "tests/catch.hpp"
#include "tests/e2e/program.hpp"
#include "tests/plant/running.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// The documented rack. Its node address, 11, is not ours on 127.0.0.1.
constexpr std::string_view kRack = R"(
[[host]]
name = "press"
address = "127.50.0.11"
[host.fins]
port = 0
cpu = "CJ2M-CPU33"
version = "02.01"
units = [
  {address = 16, model = "CJ2M-EIP21", version = "V2.17"},
  {address = 18, model = "CJ1W-ETN21", version = "V1.56"},
  {address = 35, model = "CJ1W-DA021"},
]
)";

/// A chassis of four slots; another module may sit in slot 1.
std::string chassis_scene(std::string_view serial_of_slot_1, std::uint16_t port = 0) {
  return fmt::format(R"(
[[host]]
name = "mixer"
address = "127.50.0.2"
[host.enip]
port = {}
udp = false
[host.enip.identity]
vendor = 1
type = 12
code = 166
major = 5
minor = 28
serial = 0x005eae75
name = "1756-EN2T/B"
[host.enip.chassis]
serial = 0x001b2ab1
slots = 4
own_slot = 2
modules = [
  {{slot = 0, vendor = 1, type = 0x0E, code = 54, major = 20, minor = 11, serial = 0x006c061a, name = "1756-L61/B LOGIX5561"}},
  {{slot = 1, vendor = 1, type = 7, code = 11, major = 3, minor = 1, serial = {}, name = "1756-IB16/A DCIN"}},
]
)",
                     port, serial_of_slot_1);
}

constexpr std::string_view kModbus = R"(
[[host]]
name = "meter"
address = "127.50.0.3"
[host.modbus]
port = 0
objects = {0 = "Schneider Electric", 1 = "PM5560", 2 = "v02.10"}
)";

/// A store of its own, and the program run on it.
class Bench {
 public:
  std::string store() const { return (folder_.path() / "plant.db").string(); }
  std::string file(std::string_view name) const { return (folder_.path() / name).string(); }

  Run probe(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"probe", "--store", store()});
    return rackscout(std::move(arguments));
  }
  Run probe(const RunningPlant& plant, std::string_view host, std::string_view protocol,
            std::vector<std::string> more = {}) const {
    more.push_back(target(plant, host, protocol));
    more.insert(more.begin(), {"--protocol", std::string(protocol), "--format", "json"});
    return probe(std::move(more));
  }
  static std::string target(const RunningPlant& plant, std::string_view host,
                            std::string_view protocol, std::string_view transport = "tcp") {
    return fmt::format("{}:{}", plant.address(host, protocol, transport),
                       plant.port(host, protocol, transport));
  }

 private:
  TemporaryFolder folder_;
};

Json only_asset(const Run& run) {
  INFO(run.err);
  const auto list = Json::parse(run.out, nullptr, false);
  REQUIRE(list.is_object());
  REQUIRE(list["assets"].size() == 1);
  return list["assets"][0];
}

/// "18 CJ1W-ETN21 1.56 Communication Module", each add-on in its order.
std::vector<std::string> add_ons(const Json& asset) {
  std::vector<std::string> lines;
  for (const auto& add_on : asset.value("addOns", Json::array())) {
    lines.push_back(fmt::format(
        "{} {} {} {}", add_on.value("unitAddress", ""), add_on["hardware"].value("model", ""),
        add_on.value("firmwareVersion", "-"), add_on["hardware"].value("category2", "-")));
  }
  return lines;
}

std::vector<Json> ledger_of(const std::string& path) {
  std::vector<Json> lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    lines.push_back(Json::parse(line));
  }
  return lines;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

int times(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
    ++count;
  }
  return count;
}

/// The UDP port from which FINS units are asked again, in other hands.
class TakenFinsPort {
 public:
  TakenFinsPort() : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    constexpr std::uint16_t kFinsPort = 9600;
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(kFinsPort);
    taken_ = ::bind(socket_, reinterpret_cast<const sockaddr*>(&any), sizeof any) == 0;
  }
  TakenFinsPort(const TakenFinsPort&) = delete;
  TakenFinsPort& operator=(const TakenFinsPort&) = delete;
  ~TakenFinsPort() { ::close(socket_); }
  bool taken() const { return taken_; }

 private:
  int socket_;
  bool taken_ = false;
};

/// Everything but when it was seen.
Json without_last_seen(Json asset) {
  for (auto& item : asset["interfaces"]) {
    item.erase("lastSeen");
  }
  asset.erase("lastScanned");
  for (auto& item : asset["assetModules"]) {
    item.erase("lastScanned");
  }
  return asset;
}

}  // namespace

TEST_CASE("the documented CJ2M rack is read over FINS", "[probe]") {
  RunningPlant plant(kRack);
  const Bench bench;
  const auto run = bench.probe(plant, "press", "fins");
  CHECK(run.exit_code == 0);
  const auto asset = only_asset(run);
  CHECK(asset["address"] == "127.50.0.11");
  CHECK(asset["hardware"]["vendor"] == "Omron");
  CHECK(asset["hardware"]["model"] == "CJ2M-CPU33");
  CHECK(asset["hardware"]["productName"] == "CJ2M CPU Unit");
  CHECK(asset["hardware"]["category2"] == "Programmable Logic Controller (PLC)");
  CHECK(asset["firmwareVersion"] == "2.01");
  CHECK(asset["inventory"]["source"] == "Active Probe");
  CHECK(asset["discoveryProtocols"] == Json::array({"fins"}));
  auto lines = add_ons(asset);
  std::sort(lines.begin(), lines.end());
  CHECK(lines == std::vector<std::string>{"16 CJ2M-EIP21 2.17 Communication Module",
                                          "18 CJ1W-ETN21 1.56 Communication Module",
                                          "35 CJ1W-DA021 - I/O Module"});
  CHECK(plant.end() == 0);  // nothing forbidden came
}

TEST_CASE("the rack is the same over UDP where TCP is closed", "[probe]") {
  std::string scene(kRack);
  scene.insert(scene.find("cpu ="), "tcp = false\n");
  RunningPlant plant(scene);
  const Bench bench;
  const auto run = bench.probe(
      {"--protocol", "fins", "--format", "json", Bench::target(plant, "press", "fins", "udp")});
  CHECK(add_ons(only_asset(run)).size() == 3);
}

TEST_CASE("a second probe of the same rack changes only when it was last seen", "[probe]") {
  RunningPlant plant(kRack);
  const Bench bench;
  const auto first = only_asset(bench.probe(plant, "press", "fins"));
  const auto second = only_asset(bench.probe(plant, "press", "fins"));
  CHECK(without_last_seen(first) == without_last_seen(second));
  CHECK(first["interfaces"][0]["lastSeen"] < second["interfaces"][0]["lastSeen"]);
  CHECK(first["interfaces"][0]["firstSeen"] == second["interfaces"][0]["firstSeen"]);
}

TEST_CASE("a swapped module is told by the journal, with both serial numbers", "[probe]") {
  const Bench bench;
  std::uint16_t port = 0;
  {
    RunningPlant plant(chassis_scene("0x00aabb01"));
    port = plant.port("mixer", "enip", "tcp");
    const auto asset = only_asset(bench.probe(plant, "mixer", "enip"));
    CHECK(asset["hardware"]["vendor"] == "Rockwell Automation/Allen-Bradley");
    CHECK(add_ons(asset).size() == 2);  // the CPU in slot 0 is the asset
  }
  RunningPlant plant(chassis_scene("0x00aabb02", port), RunningPlant::Ports::as_written);
  only_asset(bench.probe(plant, "mixer", "enip"));
  auto store = store::Store::open(bench.store(), store::Mode::read_only);
  REQUIRE(store);
  const auto journal = store->journal();
  REQUIRE(journal);
  const auto swapped = std::find_if(journal->begin(), journal->end(), [](const auto& entry) {
    return entry.kind == "module.swapped";
  });
  REQUIRE(swapped != journal->end());
  CHECK(holds(swapped->before, "0x00aabb01"));
  CHECK(holds(swapped->after, "0x00aabb02"));
}

TEST_CASE("a plan sends nothing", "[probe]") {
  RunningPlant plant(kRack);
  const Bench bench;
  const auto target = Bench::target(plant, "press", "fins");
  const auto run = bench.probe({"--plan", "--protocol", "fins", target});
  CHECK(run.exit_code == 0);
  CHECK(holds(run.out, "Nothing was sent."));
  CHECK(holds(run.out, "CONNECTION DATA READ"));
  CHECK(plant.requests().empty());
  CHECK_FALSE(fs::exists(bench.store()));
}

TEST_CASE("a plan of excluded targets alone is a plan", "[probe]") {
  const auto run = Bench().probe({"--plan", "--exclude", "10.0.0.1", "10.0.0.1"});
  CHECK(run.exit_code == 0);
  CHECK(holds(run.out, "excluded: 1"));
}

TEST_CASE("an exclusion wins over an explicit target", "[probe]") {
  RunningPlant plant(kRack);
  const Bench bench;
  const bool by_file = GENERATE(true, false);
  std::ofstream(bench.file("never")) << "# the press\n127.50.0.0/24\n";
  auto arguments = by_file ? std::vector<std::string>{"--exclude-file", bench.file("never")}
                           : std::vector<std::string>{"--exclude", "127.50.0.11"};
  const auto run = bench.probe(plant, "press", "fins", std::move(arguments));
  CHECK(run.exit_code == 3);
  CHECK(holds(run.err, "nothing was asked; 1 excluded; 0 requests"));
  CHECK(holds(run.err, "excluded (1): 127.50.0.11"));
  CHECK(plant.log().empty());
}

TEST_CASE("nothing is sent while the stop file is there", "[probe]") {
  RunningPlant plant(kRack);
  const Bench bench;
  std::ofstream(bench.file("stop")) << "";
  const auto run = bench.probe(plant, "press", "fins", {"--stop-file", bench.file("stop")});
  CHECK(run.exit_code == 130);
  CHECK(holds(run.err, "stopped by the stop file " + bench.file("stop")));
  CHECK(holds(run.err, "nothing was asked; 1 not asked"));
  CHECK(holds(run.err, "not asked (1): 127.50.0.11"));
  CHECK(plant.requests().empty());
}

TEST_CASE("the ledger has every request that the device saw", "[probe]") {
  RunningPlant plant(kRack);
  const Bench bench;
  bench.probe(plant, "press", "fins", {"--ledger", bench.file("ledger")});
  std::vector<std::string> sent;
  for (const auto& line : ledger_of(bench.file("ledger"))) {
    if (line["event"] == "sent") {
      sent.push_back(line["bytes"].get<std::string>());
    }
  }
  std::vector<std::string> seen;
  for (const auto& request : plant.requests()) {
    seen.push_back(request.hex);
  }
  CHECK(sent == seen);
  // Node address, 05 01, one page of 05 02, and each of the two bus units.
  CHECK(sent.size() == 5);
  CHECK((fs::status(bench.file("ledger")).permissions() & fs::perms::others_read) ==
        fs::perms::none);
}

TEST_CASE("a Modbus meter and a closed port are told apart from silence", "[probe]") {
  RunningPlant plant(kModbus);
  const Bench bench;
  const auto asset = only_asset(bench.probe(plant, "meter", "modbus"));
  CHECK(asset["hardware"]["vendor"] == "Schneider Electric");
  CHECK(asset["hardware"]["model"] == "PM5560");
  CHECK(asset["firmwareVersion"] == "v02.10");
  const auto closed = bench.probe({"--protocol", "modbus", "127.50.0.9:1"});
  CHECK(closed.exit_code == 3);
  CHECK(holds(closed.err, "refused (1): 127.50.0.9"));
}

TEST_CASE("units on a serial line are read by their addresses, noise and empty ones apart",
          "[probe]") {
  RunningPlant plant(R"(
[[rtu]]
name = "drives"
units = [
  {address = 1, objects = {0 = "ABB", 1 = "ACS580", 2 = "2.10"}},
  {address = 2, fc43 = "refuses", server_id = "Drive"},
]
[rtu.fault]
kind = "bad_crc"
times = 1
)");
  const Bench bench;
  const auto line = plant.address("drives", "modbus", "serial");
  const auto run =
      bench.probe({"--format", "json", "--units", "1-3", "--ledger", bench.file("ledger"), line});
  CHECK(run.exit_code == 0);
  CHECK(holds(run.err, "1 of 1 target answered"));
  CHECK(holds(run.err, line + " modbus: note: unit 3: no answer"));
  const auto asset = only_asset(run);
  REQUIRE(asset["addOns"].size() == 2);
  CHECK(asset["addOns"][1]["unitAddress"] == "1");
  CHECK(asset["addOns"][1]["hardware"]["vendor"] == "ABB");
  CHECK(asset["addOns"][1]["firmwareVersion"] == "2.10");
  CHECK(asset["addOns"][0]["unitAddress"] == "2");
  const auto ledger = ledger_of(bench.file("ledger"));
  REQUIRE(ledger.size() > 3);
  CHECK(ledger[2]["bytes"] == "012b0e02007087");  // with its CRC, as on the line
  CHECK(plant.end() == 0);
}

TEST_CASE("a serial line that gives no answer is told", "[probe]") {
  RunningPlant plant(R"(
[[rtu]]
name = "empty"
units = [{address = 9, objects = {0 = "ABB"}}]
)");
  const Bench bench;
  const auto run = bench.probe({plant.address("empty", "modbus", "serial")});
  CHECK(run.exit_code == 3);
  CHECK(holds(run.err, "silent"));
}

TEST_CASE("a serial line that is excluded is listed as such", "[probe]") {
  RunningPlant plant(std::string(kModbus) + "[[rtu]]\nname = \"line\"\nunits = [{address = 1}]\n");
  const auto line = plant.address("line", "modbus", "serial");
  const Bench bench;
  const auto run = bench.probe(
      {"--protocol", "modbus", "--exclude", line, line, Bench::target(plant, "meter", "modbus")});
  CHECK(run.exit_code == 0);
  CHECK(holds(run.err, "1 of 1 asked answered; 1 excluded"));
  CHECK(holds(run.err, "excluded (1): " + line));
  CHECK_FALSE(holds(run.err, "to be looked at"));
}

TEST_CASE("what is to be looked at goes by address, and nothing is said twice", "[probe]") {
  std::string scene;
  for (const int number : {10, 1, 2}) {
    scene += fmt::format(R"(
[[host]]
name = "h{0}"
address = "127.50.1.{0}"
[host.fins]
port = 0
cpu = "CJ2M-CPU33"
version = "02.01"
refuses = {{0x0502 = 0x1101}}
)",
                         number);
  }
  RunningPlant plant(scene);
  const Bench bench;
  std::vector<std::string> arguments{"--protocol", "fins"};
  for (const auto* host : {"h10", "h1", "h2"}) {
    arguments.push_back(Bench::target(plant, host, "fins"));
  }
  const auto run = bench.probe(arguments);
  CHECK(run.exit_code == 3);
  const auto place = [&run](const std::string& address) { return run.err.find(address + ":"); };
  CHECK(place("127.50.1.1") < place("127.50.1.2"));
  CHECK(place("127.50.1.2") < place("127.50.1.10"));
  CHECK(times(run.err, "the list of units ends early") == 3);
  CHECK(times(run.out, "CJ2M-CPU33 (incomplete)") == 3);
}

TEST_CASE("a device that answers without an identification says so in its row", "[probe]") {
  std::string scene(kModbus);
  scene.insert(scene.find("objects ="), "fc43 = \"refuses\"\nfc17 = \"refuses\"\n");
  RunningPlant plant(scene);
  const Bench bench;
  const auto run = bench.probe({"--protocol", "modbus", Bench::target(plant, "meter", "modbus")});
  CHECK(run.exit_code == 0);
  CHECK(holds(run.out, "answers, gives no identification"));
}

TEST_CASE("a silence is not taken for a refusal where our own FINS port is taken", "[probe]") {
  const TakenFinsPort port;
  if (!port.taken()) {
    WARN("skipped: another program has shared UDP port 9600");
    return;
  }
  std::string scene(kRack);
  scene.insert(scene.find("[host.fins]"), "[host.fault]\nkind = \"silence\"\n");
  scene.insert(scene.find("cpu ="), "tcp = false\n");
  RunningPlant plant(scene);
  const Bench bench;
  const auto run =
      bench.probe({"--protocol", "fins", Bench::target(plant, "press", "fins", "udp")});
  CHECK(run.exit_code == 3);
  CHECK(holds(run.err, " fins: silent: "));
  CHECK(holds(run.err, "local UDP port 9600 is taken by another program"));
  CHECK_FALSE(holds(run.err, "refused ("));
}

TEST_CASE("a hostile name costs a target, never the terminal or the run", "[probe]") {
  std::string scene(kModbus);
  const std::string name = "PM5560";
  scene.replace(scene.find(name), name.size(), "\\u001b]0;owned\\u0007'; DROP TABLE assets;--");
  RunningPlant plant(scene);
  const Bench bench;
  const auto run = bench.probe({"--protocol", "modbus", Bench::target(plant, "meter", "modbus")});
  CHECK(run.exit_code == 0);
  CHECK_FALSE(holds(run.out, "\x1b"));
  CHECK(holds(run.out, "DROP TABLE"));
  CHECK(rackscout({"list", "assets", "--store", bench.store()}).exit_code == 0);
}

TEST_CASE("a survey reads files and racks with one summary", "[probe]") {
  RunningPlant plant(kRack);
  const Bench bench;
  const auto sample = (fs::path(RACKSCOUT_TESTS_DIR) / "sample/Packaging").string();
  const auto run = rackscout({"survey", "--store", bench.store(), "--projects", sample,
                              "--protocol", "fins", Bench::target(plant, "press", "fins")});
  CHECK(run.exit_code == 0);
  CHECK(holds(run.err, "1 imported"));
  CHECK(holds(run.err, "1 of 1 target answered"));
  const auto list = rackscout({"list", "assets", "--store", bench.store(), "--format", "json"});
  CHECK(holds(list.out, "CJ2M-CPU33"));
  CHECK(holds(list.out, "Project File"));
}

TEST_CASE("wrong use is told before anything is sent", "[probe]") {
  const Bench bench;
  CHECK(bench.probe({}).exit_code == 2);
  CHECK(bench.probe({"10.0.0.0/15"}).exit_code == 2);
  CHECK(bench.probe({"10.0.0.1:9600"}).exit_code == 2);
  CHECK(bench.probe({"--protocol", "fin", "10.0.0.1"}).exit_code == 2);
  CHECK(bench.probe({"--exclude", "10.0.0", "10.0.0.1"}).exit_code == 2);
  CHECK(bench.probe({"--exclude-file", "/nowhere", "10.0.0.1"}).exit_code == 2);
  CHECK(bench.probe({"--protocol", "fins", "/dev/ttyUSB0"}).exit_code == 2);
  CHECK(bench.probe({"--units", "300", "10.0.0.1"}).exit_code == 2);
  CHECK(bench.probe({"--units", "248", "/dev/ttyUSB0"}).exit_code == 2);
  CHECK(bench.probe({"--serial", "9600", "10.0.0.1"}).exit_code == 2);
  CHECK(bench.probe({"--gap", "1", "10.0.0.1"}).exit_code == 2);
  const auto many = bench.probe({"10.0.0.0/22"});
  CHECK(many.exit_code == 2);
  CHECK(holds(many.err, "--yes"));
  const auto broadcast = bench.probe({"--units", "0", "10.0.0.1"});
  CHECK(broadcast.exit_code == 2);
  CHECK(holds(broadcast.err, "unit 0 is the broadcast address and is never asked"));
  const auto no_modbus = bench.probe({"--protocol", "fins,enip", "--units", "1-3", "10.0.0.1"});
  CHECK(no_modbus.exit_code == 2);
  CHECK(holds(no_modbus.err, "--units needs modbus"));
  const auto no_stop = bench.probe({"--stop-file", "/nonexistent/dir/stop", "10.0.0.1"});
  CHECK(no_stop.exit_code == 2);
  CHECK(holds(no_stop.err, "--stop-file \"/nonexistent/dir/stop\""));
}

}  // namespace ot::tests
