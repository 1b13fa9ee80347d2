#include "tests/catch.hpp"
#include "tests/plant/desk.hpp"

namespace ot::plant {
namespace {

constexpr auto kHead = "[[host]]\nname = \"press\"\naddress = \"127.1.0.5\"\n";

std::string recorded(const std::string& port, const std::string& exchanges) {
  return kHead + std::string("[[host.recorded]]\n") + port + exchanges;
}

std::string exchange(const std::string& request, const std::string& answers) {
  return "[[host.recorded.exchange]]\nrequest = \"" + request + "\"\nanswer = [" + answers + "]\n";
}

constexpr auto kModbus = "protocol = \"modbus\"\nport = 502\n";

TEST_CASE("a recorded Modbus answer bears the transaction of the request", "[plant]") {
  Desk desk(recorded(kModbus, exchange("000100000005012b0e0100", "\"00010000000301ab01\"")));
  const auto talk = desk.connected();
  CHECK(ask(*talk, "beef00000005012b0e0100") == "beef0000000301ab01");
  CHECK(talk->frame_size(tests::from_hex("beef00000005012b0e0100beef")) == 11);
}

TEST_CASE("a request that was never recorded gets silence", "[plant]") {
  Desk desk(recorded(kModbus, exchange("000100000005012b0e0100", "\"00010000000301ab01\"")));
  const auto talk = desk.connected();
  CHECK(ask(*talk, "000100000005022b0e0100").empty());
  CHECK_FALSE(is_forbidden(*talk, "000100000005022b0e0100"));
  CHECK(is_forbidden(*talk, "000100000006010300000001"));
}

TEST_CASE("several answers to one request come in their order, then from the first on", "[plant]") {
  const auto* request = "000100000005012b0e0100";
  Desk desk(recorded(kModbus, exchange(request, "") + exchange(request, "\"0001000000030102aa\"") +
                                  exchange(request, "\"0001000000030102bb\"")));
  const auto talk = desk.connected();
  for (int round = 0; round < 2; ++round) {
    CHECK(ask(*talk, request).empty());
    CHECK(ask(*talk, request) == "0001000000030102aa");
    CHECK(ask(*desk.connected(), request) == "0001000000030102bb");
  }
}

TEST_CASE("an answer to somebody else stays one", "[plant]") {
  Desk desk(recorded(kModbus, exchange("000100000005012b0e0100",
                                       "\"77770000000301ab01\", \"00010000000301ab02\"")));
  CHECK(ask(*desk.connected(), "beef00000005012b0e0100") ==
        "77770000000301ab01"
        "beef0000000301ab02");
}

TEST_CASE("a recorded FINS answer goes to the node and bears the service id that asked",
          "[plant]") {
  constexpr auto kTcp = "protocol = \"fins\"\nport = 9600\n";
  Desk desk(recorded(kTcp, exchange("46494e5300000015000000020000000080000200c8000000ef05050100",
                                    "\"46494e53000000160000000200000000c0000200fbef00c80005050100"
                                    "00\"")));
  CHECK(ask(*desk.connected(), "46494e5300000015000000020000000080000200c80000fb0042050100") ==
        "46494e53000000160000000200000000c0000200fb0000c8004205010000");
  CHECK(
      ask(*desk.connected(), "46494e5300000015000000020000000080000200c81000fb0042050100").empty());
}

TEST_CASE("what was recorded over TCP and over UDP at one port is one place", "[plant]") {
  Desk desk(recorded("protocol = \"fins\"\nport = 9600\n",
                     exchange("46494e530000000c000000000000000000000000", "")) +
            "[[host.recorded]]\nprotocol = \"fins\"\ntransport = \"udp\"\nport = 9600\n" +
            exchange("800002000000006300ef050100", "\"c0000200630000c800ef05010000\""));
  CHECK(desk.place().tcp == Wire::fins_tcp);
  CHECK(desk.place().udp == Wire::fins_udp);
  CHECK(ask(*desk.datagrams(), "80000200000000070001050100") == "c0000200070000c8000105010000");
}

TEST_CASE("a recorded EtherNet/IP answer bears the session and context that asked", "[plant]") {
  const std::string zeros(8, '0');
  const auto frame = [&](const std::string& command, const std::string& session,
                         const std::string& context, const std::string& body) {
    const std::string size = body.size() == 8 ? "0400" : "0200";
    return command + size + session + zeros + context + zeros + zeros + body;
  };
  Desk desk(recorded("protocol = \"enip\"\nport = 44818\n",
                     exchange(frame("6500", zeros, zeros, "01000000"),
                              "\"" + frame("6500", "13000200", zeros, "01000000") + "\"") +
                         exchange(frame("6f00", "13000200", "01000000", "abcd"),
                                  "\"" + frame("6f00", "13000200", "01000000", "ef01") + "\"")));
  const auto talk = desk.connected();
  CHECK(ask(*talk, frame("6500", zeros, zeros, "01000000")) ==
        frame("6500", "13000200", zeros, "01000000"));
  CHECK(ask(*talk, frame("6f00", "99000000", "07000000", "abcd")) ==
        frame("6f00", "99000000", "07000000", "ef01"));
  CHECK(talk->answer(tests::from_hex(frame("6600", "13000200", zeros, "").substr(0, 4) + "0000" +
                                     "13000200" + zeros + zeros + zeros + zeros))
            .closes);
}

TEST_CASE("a recorded end of a connection is played", "[plant]") {
  Desk desk(recorded(kModbus, exchange("000100000005012b0e0100", "") + "closes = true\n"));
  CHECK(desk.deliver(*desk.connected(), Wire::modbus_tcp, "000100000005012b0e0100").end ==
        Delivery::End::close);
}

TEST_CASE("mistakes in what was recorded are told", "[plant]") {
  const auto mistake = [](const std::string& toml) {
    const auto scene = read_scene(toml);
    return scene ? std::string() : scene.error().text();
  };
  CHECK_THAT(mistake(recorded(kModbus, exchange("00zz", ""))), Catch::Contains("hex digits"));
  CHECK_THAT(mistake(recorded(kModbus, exchange("00", "\"0\""))), Catch::Contains("hex digits"));
  CHECK_THAT(mistake(recorded("protocol = \"modbus\"\ntransport = \"udp\"\nport = 502\n", "")),
             Catch::Contains("not recorded over UDP"));
  CHECK_THAT(mistake(recorded("protocol = \"fins\"\n", "")), Catch::Contains("port: is missing"));
}

}  // namespace
}  // namespace ot::plant
