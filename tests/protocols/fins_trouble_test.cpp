// What a PLC, or something that only looks like one, may do instead of answering.
#include "tests/catch.hpp"
#include "tests/protocols/fins_plc.hpp"

namespace ot::tests {
namespace {

const Units kTwoBusUnits = {{0x00, "CJ2M-CPU33"}, {0x10, "CJ2M-EIP21"}, {0x12, "CJ1W-ETN21"}};

std::string notification(int error) {
  std::string frame = from_hex("46494e53 00000008 00000003 00000000");
  frame.back() = static_cast<char>(error);
  return frame;
}

/// A PLC whose CPU has answered.
FinsPlc& with_cpu(FinsPlc& plc) {
  return plc.allots_nodes().cpu("CJ2M-CPU33", "02.01");
}

}  // namespace

TEST_CASE("a PLC that refuses our node or address is left alone", "[fins]") {
  const auto [number, ends] = GENERATE(table<std::string, bool>(
      {{"21", true}, {"22", true}, {"23", true}, {"24", false}, {"03", false}}));
  const std::string error = number;
  FinsPlc plc;
  plc.answers_handshake("46494e53 00000010 00000001 000000" + error + " 00000000 00000000");
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code() == (ends ? Errc::ended : Errc::refused));
  CHECK(plc.script().distressed().empty() != ends);
  CHECK_THAT(seen.error().message(), Catch::Contains("FINS/TCP error " + error));
}

TEST_CASE("a connection that is closed or garbled before an answer is not followed by UDP",
          "[fins]") {
  const auto code = GENERATE(Errc::closed, Errc::malformed, Errc::ended, Errc::cancelled);
  FinsPlc plc;
  const auto seen = plc.fails_handshake(code).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code() == code);
}

TEST_CASE("an error notification answers the handshake too", "[fins]") {
  FinsPlc plc;
  plc.answers_handshake("46494e53 00000008 00000003 00000022");
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code() == Errc::ended);
  CHECK_THAT(plc.script().distressed(), Catch::Contains("our address may not connect"));
}

TEST_CASE("node addresses that are none are malformed", "[fins]") {
  const std::string nodes =
      GENERATE("00000000 000000c8", "000000fb 00000000", "000000fb 000000ff", "000100fb 000000c8");
  FinsPlc plc;
  plc.answers_handshake("46494e53 00000010 00000001 00000000 " + nodes);
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code() == Errc::malformed);
}

TEST_CASE("where neither TCP nor UDP answers, the message tells of both", "[fins]") {
  FinsPlc plc;
  const auto seen = plc.fails_handshake(Errc::refused).is_asked_for_cpu().fails(Errc::silent).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code() == Errc::silent);
  CHECK_THAT(seen.error().message(),
             Catch::Contains("FINS/TCP: ") && Catch::Contains("FINS/UDP: "));
}

TEST_CASE("an own address that makes no node number asks nothing over UDP", "[fins]") {
  const auto last_octet = GENERATE(0x00u, 0xFFu);
  FinsPlc plc;
  plc.script().own(Ipv4{0x0A000100u | last_octet});
  const auto seen = plc.fails_handshake(Errc::refused).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK_THAT(seen.error().message(), Catch::Contains("gives no FINS node"));
}

TEST_CASE("a PLC whose address gives our own node number is not asked over UDP", "[fins]") {
  FinsPlc plc;
  plc.script().own(Ipv4{0x0A000063}).target(Ipv4{0x0A000163});
  const auto seen = plc.fails_handshake(Errc::refused).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK(seen.error().code() == Errc::unsupported);
  CHECK_THAT(seen.error().message(),
             Catch::Contains("our address 10.0.0.99 gives the FINS node of 10.0.1.99 itself, 99"));
}

TEST_CASE("a PLC whose address gives another node number is asked over UDP", "[fins]") {
  FinsPlc plc;
  plc.script().own(Ipv4{0x0A000063}).target(Ipv4{0x0A000064});
  plc.fails_handshake(Errc::refused).cpu("CJ2M-CPU33", "02.01").is_asked_for_units(0);
  const auto seen = plc.answers("", 0x0402).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->whole);
}

TEST_CASE("a PLC that has our own node number is asked once over UDP", "[fins]") {
  FinsPlc plc;
  plc.script().own(Ipv4{0x0A000063});
  plc.fails_handshake(Errc::refused).is_asked_for_cpu();
  auto reply = plc.response(cpu_data("CJ2M-CPU33", "02.01"), 0);
  reply[7] = 0x63;
  const auto seen = plc.sends(reply).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.name == "CJ2M-CPU33");
  REQUIRE(seen->incomplete);
  CHECK_THAT(seen->incomplete->message(), Catch::Contains("our own node address, 99"));
}

TEST_CASE("frames of others, and late ones, are not taken for the answer", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().is_asked_for_cpu();
  const auto right = plc.response(cpu_data("CJ2M-CPU33", "02.01"), 0);
  const auto altered = [&](std::size_t at, char value) {
    auto frame = plc.response(cpu_data("FOREIGN", "9.99"), 0);
    frame[at] = value;
    return plc.wrapped(frame);
  };
  plc.sends(altered(7, 0x11));   // another node
  plc.sends(altered(8, 0x12));   // another unit
  plc.sends(altered(9, 0x77));   // another service id
  plc.sends(altered(11, 0x02));  // another command
  plc.sends(from_hex("46494e53 00000008 00000006 00000000"));
  plc.sends(plc.wrapped(right));
  const auto seen = plc.is_asked_for_units(0).answers("", 0x0402).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.name == "CJ2M-CPU33");
}

TEST_CASE("a device that sends the head of the command back is understood", "[fins]") {
  FinsPlc plc;
  plc.fails_handshake(Errc::refused).is_asked_for_cpu();
  plc.sends(from_hex("80000200000000630001 0501 0000") + field20("CP1L-EL20DR-D") +
            field20("01.00"));
  const auto seen = plc.is_asked_for_units(0).answers("", 0x0401).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.firmware_version == "1.00");
  CHECK(seen->asset.details.empty());
}

TEST_CASE("a request that is echoed is no answer", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().cpu("CJ2M-CPU33", "02.01").is_asked_for_units(0);
  plc.sends(from_hex("46494e53 00000016 00000002 00000000 80000200c8000000fb0002 0502 0019"));
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  REQUIRE(seen->incomplete);
  CHECK(seen->incomplete->code() == Errc::silent);
}

TEST_CASE("a list that does not go on is not asked for ever", "[fins]") {
  FinsPlc plc;
  with_cpu(plc).units(0, 3, kTwoBusUnits).units(0x13, 3, kTwoBusUnits);
  plc.bus_unit(0x10, "CJ2M-EIP21", "V2.17").bus_unit(0x12, "CJ1W-ETN21", "V1.56");
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.add_ons.size() == 2);
  REQUIRE(seen->incomplete);
  CHECK_THAT(seen->incomplete->message(), Catch::Contains("asked from 19 on"));
}

TEST_CASE("a list that gives one unit a page ends after 32 pages", "[fins]") {
  FinsPlc plc;
  with_cpu(plc);
  for (int page = 0; page < 32; ++page) {
    plc.units(page == 0 ? 0 : 0x20 + page, 1, {{0x20 + page, "CJ1W-AD041"}});
  }
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.add_ons.size() == 32);
  REQUIRE(seen->incomplete);
  CHECK_THAT(seen->incomplete->message(), Catch::Contains("too many pages"));
}

TEST_CASE("the list ends with an empty page, and behind the highest unit address", "[fins]") {
  FinsPlc plc;
  const auto last = GENERATE(0x23, 0xE1);
  with_cpu(plc).units(0, 1, {{last, "CS1W-LCB05"}});
  if (last != 0xE1) {
    plc.units(last + 1, 0, {});
  }
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.add_ons.size() == 1);
  CHECK_FALSE(seen->incomplete);
}

TEST_CASE("a count that exceeds the bytes is not believed", "[fins]") {
  FinsPlc plc;
  const auto seen = with_cpu(plc).units(0, 0x84, kTwoBusUnits).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.name == "CJ2M-CPU33");
  CHECK(seen->asset.add_ons.empty());
  REQUIRE(seen->incomplete);
  CHECK_THAT(seen->incomplete->message(), Catch::Contains("counts 4, but its 63 bytes hold 3"));
}

TEST_CASE("a CPU that does not tell its model is named by the list", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().is_asked_for_cpu();
  const bool cut_off = GENERATE(true, false);
  cut_off ? plc.answers("CJ2M-CPU33") : plc.answers("", 0x2201);
  plc.units(0, 0x82, {{0, "CJ2M-CPU33"}, {0x23, "CJ1W-DA021"}});
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.hardware.product_name == "CJ2M CPU Unit");
  CHECK(seen->asset.firmware_version.empty());
  REQUIRE(seen->notes.size() == 1);
  CHECK_THAT(seen->notes[0], Catch::Contains("model and version of the CPU"));
  CHECK_FALSE(seen->whole);
}

TEST_CASE("a PLC that tells nothing at all gives the CPU's reason", "[fins]") {
  FinsPlc plc;
  plc.allots_nodes().is_asked_for_cpu().answers("", 0x2201).is_asked_for_units(0);
  const auto seen = plc.answers("", 0x0401).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE_FALSE(seen);
  CHECK_THAT(seen.error().message(), Catch::Contains("2201 (not possible during execution)"));
}

TEST_CASE("a relay on the way names itself", "[fins]") {
  FinsPlc plc;
  with_cpu(plc).is_asked_for_units(0).answers(from_hex("0207"), 0x8501);
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  REQUIRE(seen->incomplete);
  CHECK_THAT(seen->incomplete->message(), Catch::Contains("network 2, node 7"));
}

TEST_CASE("a PLC that is busy twice is left alone", "[fins]") {
  const auto code = GENERATE(0x0204, 0x2604, 0x2644);
  FinsPlc plc;
  with_cpu(plc).units(0, 0x83, kTwoBusUnits);
  plc.is_asked_for_bus_unit(0x10).answers("", code).is_asked_for_bus_unit(0x12).answers("", code);
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  CHECK_THAT(plc.script().distressed(), Catch::Contains("busy"));
  REQUIRE(seen);
  CHECK(seen->asset.add_ons.size() == 2);
  REQUIRE(seen->incomplete);
  CHECK(seen->incomplete->code() == Errc::ended);
}

TEST_CASE("a PLC that runs out of connections afterwards is left alone", "[fins]") {
  FinsPlc plc;
  with_cpu(plc).is_asked_for_units(0).sends(notification(0x20));
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  CHECK_THAT(plc.script().distressed(), Catch::Contains("FINS/TCP error 20"));
  REQUIRE(seen);
  REQUIRE(seen->incomplete);
  CHECK(seen->incomplete->code() == Errc::ended);
}

TEST_CASE("an error notification ends the conversation, and what was learnt is kept", "[fins]") {
  FinsPlc plc;
  with_cpu(plc).is_asked_for_units(0).sends(notification(0x03));
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  CHECK(plc.script().distressed().empty());
  REQUIRE(seen);
  CHECK(seen->asset.firmware_version == "2.01");
  REQUIRE(seen->incomplete);
  CHECK_THAT(seen->incomplete->message(), Catch::Contains("FINS/TCP error 03"));
}

TEST_CASE("a bus unit that gives no answer has no firmware, and the next one is asked", "[fins]") {
  FinsPlc plc;
  with_cpu(plc).units(0, 0x83, kTwoBusUnits).is_asked_for_bus_unit(0x10).fails(Errc::silent);
  const auto seen = plc.bus_unit(0x12, "CJ1W-ETN21", "V1.56").run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  REQUIRE(seen->asset.add_ons.size() == 2);
  CHECK(seen->asset.add_ons[0].firmware_version.empty());
  CHECK(seen->asset.add_ons[1].firmware_version == "1.56");
  CHECK_FALSE(seen->incomplete);
  CHECK(seen->notes.size() == 1);
  CHECK_FALSE(seen->whole);
}

TEST_CASE("a bus unit that does not know the command is nothing odd", "[fins]") {
  const auto [code, notes] = GENERATE(
      table<int, std::size_t>({{0x0401, 0}, {0x0402, 0}, {0x1001, 0}, {0x0202, 1}, {0x2108, 1}}));
  FinsPlc plc;
  with_cpu(plc).units(0, 0x82, {{0, "CJ2M-CPU33"}, {0x10, "CJ1W-SCU41-V1"}});
  const auto seen = plc.is_asked_for_bus_unit(0x10).answers("", code).run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.add_ons.at(0).firmware_version.empty());
  CHECK(seen->notes.size() == notes);
  CHECK(seen->whole == (notes == 0));
  CHECK_FALSE(seen->incomplete);
}

TEST_CASE("a connection that breaks keeps what was learnt", "[fins]") {
  FinsPlc plc;
  with_cpu(plc).units(0, 0x83, kTwoBusUnits).is_asked_for_bus_unit(0x10).fails(Errc::closed);
  const auto seen = plc.run();
  CHECK(plc.script().complaint() == "");
  REQUIRE(seen);
  CHECK(seen->asset.add_ons.size() == 2);
  REQUIRE(seen->incomplete);
  CHECK(seen->incomplete->code() == Errc::closed);
}

}  // namespace ot::tests
