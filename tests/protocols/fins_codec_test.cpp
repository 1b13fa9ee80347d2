#include "protocols/fins/codec.hpp"

#include "base/hash.hpp"
#include "protocols/fins/controller_data.hpp"
#include "protocols/link/frame.hpp"
#include "tests/catch.hpp"
#include "tests/protocols/fins_plc.hpp"

namespace ot::tests {
namespace {

using namespace protocols::fins;

Question cpu_question(int node, int own_node, int service_id) {
  Question question;
  question.node = static_cast<std::uint8_t>(node);
  question.own_node = static_cast<std::uint8_t>(own_node);
  question.service_id = static_cast<std::uint8_t>(service_id);
  question.parameters.assign(1, '\0');
  return question;
}

// cisagov/icsnpp-omron-fins, testing/traces/omron_test.pcap, frames 9 and 18: a real CP1L
// that was asked by node 00, and over UDP as node 00.
const std::string kBody =
    "05010000 4350314c2d454c323044522d4400000020202020 30312e3030000000000030312e30360000000000"
    "00000000000000000000000000000000000000010000000000000000000000000000000000010003"
    "000a172a1008000000000000";
const auto kOverTcp = from_hex("46494e53 00000072 00000002 00000000 c0000200fbef00c80005" + kBody);
const auto kOverUdp = from_hex("c0000200630000c800ef" + kBody);

}  // namespace

TEST_CASE("the requests are those that a real PLC was seen to answer", "[fins]") {
  CHECK(hex(node_address_request()) == "46494e530000000c000000000000000000000000");
  auto question = cpu_question(0, 0x63, 0xEF);
  CHECK(hex(command_frame(question)) == "800002000000006300ef050100");
  question = cpu_question(0xC8, 0, 5);
  CHECK(hex(in_tcp(command_frame(question))) ==
        "46494e5300000015000000020000000080000200c800000000050501"
        "00");
}

TEST_CASE("the answers of a real PLC are known as such and read", "[fins]") {
  CHECK(is_answer(cpu_question(0, 0x63, 0xEF), kOverUdp));
  CHECK(is_tcp_answer(cpu_question(0xC8, 0, 5), kOverTcp));
  CHECK_FALSE(is_answer(cpu_question(0x01, 0x63, 0xEF), kOverUdp));
  CHECK_FALSE(is_answer(cpu_question(0, 0x63, 0xEE), kOverUdp));
  const auto reply = parse_reply(kOverUdp);
  REQUIRE(reply);
  CHECK(reply->end_code.is_good());
  CHECK(reply->node == 0xC8);
  const auto data = parse_cpu_data(reply->data);
  REQUIRE(data);
  CHECK(data->model == "CP1L-EL20DR-D");
  CHECK(data->version == "1.00");
  REQUIRE(data->area);
  CHECK(data->area->program_k_words == 10);
}

TEST_CASE("no frame that is cut off is taken for an answer or read past its end", "[fins]") {
  for (std::size_t size = 0; size < kOverTcp.size(); ++size) {
    CHECK_FALSE(is_tcp_answer(cpu_question(0xC8, 0, 5), kOverTcp.substr(0, size)));
  }
  for (std::size_t size = 0; size < kOverUdp.size(); ++size) {
    const auto head = std::string_view(kOverUdp).substr(0, size);
    CHECK(is_answer(cpu_question(0, 0x63, 0xEF), head) == (size >= 14));
    CHECK(parse_reply(head).has_value() == (size >= 14));
  }
}

TEST_CASE("what the codec builds may be sent", "[fins]") {
  using protocols::link::Frame;
  using protocols::link::Wire;
  auto question = cpu_question(0xC8, 0xFB, 1);
  CHECK(Frame::build(Wire::fins_tcp, node_address_request()));
  CHECK(Frame::build(Wire::fins_tcp, in_tcp(command_frame(question))));
  CHECK(Frame::build(Wire::fins_udp, command_frame(question)));
  question.unit = kLastBusUnit;
  question.parameters.clear();
  CHECK(Frame::build(Wire::fins_udp, command_frame(question)));
}

TEST_CASE("flags in an end code do not hide the code", "[fins]") {
  CHECK(EndCode{0x0000}.is_good());
  CHECK(EndCode{0x0040}.is_good());
  CHECK(EndCode{0x0080}.is_good());
  CHECK(EndCode{0x00C0}.is_good());
  CHECK_FALSE(EndCode{0x8000}.is_good());
  CHECK(EndCode{0x0080}.has_fatal_error());
  CHECK_FALSE(EndCode{0x0080}.has_non_fatal_error());
  CHECK(EndCode{0x0040}.has_non_fatal_error());
  CHECK(EndCode{0x0244}.is_busy());
  CHECK(EndCode{0x26C4}.is_busy());
  CHECK(EndCode{0x0242}.is_unit_missing());
  CHECK(EndCode{0x0441}.is_unsupported());
  CHECK(EndCode{0x8501}.is_relay_error());
  CHECK(EndCode{0x8501}.code() == 0x0501);
}

TEST_CASE("end codes and FINS/TCP errors are told in words", "[fins]") {
  CHECK(describe(EndCode{0x0202}) == "end code 0202 (unit missing)");
  CHECK(describe(EndCode{0x0242}) == "end code 0242 (unit missing)");
  CHECK(describe(EndCode{0x7000}) == "end code 7000");
  CHECK(describe_tcp_error(0x20) == "FINS/TCP error 20 (all connections are in use)");
  CHECK(describe_tcp_error(0x99) == "FINS/TCP error 99");
}

TEST_CASE("a relay error without its two bytes is read as far as it goes", "[fins]") {
  const auto reply = parse_reply(from_hex("c0000200fb0000c80001 0501 8501 02"));
  REQUIRE(reply);
  CHECK_FALSE(reply->relay);
  CHECK(reply->data.size() == 1);
}

TEST_CASE("versions are written as people write them", "[fins]") {
  CHECK(version_of("02.01") == "2.01");
  CHECK(version_of("V1.56               ") == "1.56");
  CHECK(version_of("v2.17") == "2.17");
  CHECK(version_of("00.50") == "0.50");
  CHECK(version_of("10.00") == "10.00");
  CHECK(version_of("0") == "0");
  CHECK(version_of(std::string_view("01.00\0\0\0\0\0"
                                    "01.06",
                                    15)) == "1.00");
  CHECK(version_of("02.01     02.01") == "2.01");
  CHECK(version_of("  V") == "");
  CHECK(version_of("") == "");
}

TEST_CASE("models end at the first zero byte and lose their padding", "[fins]") {
  CHECK(model_of("CJ2M-CPU33          ") == "CJ2M-CPU33");
  CHECK(model_of(std::string_view("CP1L-EL20DR-D\0\0\0    ", 20)) == "CP1L-EL20DR-D");
  CHECK(model_of("12345678901234567890") == "12345678901234567890");
  CHECK(model_of("                    ") == "");
}

TEST_CASE("controller data need forty bytes, and no more", "[fins]") {
  const auto least = field20("CJ2M-CPU33") + field20("02.01", '\0');
  CHECK_FALSE(parse_cpu_data(std::string_view(least).substr(0, 39)));
  CHECK_FALSE(parse_bus_unit_data(std::string_view(least).substr(0, 39)));
  const auto cpu = parse_cpu_data(least);
  REQUIRE(cpu);
  CHECK_FALSE(cpu->area);
  const auto unit = parse_bus_unit_data(least);
  REQUIRE(unit);
  CHECK_FALSE(unit->address);
  CHECK(unit->mac_address.empty());
}

TEST_CASE("an FL-net unit has no port before its MAC", "[fins]") {
  const auto names = field20("CJ1W-FLN22") + field20("V1.00");
  const auto unit = parse_bus_unit_data(names + from_hex("c0a8fa01 ffffff00 0000 00000a010203"));
  REQUIRE(unit);
  CHECK(unit->address->text() == "192.168.250.1");
  CHECK(unit->mac_address == "00:00:0a:01:02:03");
  const auto blank = parse_bus_unit_data(names + std::string(18, '\0'));
  REQUIRE(blank);
  CHECK_FALSE(blank->address);
  CHECK(blank->mac_address.empty());
}

TEST_CASE("a page counts its units in seven bits, and bytes behind them are let be", "[fins]") {
  const auto page = parse_unit_page(unit_page(0x81, {{0x23, "CJ1W-DA021"}}) + "more");
  REQUIRE(page);
  CHECK(page->is_last);
  REQUIRE(page->units.size() == 1);
  CHECK(page->units[0].address == 0x23);
  CHECK(page->units[0].model == "CJ1W-DA021");
  CHECK_FALSE(parse_unit_page(""));
  CHECK_FALSE(parse_unit_page(unit_page(0x82, {{0x23, "CJ1W-DA021"}})));
  CHECK(parse_unit_page(unit_page(0x19, {{0x23, "X"}})).error().code() == Errc::malformed);
}

}  // namespace ot::tests
