#include <string>

#include "tests/catch.hpp"
#include "tests/plant/desk.hpp"
#include "tests/plant/modbus_service.hpp"

namespace ot::plant {
namespace {

// A server of a public capture: modbus_example.pcap of github.com/cisagov/icsnpp-modbus.
constexpr auto kServer = R"(
[host]
address = "127.1.0.1"
[host.modbus]
conformity = 0x83
objects = {0 = "Zeek Modbus Test", 1 = "Protocol Parsing is fun!", 2 = "1.2.3.6"}
server_id = "Zeek Modbus Test-Protocol Parsing is fun!-1.2.3.6"
)";

constexpr auto kMeter = R"(
[host]
address = "127.1.0.2"
[host.modbus]
conformity = 0x82
page = 22
objects = {0 = "Meters", 1 = "M-1", 2 = "V2", 4 = "Meter One", 0x80 = "private"}
)";

constexpr auto kGateway = R"(
[host]
address = "127.1.0.3"
[host.modbus]
missing_ms = 900
objects = {0 = "Gateways"}
[host.modbus.units.5]
objects = {0 = "Drives"}
[host.modbus.units.6]
fc43 = "silent"
server_id_hex = "1200ff"
)";

/// FC 43/14 to this unit.
std::string identify(std::string_view unit, std::string_view code, std::string_view object) {
  return "000700000005" + std::string(unit) + "2b0e" + std::string(code) + std::string(object);
}

std::string pdu_of(const std::string& reply) {
  return reply.size() < 14 ? reply : reply.substr(14);
}

TEST_CASE("a real server's FC 43 and FC 17 come byte for byte", "[plant]") {
  Desk desk(kServer);
  const auto talk = desk.connected();
  CHECK(ask(*talk, "001700000005012b0e0100") ==
        "00170000003d012b0e018300000300105a65656b204d6f646275732054657374011850726f746f636f6c2050"
        "617273696e672069732066756e210207312e322e332e36");
  CHECK(ask(*talk, "000f000000020211") ==
        "000f000000350211325a65656b204d6f6462757320546573742d50726f746f636f6c2050617273696e672069"
        "732066756e212d312e322e332e36ff");
}

TEST_CASE("objects come in pages that name the next object", "[plant]") {
  Desk desk(kMeter);
  const auto talk = desk.connected();
  CHECK(pdu_of(ask(*talk, identify("01", "02", "00"))) ==
        "2b0e0282ff02"
        "02"
        "00064d6574657273"
        "01034d2d31");
  CHECK(pdu_of(ask(*talk, identify("01", "02", "02"))) ==
        "2b0e02820000"
        "02"
        "02025632"
        "04094d65746572204f6e65");
}

TEST_CASE("a device asked above its level answers at its own", "[plant]") {
  Desk desk(kMeter);
  const auto talk = desk.connected();
  CHECK(pdu_of(ask(*talk, identify("01", "03", "02"))) ==
        "2b0e03820000"
        "02"
        "02025632"
        "04094d65746572204f6e65");
}

TEST_CASE("an object that is not there restarts a stream, and is an exception alone", "[plant]") {
  Desk desk(kMeter);
  const auto talk = desk.connected();
  CHECK(ask(*talk, identify("01", "01", "03")) == ask(*talk, identify("01", "01", "00")));
  CHECK(pdu_of(ask(*talk, identify("01", "04", "04"))) ==
        "2b0e04820000"
        "01"
        "04094d65746572204f6e65");
  CHECK(pdu_of(ask(*talk, identify("01", "04", "03"))) == "ab02");
  CHECK(pdu_of(ask(*talk, identify("01", "05", "00"))) == "ab03");
}

TEST_CASE("a unit that is not there costs the gateway's wait, then exception 0B", "[plant]") {
  Desk desk(kGateway);
  const auto talk = desk.connected();
  const Answer missing = talk->answer(tests::from_hex(identify("09", "01", "00")));
  CHECK(to_hex(missing.frames.at(0)) == "00070000000309ab0b");
  CHECK(missing.delay == std::chrono::milliseconds(900));
  CHECK(pdu_of(ask(*talk, identify("05", "01", "00"))).ends_with(to_hex("Drives")));
  CHECK(pdu_of(ask(*talk, identify("ff", "01", "00"))).ends_with(to_hex("Gateways")));
  CHECK(ask(*talk, identify("06", "01", "00")).empty());
  CHECK(pdu_of(ask(*talk,
                   "00070000000206"
                   "11")) == "11031200ff");
}

TEST_CASE("a device without FC 43 answers exception 01, for every unit", "[plant]") {
  Desk desk("[host]\naddress = \"127.1.0.4\"\n[host.modbus]\n");
  const auto talk = desk.connected();
  CHECK(pdu_of(ask(*talk, identify("f6", "01", "00"))) == "ab01");
  CHECK(pdu_of(ask(*talk,
                   "00070000000201"
                   "11")) == "9101");
}

TEST_CASE("a register is neither read nor written, and that it was tried is marked", "[plant]") {
  Desk desk(kServer);
  const auto talk = desk.connected();
  CHECK(pdu_of(ask(*talk, "000700000006010300000001")) == "8301");
  CHECK(is_forbidden(*talk, "000700000006010300000001"));
  CHECK(is_forbidden(*talk, "000700000006010600000001"));
  CHECK(is_forbidden(*talk, "000700000005012b0d0100"));
  CHECK_FALSE(is_forbidden(*talk, identify("01", "01", "00")));
}

TEST_CASE("the CRC is that of the specification", "[plant]") {
  CHECK(modbus_crc(tests::from_hex("0207")) == 0x1241);  // 41 12 on the line
}

TEST_CASE("a serial line's unit answers in RTU framing, and only its own right frames", "[plant]") {
  Desk desk("[rtu]\nunits = [{address = 5, objects = {0 = \"Drives\"}}]\n");
  const auto talk = desk.connected();
  const auto with_crc = [](std::string_view hex) {
    const std::uint16_t crc = modbus_crc(tests::from_hex(hex));
    const char bytes[] = {static_cast<char>(crc), static_cast<char>(crc >> 8)};
    return std::string(hex) + to_hex({bytes, 2});
  };
  CHECK(ask(*talk, with_crc("052b0e0100")) == with_crc("052b0e018200000100064472697665"
                                                       "73"));
  CHECK(ask(*talk, with_crc("062b0e0100")).empty());
  CHECK(ask(*talk, "052b0e01000000").empty());
  CHECK(is_forbidden(*talk, with_crc("002b0e0100")));  // a broadcast
  CHECK(talk->frame_size(tests::from_hex("0511")) == 4);
  CHECK_FALSE(talk->frame_size(tests::from_hex("0503")).has_value());
}

}  // namespace
}  // namespace ot::plant
