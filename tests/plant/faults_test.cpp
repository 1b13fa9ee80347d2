#include <string>

#include "tests/catch.hpp"
#include "tests/plant/desk.hpp"

namespace ot::plant {
namespace {

constexpr auto kModbusRequest = "000700000005012b0e0100";
constexpr auto kFinsRequest =
    "800002000000006300070502"
    "0019";
constexpr auto kHandshake = "46494e530000000c000000000000000000000000";

/// One host of one device, with this fault.
Desk with(std::string_view device, std::string_view fault) {
  return Desk("[host]\naddress = \"127.1.0.1\"\n[host.fault]\n" + std::string(fault) + "\n" +
              std::string(device));
}

constexpr auto kModbus =
    "[host.modbus]\nobjects = {0 = \"Pumps\", 1 = \"P-1\"}\nserver_id = \"P\"\n";
constexpr auto kFins = "[host.fins]\ncpu = \"CJ2M-CPU33\"\n";
constexpr auto kEnip = "[host.enip]\nidentity = {name = \"Drive\"}\n";

Delivery modbus(Desk& desk, Conversation& talk) {
  return desk.deliver(talk, Wire::modbus_tcp, kModbusRequest);
}

TEST_CASE("a fault begins after so many requests and lasts for so many", "[plant]") {
  Desk desk = with(kModbus, "kind = \"silence\"\nafter = 1\ntimes = 2");
  const auto talk = desk.connected();
  CHECK(modbus(desk, *talk).frames.size() == 1);
  CHECK(modbus(desk, *talk).frames.empty());
  CHECK(modbus(desk, *talk).frames.empty());
  CHECK(modbus(desk, *talk).frames.size() == 1);
}

TEST_CASE("another's answer comes first, with another id and other words", "[plant]") {
  Desk desk = with(kModbus, "kind = \"wrong_id\"");
  const auto both = modbus(desk, *desk.connected()).frames;
  REQUIRE(both.size() == 2);
  CHECK(both[0].substr(0, 2) == "\x55\x52");
  CHECK(both[0].find("Pumps") == std::string::npos);
  CHECK(both[1].substr(0, 2) == std::string("\x00\x07", 2));
  CHECK(both[1].find("Pumps") != std::string::npos);
}

TEST_CASE("FINS and EtherNet/IP have their ids changed where they are", "[plant]") {
  Desk rack = with(kFins, "kind = \"wrong_id\"");
  const auto frames = rack.deliver(*rack.datagrams(), Wire::fins_udp, kFinsRequest).frames;
  REQUIRE(frames.size() == 2);
  CHECK(frames[0][9] == '\x52');
  CHECK(frames[1][9] == '\x07');
  const auto shaken = rack.deliver(*rack.connected(), Wire::fins_tcp, kHandshake).frames;
  CHECK(shaken.size() == 1);  // a handshake has no id
  Desk drive = with(kEnip, "kind = \"wrong_id\"");
  const auto listed = drive.deliver(*drive.datagrams(), Wire::enip_udp,
                                    "63000000000000000000000000000000c1debed100000000");
  CHECK(to_hex(listed.frames.at(0)).substr(24, 16) == "55555555948beb84");
  CHECK(to_hex(listed.frames.at(1)).substr(24, 16) == "00000000c1debed1");
}

TEST_CASE("a cut answer ends the connection, a reset one too and without a byte", "[plant]") {
  Desk cut = with(kModbus, "kind = \"cut\"\nbytes = 9");
  const auto short_one = modbus(cut, *cut.connected());
  CHECK(short_one.frames.at(0).size() == 9);
  CHECK(short_one.end == Delivery::End::close);
  Desk reset = with(kModbus, "kind = \"reset\"");
  CHECK(modbus(reset, *reset.connected()).end == Delivery::End::reset);
  CHECK(modbus(reset, *reset.connected()).frames.empty());
}

TEST_CASE("a connection is closed behind its n-th answer", "[plant]") {
  Desk desk = with(kModbus, "kind = \"closes\"\nafter = 2");
  CHECK_FALSE(desk.place().faults.ends_connection(1));
  CHECK(desk.place().faults.ends_connection(2));
}

TEST_CASE("lengths and counts lie where they stand", "[plant]") {
  Desk huge = with(kModbus, "kind = \"huge_length\"");
  CHECK(modbus(huge, *huge.connected()).frames.at(0).substr(4, 2) == "\xFF\xFF");
  Desk lying = with(kModbus, "kind = \"lying_count\"");
  CHECK(modbus(lying, *lying.connected()).frames.at(0).at(13) == '\xFF');
  Desk rack = with(kFins, "kind = \"lying_count\"");
  CHECK(rack.deliver(*rack.datagrams(), Wire::fins_udp, kFinsRequest).frames.at(0).at(14) ==
        '\xFF');
}

TEST_CASE("garbage is the same in each run", "[plant]") {
  Desk one = with(kModbus, "kind = \"garbage\"");
  Desk other = with(kModbus, "kind = \"garbage\"");
  const auto first = modbus(one, *one.connected()).frames;
  CHECK(first.at(0).size() == 64);
  CHECK(first == modbus(other, *other.connected()).frames);
}

TEST_CASE("being busy is said in each protocol's own words", "[plant]") {
  Desk modbus_desk = with(kModbus, "kind = \"busy\"");
  CHECK(to_hex(modbus(modbus_desk, *modbus_desk.connected()).frames.at(0)) == "00070000000301ab06");
  Desk rack = with(kFins, "kind = \"busy\"");
  const auto refused = rack.deliver(*rack.connected(), Wire::fins_tcp, kHandshake);
  CHECK(to_hex(refused.frames.at(0)) == "46494e530000001000000001000000200000000000000000");
  CHECK(refused.end == Delivery::End::close);
  Desk drive = with(kEnip, "kind = \"busy\"");
  const auto denied = drive.deliver(*drive.connected(), Wire::enip_tcp,
                                    "65000400000000000000000000000000000000000000000001000000");
  CHECK(to_hex(denied.frames.at(0)) == "650000000000000002000000000000000000000000000000");
}

TEST_CASE("hostile texts hold escapes and quotations, and keep to their lengths", "[plant]") {
  Desk desk = with(kModbus, "kind = \"hostile_text\"");
  const auto answer = modbus(desk, *desk.connected()).frames.at(0);
  CHECK(answer.find('\x1B') != std::string::npos);
  CHECK(answer.find("DROP TABLE") != std::string::npos);
  Desk rack = with(kFins, "kind = \"hostile_text\"");
  CHECK(rack.deliver(*rack.datagrams(), Wire::fins_udp, kFinsRequest).frames.at(0).size() ==
        14 + 1 + 21);
}

TEST_CASE("dropping is a matter of UDP alone", "[plant]") {
  Desk desk = with(kFins, "kind = \"drop\"");
  CHECK(desk.deliver(*desk.datagrams(), Wire::fins_udp, kFinsRequest).frames.empty());
  CHECK(desk.deliver(*desk.connected(), Wire::fins_tcp, kHandshake).frames.size() == 1);
}

TEST_CASE("endless answers are somebody else's", "[plant]") {
  Desk desk = with(kModbus, "kind = \"endless\"");
  const auto delivery = modbus(desk, *desk.connected());
  CHECK(delivery.endless);
  CHECK(delivery.frames.at(0).substr(0, 2) == "\x55\x52");
}

}  // namespace
}  // namespace ot::plant
