#include <string>

#include "protocols/link/frame.hpp"
#include "tests/catch.hpp"
#include "tests/protocols/scripted.hpp"

using ot::Errc;
using ot::protocols::link::allowed;
using ot::protocols::link::Frame;
using ot::protocols::link::Wire;
using ot::tests::from_hex;

namespace {

std::string meaning(Wire wire, std::string_view hex) {
  const auto frame = Frame::build(wire, from_hex(hex));
  return frame ? frame->meaning() : "error: " + frame.error().message();
}

bool is_forbidden(Wire wire, std::string_view hex) {
  const auto may = allowed(wire, from_hex(hex));
  return !may && may.error().code() == Errc::forbidden;
}

/// A FINS/UDP frame to the CPU with this command and these parameters.
std::string fins(std::string_view command) {
  return "80000200 0000 006300 01" + std::string(command);
}

std::string number_le(std::size_t value, int bytes) {
  std::string hex;
  for (int i = 0; i < bytes; ++i) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto byte = value >> (8 * i) & 0xFFu;
    hex += {kDigits[byte >> 4], kDigits[byte & 0xFu]};
  }
  return hex;
}

/// A SendRRData with this CIP message.
std::string send_rr_data(std::string_view message) {
  std::string compact(message);
  std::erase(compact, ' ');
  const auto size = compact.size() / 2;
  return "6f00" + number_le(16 + size, 2) + "00020213 00000000 0100000000000000 00000000" +
         "00000000 0500 0200 00000000 b200" + number_le(size, 2) + compact;
}

/// An Unconnected_Send of this message along this route.
std::string unconnected_send(std::string_view message, std::string_view route) {
  std::string compact(message);
  std::erase(compact, ' ');
  const auto size = compact.size() / 2;
  return send_rr_data("52 02 20062401 0520" + number_le(size, 2) + compact +
                      (size % 2 == 1 ? "00" : "") + std::string(route));
}

}  // namespace

TEST_CASE("every FINS command but the four that read an identification is forbidden", "[link]") {
  CHECK(meaning(Wire::fins_udp, fins("0501 00")) ==
        "FINS 0501 CPU UNIT DATA READ of unit 00, parameters 00");
  CHECK(meaning(Wire::fins_udp, fins("0502 00 19")) ==
        "FINS 0502 CONNECTION DATA READ of unit 00, parameters 0019");
  CHECK_FALSE(is_forbidden(Wire::fins_udp, fins("0601")));
  CHECK_FALSE(is_forbidden(Wire::fins_udp, fins("0701")));
  int allowed_commands = 0;
  for (unsigned command = 0; command <= 0xFFFF; ++command) {
    std::string frame = from_hex(fins("0000"));
    frame[10] = static_cast<char>(command >> 8);
    frame[11] = static_cast<char>(command & 0xFFu);
    for (const auto* parameters : {"", "00", "0019"}) {
      const auto may = allowed(Wire::fins_udp, frame + from_hex(parameters));
      allowed_commands += may ? 1 : 0;
    }
  }
  // 0501 alone and with one byte, 0502 with one and with two, 0601, 0701.
  CHECK(allowed_commands == 6);
}

TEST_CASE("a FINS frame that is no command to one local unit is forbidden", "[link]") {
  CHECK(is_forbidden(Wire::fins_udp, "80000200 ff00 006300 01 0501 00"));  // broadcast
  CHECK(is_forbidden(Wire::fins_udp, "80000201 0000 006300 01 0501 00"));  // another network
  CHECK(is_forbidden(Wire::fins_udp, "c0000200 0000 006300 01 0501 00"));  // a response
  CHECK(is_forbidden(Wire::fins_udp, "81000200 0000 006300 01 0501 00"));  // wants no response
  CHECK(is_forbidden(Wire::fins_udp, "80000200 0023 006300 01 0501"));     // special I/O unit
  CHECK(is_forbidden(Wire::fins_udp, "80000200 0000 0063"));
  CHECK(is_forbidden(Wire::fins_udp, ""));
}

TEST_CASE("FINS/TCP carries a node address request or an allowed FINS frame", "[link]") {
  CHECK(meaning(Wire::fins_tcp, "46494e53 0000000c 00000000 00000000 00000000") ==
        "FINS/TCP node address, to be allotted automatically");
  CHECK(
      meaning(Wire::fins_tcp, "46494e53 00000015 00000002 00000000 80000200c8000000ef05 0501 00") ==
      "FINS 0501 CPU UNIT DATA READ of unit 00, parameters 00");
  // Borrowing a node number, a run command, another length, another command.
  CHECK(is_forbidden(Wire::fins_tcp, "46494e53 0000000c 00000000 00000000 00000005"));
  CHECK(is_forbidden(Wire::fins_tcp,
                     "46494e53 00000014 00000002 00000000 80000200c8000000ef05 0401"));
  CHECK(is_forbidden(Wire::fins_tcp,
                     "46494e53 00000016 00000002 00000000 80000200c8000000ef05 0501 00"));
  CHECK(is_forbidden(Wire::fins_tcp, "46494e53 00000008 00000006 00000000"));
}

TEST_CASE("EtherNet/IP may list, open and end a session, and read", "[link]") {
  const std::string_view kZeroes = "0000 00000000 00000000 0000000000000000 00000000";
  CHECK(meaning(Wire::enip_tcp, "6300" + std::string(kZeroes)) == "EtherNet/IP ListIdentity");
  CHECK(meaning(Wire::enip_udp, "6300" + std::string(kZeroes)) == "EtherNet/IP ListIdentity");
  CHECK(meaning(Wire::enip_tcp, "6600" + std::string(kZeroes)) == "EtherNet/IP UnRegisterSession");
  CHECK(meaning(Wire::enip_tcp, "6500 0400 00000000 00000000 0000000000000000 00000000 01000000") ==
        "EtherNet/IP RegisterSession");
  CHECK(meaning(Wire::enip_tcp, send_rr_data("01 02 20012401")) ==
        "CIP Get_Attributes_All of Identity 1");
  CHECK(meaning(Wire::enip_tcp, send_rr_data("01 02 20662401")) ==
        "CIP Get_Attributes_All of Backplane 1");
  CHECK(meaning(Wire::enip_tcp, send_rr_data("0e 03 20012401 3007")) ==
        "CIP Get_Attribute_Single of Identity 1 attribute 7");
  CHECK(meaning(Wire::enip_tcp, unconnected_send("01 02 20012401", "0100 0103")) ==
        "CIP Get_Attributes_All of Identity 1 in slot 3");
}

TEST_CASE("an EtherNet/IP frame with anything else in it is forbidden", "[link]") {
  CHECK(is_forbidden(Wire::enip_udp,
                     "6500 0400 00000000 00000000 0000000000000000 00000000 01000000"));
  CHECK(is_forbidden(Wire::enip_tcp,
                     "6500 0400 00000000 00000000 c1debed100000000 00000000 01000000"));
  CHECK(is_forbidden(Wire::enip_tcp, "6400 0000 00000000 00000000 0000000000000000 00000000"));
  for (const auto* message : {
           "10 03 20012401 3007 00",  // Set_Attribute_Single
           "05 02 20012401",          // Reset
           "01 02 20022401",          // Message Router
           "01 03 20012401 3001",     // an attribute of Get_Attributes_All
           "0e 02 20012401",          // Get_Attribute_Single of none
           "4c 02 20012401",          // Read Tag
           "54 02 20062401",          // Forward_Open
           "01 02 20012401 00",       // bytes behind the message
           "52 02 20012401 0520",     // Unconnected_Send to another object
       }) {
    CAPTURE(message);
    CHECK(is_forbidden(Wire::enip_tcp, send_rr_data(message)));
  }
}

TEST_CASE("what an Unconnected_Send carries is on the list itself and stays in the chassis",
          "[link]") {
  CHECK(is_forbidden(Wire::enip_tcp, unconnected_send("05 02 20012401", "0100 0103")));
  CHECK(is_forbidden(Wire::enip_tcp, unconnected_send("10 03 20012401 3007 00", "0100 0103")));
  // To the network behind port 2, by two hops, within itself.
  CHECK(is_forbidden(Wire::enip_tcp, unconnected_send("01 02 20012401", "0100 0203")));
  CHECK(is_forbidden(Wire::enip_tcp, unconnected_send("01 02 20012401", "0200 01050207")));
  CHECK(is_forbidden(
      Wire::enip_tcp,
      unconnected_send("52 02 20062401 0520 0600 01 02 20012401 0100 0103", "0100 0103")));
}

TEST_CASE("Modbus may report a server id and read a device identification", "[link]") {
  CHECK(meaning(Wire::modbus_tcp, "000f 0000 0002 02 11") ==
        "Modbus 11 Report Server ID of unit 2");
  CHECK(meaning(Wire::modbus_tcp, "0017 0000 0005 01 2b0e 01 00") ==
        "Modbus 2B/0E Read Device Identification of unit 1, code 01 from 00");
  CHECK(meaning(Wire::modbus_rtu, "0a 2b0e 02 00") ==
        "Modbus 2B/0E Read Device Identification of unit 10, code 02 from 00");
  for (unsigned function = 0; function <= 0xFF; ++function) {
    std::string frame = from_hex("0001 0000 0006 01 00 0000 0001");
    frame[7] = static_cast<char>(function);
    CAPTURE(function);
    CHECK_FALSE(allowed(Wire::modbus_tcp, frame));
  }
}

TEST_CASE("a Modbus frame to nobody, with more in it or another length is forbidden", "[link]") {
  CHECK(is_forbidden(Wire::modbus_rtu, "00 11"));  // broadcast on a serial line
  CHECK(is_forbidden(Wire::modbus_rtu, "f8 11"));  // reserved address
  CHECK(is_forbidden(Wire::modbus_tcp, "000f 0000 0003 02 11 00"));
  CHECK(is_forbidden(Wire::modbus_tcp, "000f 0000 0003 02 11"));
  CHECK(is_forbidden(Wire::modbus_tcp, "000f 0001 0002 02 11"));
  CHECK(is_forbidden(Wire::modbus_tcp, "0017 0000 0005 01 2b0d 01 00"));  // CANopen
  CHECK(is_forbidden(Wire::modbus_tcp, "0017 0000 0005 01 2b0e 05 00"));
}
