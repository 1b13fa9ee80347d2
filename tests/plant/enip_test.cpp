#include <string>

#include "tests/catch.hpp"
#include "tests/plant/desk.hpp"

namespace ot::plant {
namespace {

// A 1756-ENBT/A of a public capture: enip_test.pcap of github.com/ITI/ICS-Security-Tools.
constexpr auto kEnbt = R"(
[host]
address = "10.1.1.164"
[host.enip]
identity = {vendor = 1, type = 12, code = 58, major = 4, minor = 3, status = 0x30, serial = 0x524d8e, name = "1756-ENBT/A"}
)";

// A 10-slot chassis of a public capture: controllogix-SCADA-read-write.pcapng of
// github.com/pjkundert/cpppo; with slots that the capture does not ask.
constexpr auto kChassis = R"(
[host]
address = "127.1.0.9"
[host.enip]
first_session = 0x11021e01
identity = {name = "1756-EN2T/B", serial = 0x5eae75}
[host.enip.chassis]
serial = 0x1b2ab1
slots = 10
own_slot = 1
modules = [
  {slot = 0, type = 14, code = 54, major = 20, minor = 11, status = 0x3160, serial = 0x6c061a, name = "1756-L61/B LOGIX5561"},
  {slot = 2, type = 7, code = 11, name = "1756-IB16"},
  {slot = 3, type = 14, name = "mute", refuses = [1, 0x0204]},
  {slot = 4, type = 14, name = "silent", silent = true},
]
)";

constexpr auto kRegister = "65000400000000000000000000000000000000000000000001000000";
constexpr auto kRefuses = R"(
[host]
address = "127.1.0.9"
[host.enip]
first_session = 0x11021e01
identity = {name = "plain"}
)";

/// SendRRData of this CIP message, with the session and timeout of the capture.
std::string send_rr_data(const std::string& message) {
  const auto size = [](std::size_t bytes) {
    const char digits[] = {static_cast<char>(bytes)};
    return to_hex({digits, 1}) + "00";
  };
  const std::size_t bytes = message.size() / 2;
  return "6f00" + size(16 + bytes) + "011e0211" + "00000000" + "0200000000000000" + "00000000" +
         "00000000" + "0500" + "0200" + "00000000" + "b200" + size(bytes) + message;
}

/// Identity in this slot, by Unconnected_Send.
std::string slot(std::string_view number) {
  return send_rr_data("520220062401052006000102200124010100" + ("01" + std::string(number)));
}

/// The CIP message of a SendRRData reply.
std::string message_of(const std::string& reply) {
  return reply.size() < 80 ? reply : reply.substr(80);
}

std::unique_ptr<Conversation> registered(Desk& desk) {
  auto talk = desk.connected();
  CHECK(ask(*talk, kRegister) == "65000400011e02110000000000000000000000000000000001000000");
  return talk;
}

TEST_CASE("a real ENBT's ListIdentity comes byte for byte, over TCP and UDP", "[plant]") {
  Desk desk(kEnbt);
  const auto asked = "63000000000000000000000000000000c1debed100000000";
  const auto answered =
      "63003300000000000000000000000000c1debed10000000001000c002d0001000002af120a0101a4"
      "000000000000000001000c003a00040330008e4d52000b313735362d454e42542f4103";
  CHECK(ask(*desk.connected(), asked) == answered);
  CHECK(ask(*desk.datagrams(), asked) == answered);
}

TEST_CASE("a real chassis' backplane object comes byte for byte", "[plant]") {
  Desk desk(kChassis);
  const auto talk = registered(desk);
  CHECK(
      ask(*talk,
          "6f001600011e021100000000010000000000000000000000000000000500020000000000b200060001022066"
          "2401") ==
      "6f002600011e021100000000010000000000000000000000000000000500020000000000b2001600810000000008"
      "000000002d0001000101b12a1b000a00");
}

TEST_CASE("a real L61 in slot 0 comes byte for byte through the backplane", "[plant]") {
  Desk desk(kChassis);
  const auto talk = registered(desk);
  CHECK(
      ask(*talk,
          "6f002400011e021100000000020000000000000000000000000000000500020000000000b200140052022006"
          "240101fa060001022001240101000100") ==
      "6f003700011e021100000000020000000000000000000000000000000500020000000000b2002700810000000100"
      "0e003600140b60311a066c0014313735362d4c36312f42204c4f47495835353631");
}

TEST_CASE("an empty slot, the own slot, a mute one and a silent one differ", "[plant]") {
  Desk desk(kChassis);
  const auto talk = registered(desk);
  CHECK(message_of(ask(*talk, slot("05"))) == "d20001011203");
  CHECK(message_of(ask(*talk, slot("20"))) == "d20001011203");
  CHECK(message_of(ask(*talk, slot("01"))) == "d20001011803");
  CHECK(message_of(ask(*talk, slot("03"))) == "d20001010402");
  CHECK(ask(*talk, slot("04")).empty());
}

TEST_CASE("an I/O module knows 8 bytes of the backplane, a CPU its slot too", "[plant]") {
  Desk desk(kChassis);
  const auto talk = registered(desk);
  const auto backplane = [](std::string_view number) {
    return send_rr_data("520220062401052006000102206624010100" + ("01" + std::string(number)));
  };
  CHECK(message_of(ask(*talk, backplane("02"))) == "810000000007000000000300");
  CHECK(message_of(ask(*talk, backplane("00"))) ==
        "81000000000800000000"
        "2d0000000101b12a1b000a00");
}

TEST_CASE("one attribute of the identity comes alone, and an unknown one not", "[plant]") {
  Desk desk(kChassis);
  const auto talk = registered(desk);
  CHECK(message_of(ask(*talk, send_rr_data("0e03200124013006"))) == "8e00000075ae5e00");
  CHECK(message_of(ask(*talk, send_rr_data("0e03200124013009"))) == "8e001400");
  CHECK(message_of(ask(*talk, send_rr_data("0102200224 01"))) == "81000500");
}

TEST_CASE("a device without a backplane has no port 1", "[plant]") {
  Desk desk(kRefuses);
  const auto talk = registered(desk);
  CHECK(message_of(ask(*talk, slot("00"))) == "d20001011103");
  CHECK(message_of(ask(*talk, send_rr_data("010220662401"))) == "81000500");
}

TEST_CASE("a device without Unconnected_Send, a gateway, and one that fails in the encapsulation",
          "[plant]") {
  Desk none(std::string(kRefuses) + "no_unconnected_send = true\n");
  CHECK(message_of(ask(*registered(none), slot("00"))) == "d2000800");
  Desk gateway(std::string(kRefuses) + "everyslot = true\n");
  const auto talk = registered(gateway);
  CHECK(ask(*talk, slot("00")) == ask(*talk, slot("07")));
  CHECK(message_of(ask(*talk, slot("00"))).starts_with("81000000"));
  Desk failing(std::string(kRefuses) + "send_status = 8\n");
  CHECK(ask(*registered(failing), slot("00")).substr(0, 24) == "6f000000011e021108000000");
}

TEST_CASE("sessions are needed, and a context is refused where the device is strict", "[plant]") {
  Desk desk(std::string(kRefuses) + "strict_context = true\n");
  const auto talk = desk.connected();
  CHECK(ask(*talk, send_rr_data("010220012401")).substr(16, 8) == "64000000");
  CHECK(ask(*talk, "65000400000000000000000001000000000000000000000001000000").substr(8, 16) ==
        "0000000001000000");
  CHECK(ask(*talk, "65000400000000000000000000000000000000000000000002000000").substr(16, 8) ==
        "69000000");
  CHECK(ask(*talk, kRegister).substr(8, 16) == "011e021100000000");
  CHECK(talk->answer(tests::from_hex("66000000011e021100000000000000000000000000000000")).closes);
}

TEST_CASE("what resets, writes, connects or leaves the chassis is refused and marked", "[plant]") {
  Desk desk(kChassis);
  const auto talk = registered(desk);
  CHECK(message_of(ask(*talk, send_rr_data("050220012401"))) == "85000800");
  CHECK(is_forbidden(*talk, send_rr_data("050220012401")));
  CHECK(is_forbidden(*talk, send_rr_data("540220062401")));
  CHECK(is_forbidden(*talk, send_rr_data("5202200624010520060005022001240101000100")));
  CHECK(is_forbidden(*talk, send_rr_data("5202200624010520060001022001240101000205")));
  CHECK(is_forbidden(*talk, "04000000000000000000000000000000000000000000000000000000"));
  CHECK_FALSE(is_forbidden(*talk, slot("00")));
  CHECK_FALSE(is_forbidden(*talk, send_rr_data("0e03200124013001")));
}

TEST_CASE("ListServices and ListInterfaces of a real 1756 come byte for byte", "[plant]") {
  Desk desk(kChassis);
  const auto talk = desk.connected();
  CHECK(ask(*talk, "040000000000000000000000000000000000000000000000") ==
        "04001a00000000000000000000000000000000000000000001000001140001002001436f6d6d756e69636174"
        "696f6e730000");
  CHECK(ask(*talk, "640000000000000000000000000000000000000000000000") ==
        "6400020000000000000000000000000000000000000000000000");
}

}  // namespace
}  // namespace ot::plant
