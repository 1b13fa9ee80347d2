#include "tests/catch.hpp"
#include "tests/protocols/fins_plc.hpp"

namespace ot::protocols::fins {
extern const Probe module;
}

namespace ot::tests {
namespace {

const Units kRack = {
    {0x00, "CJ2M-CPU33"}, {0x10, "CJ2M-EIP21"}, {0x12, "CJ1W-ETN21"}, {0x23, "CJ1W-DA021"}};

/// The rack of the platform's own sample.
FinsPlc& documented_rack(FinsPlc& plc) {
  return plc.cpu("CJ2M-CPU33", "02.01")
      .units(0, 0x84, kRack)
      .bus_unit(0x10, "CJ2M-EIP21", "V2.17")
      .bus_unit(0x12, "CJ1W-ETN21", "V1.56");
}

void check_unit(const AddOn& unit, const AddOn& expected) {
  INFO(expected.hardware.model);
  CHECK(unit.unit_address == expected.unit_address);
  CHECK(unit.hardware == expected.hardware);
  CHECK(unit.firmware_version == expected.firmware_version);
  CHECK(unit.origin == Origin::observed);
  CHECK(unit.confidence == Confidence::confirmed);
  CHECK(unit.order_id.empty());
}

AddOn unit(std::string address, Hardware hardware, std::string version) {
  AddOn it;
  it.unit_address = std::move(address);
  it.hardware = std::move(hardware);
  it.firmware_version = std::move(version);
  return it;
}

void check_documented_rack(const protocols::Observation& seen) {
  const auto& asset = seen.asset;
  CHECK(asset.name == "CJ2M-CPU33");
  CHECK(asset.hardware == Hardware{"Omron", "CJ2M-CPU33", "CJ2M CPU Unit", Category::plc});
  CHECK(asset.firmware_version == "2.01");
  CHECK(asset.origin == Origin::observed);
  CHECK(asset.order_id.empty());
  CHECK(asset.interfaces.empty());
  REQUIRE(asset.add_ons.size() == 3);
  check_unit(
      asset.add_ons[0],
      unit("16", {"Omron", "CJ2M-EIP21", "EtherNet/IP Unit", Category::communication}, "2.17"));
  check_unit(
      asset.add_ons[1],
      unit("18", {"Omron", "CJ1W-ETN21", "CJ1 Series Ethernet Unit", Category::communication},
           "1.56"));
  check_unit(asset.add_ons[2],
             unit("35", {"Omron", "CJ1W-DA021", "CJ1 Series Analog I/O Unit", Category::io}, ""));
  CHECK_FALSE(seen.incomplete);
  CHECK(seen.whole);
  CHECK(seen.safety.empty());
}

}  // namespace

TEST_CASE("the documented rack comes out exactly over TCP", "[fins]") {
  FinsPlc plc;
  const auto seen = documented_rack(plc.allots_nodes()).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  check_documented_rack(*seen);
  CHECK(seen->notes.empty());
}

TEST_CASE("the documented rack comes out exactly over UDP where TCP is not to be had", "[fins]") {
  const auto code = GENERATE(Errc::refused, Errc::silent);
  FinsPlc plc;
  const auto seen = documented_rack(plc.fails_handshake(code)).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  check_documented_rack(*seen);
  REQUIRE(seen->notes.size() == 1);
  CHECK_THAT(seen->notes[0], Catch::Contains("FINS/TCP") && Catch::Contains("over UDP"));
}

TEST_CASE("a PLC without room for a connection is asked over UDP", "[fins]") {
  const std::string full = GENERATE("20", "25");
  FinsPlc plc;
  plc.answers_handshake("46494e53 00000010 00000001 000000" + full + " 00000000 000000c8");
  const auto seen = documented_rack(plc).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  check_documented_rack(*seen);
  REQUIRE(seen->notes.size() == 1);
  CHECK_THAT(seen->notes[0], Catch::Contains("FINS/TCP error " + full));
}

TEST_CASE("forty units take a handshake, two pages and a request for each bus unit", "[fins]") {
  Units first = {{0x00, "CJ2H-CPU68-EIP"}};
  for (int address = 0x10; address < 0x20; ++address) {
    first.emplace_back(address, "CJ1W-EIP21");
  }
  for (int address = 0x20; address < 0x28; ++address) {
    first.emplace_back(address, "CJ1W-AD081-V1");
  }
  Units second;
  for (int address = 0x30; address < 0x40; ++address) {
    second.emplace_back(address, "CJ1W-DA021");
  }
  FinsPlc plc;
  plc.allots_nodes().cpu("CJ2H-CPU68-EIP", "01.05");
  plc.units(0, 25, first).units(0x28, 0x80 | 16, second);
  for (int address = 0x10; address < 0x20; ++address) {
    plc.bus_unit(address, "CJ1W-EIP21", "V3.0");
  }
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.add_ons.size() == 40);
  CHECK(seen->asset.add_ons.front().firmware_version == "3.0");
  CHECK(seen->asset.add_ons.back().unit_address == "63");
  CHECK_FALSE(seen->incomplete);
}

// The CP1L-EL20DR-D of cisagov/icsnpp-omron-fins, testing/traces/omron_test.pcap: the
// handshake as it was; SID, SA2 and DA1 of the others are those of our own request.
TEST_CASE("a real CP1L is read over TCP, with what it does not support", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().is_asked_for_cpu().sends(
      from_hex("46494e53 00000072 00000002 00000000 c0000200fb0000c8000105010000"
               "4350314c2d454c323044522d4400000020202020"
               "30312e3030000000000030312e30360000000000"
               "00000000000000000000000000000000000000010000000000000000000000000000000000010003"
               "000a172a1008000000000000"));
  const auto seen = plc.is_asked_for_units(0).answers("", 0x0401).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.hardware == Hardware{"Omron", "CP1L-EL20DR-D", "CP1L CPU Unit", Category::plc});
  CHECK(seen->asset.firmware_version == "1.00");
  REQUIRE(seen->asset.details.size() == 3);
  CHECK(seen->asset.details[0] == Detail{"programSizeKWords", "10"});
  CHECK(seen->asset.details[1] == Detail{"dmWords", "10768"});
  CHECK(seen->asset.add_ons.empty());
  CHECK_FALSE(seen->incomplete);
}

TEST_CASE("an NJ names itself alone, and its filler sizes are left out", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().cpu("NJ501-1300", "01.13");
  const auto seen = plc.is_asked_for_units(0).answers("", 0x0401).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.hardware.product_name == "NJ501 CPU Unit");
  CHECK(seen->asset.firmware_version == "1.13");
  CHECK(seen->asset.details.empty());
  CHECK_FALSE(seen->incomplete);
  REQUIRE(seen->notes.size() == 1);
  CHECK_THAT(seen->notes[0], Catch::Contains("does not list its units: end code 0401"));
}

TEST_CASE("a safety controller is asked for nothing but its name", "[fins]") {
  FinsPlc plc;
  const auto seen = plc.allots_nodes().cpu("NX-SL5500", "01.00").run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK_THAT(seen->safety, Catch::Contains("NX-SL5500"));
  CHECK(seen->asset.hardware.category == Category::plc);
  CHECK_FALSE(seen->incomplete);
}

TEST_CASE("a unit on a network tells its address and MAC", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().cpu("CJ2M-CPU33", "02.01").units(0, 0x82, {{0, ""}, {0x12, "CJ1W-ETN21"}});
  plc.is_asked_for_bus_unit(0x12).answers(field20("CJ1W-ETN21") + field20("V1.56") +
                                          from_hex("0a710005 ffffff00 2580 0000 00000ac55b1c"));
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  REQUIRE(seen->asset.interfaces.size() == 1);
  const auto& port = seen->asset.interfaces[0];
  CHECK(port.name == "CJ1W-ETN21");
  CHECK(port.address == "10.113.0.5");
  CHECK(port.subnet_mask == "255.255.255.0");
  CHECK(port.mac_address == "00:00:0a:c5:5b:1c");
}

TEST_CASE("a flat battery stops nothing and is noted once", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().is_asked_for_cpu().answers(cpu_data("CJ2M-CPU33", "02.01"), 0x0040);
  plc.is_asked_for_units(0).answers(unit_page(0x84, kRack), 0x0040);
  plc.is_asked_for_bus_unit(0x10).answers(field20("CJ2M-EIP21") + field20("V2.17"), 0x0040);
  plc.is_asked_for_bus_unit(0x12).answers(field20("CJ1W-ETN21") + field20("V1.56"), 0x0040);
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  check_documented_rack(*seen);
  REQUIRE(seen->notes.size() == 1);
  CHECK_THAT(seen->notes[0], Catch::Contains("battery"));
}

TEST_CASE("the plan names every request, over either carrier", "[fins]") {
  const auto requests = protocols::fins::module.plan({});
  REQUIRE(requests.size() == 7);
  CHECK(requests[0].carrier == "tcp");
  CHECK(requests[0].at_most == 1);
  CHECK(requests[3].at_most == 16);
  CHECK(requests[4].carrier == "udp");
}

}  // namespace ot::tests
