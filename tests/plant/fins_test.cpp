#include <string>

#include "tests/catch.hpp"
#include "tests/plant/desk.hpp"

namespace ot::plant {
namespace {

// A CP1L-EL20DR-D of a public capture: omron_test.pcap of github.com/cisagov/icsnpp-omron-fins.
constexpr auto kCp1l = R"(
[host]
address = "127.1.0.1"
[host.fins]
cpu = "CP1L-EL20DR-D\u0000\u0000\u0000"
version = "01.00"
internal_version = "01.06"
node = 200
first_client_node = 251
system_use = "00000000000000000000000000000000000000010000000000000000000000000000000000010003"
area = "000a172a1008000000000000"
)";

constexpr auto kRack = R"(
[host]
address = "127.1.0.5"
[host.fins]
cpu = "CJ2M-CPU33"
version = "02.01"
units = [
  {address = 35, model = "CJ1W-DA021"},
  {address = 18, model = "CJ1W-ETN21", version = "V1.56"},
  {address = 16, model = "CJ2M-EIP21", version = "V2.17", ip = "10.0.0.7", mac = "00000a0b0c0d"},
]
)";

constexpr auto kHandshake = "46494e530000000c000000000000000000000000";

/// A FINS frame over UDP to this unit address.
std::string frame(std::string_view unit, std::string_view command) {
  return "8000020000" + std::string(unit) + "00630007" + std::string(command);
}

/// From the end code on.
std::string body_of(const std::string& reply) {
  return reply.substr(2 * 12);
}

std::string text(std::string_view words, std::size_t size = 20) {
  std::string padded(words);
  padded.resize(size, ' ');
  return to_hex(padded);
}

TEST_CASE("a real CP1L's handshake and 05 01 over FINS/TCP come byte for byte", "[plant]") {
  Desk desk(kCp1l);
  const auto talk = desk.connected();
  CHECK(ask(*talk, kHandshake) == "46494e53000000100000000100000000000000fb000000c8");
  CHECK(ask(*talk, "46494e5300000015000000020000000080000200c8000000ef05050100") ==
        "46494e53000000720000000200000000c0000200fbef00c80005050100004350314c2d454c323044"
        "522d440000002020202030312e3030000000000030312e3036000000000000000000000000000000"
        "000000000000000000010000000000000000000000000000000000010003000a172a100800000000"
        "0000");
}

TEST_CASE("a real CP1L's 05 01 over UDP comes from its own node, though node 0 was asked",
          "[plant]") {
  Desk desk(kCp1l);
  const auto talk = desk.datagrams();
  CHECK(ask(*talk, "800002000000006300ef050100") ==
        "c0000200630000c800ef050100004350314c2d454c323044522d440000002020202030312e303000"
        "0000000030312e303600000000000000000000000000000000000000000000000001000000000000"
        "0000000000000000000000010003000a172a1008000000000000");
}

TEST_CASE("05 02 names the CPU and all units by address, and marks the last", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("00", "05020019"))) ==
        "000084" + ("00" + text("CJ2M-CPU33")) + "10" + text("CJ2M-EIP21") + "12" +
            text("CJ1W-ETN21") + "23" + text("CJ1W-DA021"));
}

TEST_CASE("05 02 goes on from the next unit that is there, page by page", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("00", "05020002"))) ==
        "000002" + ("00" + text("CJ2M-CPU33")) + "10" + text("CJ2M-EIP21"));
  CHECK(body_of(ask(*talk, frame("00", "05021102"))) ==
        "000082" + ("12" + text("CJ1W-ETN21")) + "23" + text("CJ1W-DA021"));
  CHECK(body_of(ask(*talk, frame("00", "05022419"))) == "000080");
}

TEST_CASE("05 02 without a unit is too short, and of more than 25 units wrong", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("00", "0502"))) == "1002");
  CHECK(body_of(ask(*talk, frame("00", "0502001a"))) == "110c");
}

TEST_CASE("a bus unit tells its model and version, a network unit its addresses too", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("12", "0501"))) == "0000" + text("CJ1W-ETN21") + text("V1.56"));
  CHECK(body_of(ask(*talk, frame("10", "0501"))) ==
        "0000" + text("CJ2M-EIP21") + text("V2.17") + "0a000007ffffff002580000000000a0b0c0d");
  CHECK(body_of(ask(*talk, frame("12", "050100"))) == "1001");
}

TEST_CASE("a bus unit that is not there is missing, and special I/O units can't be reached",
          "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("11", "0501"))) == "0202");
  CHECK(body_of(ask(*talk, frame("23", "0501"))) == "0202");
}

TEST_CASE("a flat battery is in each end code", "[plant]") {
  Desk desk(std::string(kRack) + "battery_flat = true\n");
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("00", "050100"))).starts_with("0040"));
  CHECK(body_of(ask(*talk, frame("12", "0501"))).starts_with("0040"));
}

TEST_CASE("an NJ knows no 05 02", "[plant]") {
  Desk desk(std::string(kRack) + "nj = true\n");
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("00", "05020019"))) == "0401");
}

TEST_CASE("a scene's end code comes for its command, with the relay where it is one's", "[plant]") {
  Desk desk(std::string(kRack) + "refuses = {0x0501 = 0x2604, 0x0502 = 0x8201}\n");
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("00", "050100"))) == "2604");
  CHECK(body_of(ask(*talk, frame("00", "05020019"))) == "82010105");
}

TEST_CASE("what writes, stops or broadcasts is refused and marked", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.datagrams();
  CHECK(body_of(ask(*talk, frame("00", "0402"))) == "0401");
  CHECK(is_forbidden(*talk, frame("00", "0402")));
  CHECK(is_forbidden(*talk, frame("00", "010182006400000a")));
  CHECK(ask(*talk, "80000200ff00006300ef050100").empty());
  CHECK(is_forbidden(*talk, "80000200ff00006300ef050100"));
  CHECK_FALSE(is_forbidden(*talk, frame("00", "0701")));
  CHECK_FALSE(is_forbidden(*talk, frame("00", "0601")));
}

TEST_CASE("an empty datagram and a cut-off one get no answer", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.datagrams();
  CHECK(ask(*talk, "").empty());
  CHECK(ask(*talk, "8000020000000063000705").empty());
}

TEST_CASE("a second handshake is error 3 and the end", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.connected();
  ask(*talk, kHandshake);
  const Answer again = talk->answer(tests::from_hex(kHandshake));
  CHECK(to_hex(again.frames.at(0)) == "46494e53000000080000000300000003");
  CHECK(again.closes);
}

TEST_CASE("the seventeenth connection is told that all are in use", "[plant]") {
  Desk desk(kRack);
  std::vector<std::unique_ptr<Conversation>> all;
  for (int i = 0; i < 16; ++i) {
    all.push_back(desk.connected());
    CHECK(ask(*all.back(), kHandshake).substr(24, 8) == "00000000");
  }
  const auto late = desk.connected();
  CHECK(ask(*late, kHandshake).substr(24, 8) == "00000020");
  all.pop_back();
  const auto next = desk.connected();
  CHECK(ask(*next, kHandshake).substr(24, 8) == "00000000");
}

TEST_CASE("a client's own node is taken once, and never the unit's", "[plant]") {
  Desk desk(kRack);
  const auto first = desk.connected();
  const auto second = desk.connected();
  const auto third = desk.connected();
  const auto fourth = desk.connected();
  const auto node = [](std::string_view hex) {
    return "46494e530000000c0000000000000000000000" + std::string(hex);
  };
  CHECK(ask(*first, node("09")).substr(24) == "000000000000000900000005");
  CHECK(ask(*second, node("09")).substr(24, 8) == "00000021");
  CHECK(ask(*third, node("05")).substr(24, 8) == "00000024");
  CHECK(ask(*fourth, node("ff")).substr(24, 8) == "00000023");
}

TEST_CASE("what is no FINS, too long, or before the handshake, ends the connection", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.connected();
  CHECK(ask(*talk, "474554202f20485454502f31") == "46494e53000000080000000300000001");
  CHECK(ask(*talk, "46494e537fffffff0000000200000000") == "46494e53000000080000000300000002");
  CHECK(ask(*talk, "46494e5300000015000000020000000080000200c8000000ef05050100") ==
        "46494e53000000080000000300000003");
}

TEST_CASE("a FINS/TCP frame whose length holds no header ends the connection", "[plant]") {
  Desk desk(kRack);
  const auto talk = desk.connected();
  ask(*talk, kHandshake);
  CHECK(talk->frame_size(tests::from_hex("46494e530000000400000002")) == 12);
  CHECK(talk->answer(tests::from_hex("46494e530000000400000002")).closes);
}

TEST_CASE("a confirmation comes in front of each answer where a scene wants it", "[plant]") {
  Desk desk(std::string(kRack) + "confirms = true\n");
  const auto talk = desk.connected();
  ask(*talk, kHandshake);
  const auto frames =
      talk->answer(tests::from_hex("46494e530000001500000002000000008000020005000000ef05050100"))
          .frames;
  REQUIRE(frames.size() == 2);
  CHECK(to_hex(frames[0]) == "46494e53000000080000000600000000");
}

}  // namespace
}  // namespace ot::plant
