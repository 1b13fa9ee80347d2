#include "protocols/enip/cip.hpp"
#include "protocols/enip/encapsulation.hpp"
#include "protocols/enip/slot_answer.hpp"
#include "protocols/link/frame.hpp"
#include "tests/catch.hpp"
#include "tests/protocols/enip_device.hpp"

namespace ot::protocols::enip {
namespace {

using tests::from_hex;

Result<Identity> identity_in(std::string_view frame) {
  const auto reply = parse_encapsulation(frame);
  return reply ? parse_list_identity(reply->body) : fail(reply.error());
}

Result<Identity> attributes_in(std::string_view hex) {
  const auto bytes = from_hex(hex);
  ByteReader reader(bytes);
  return read_identity(reader);
}

CipReply reply_of(std::string_view hex) {
  return parse_cip_reply(from_hex(hex)).value();
}

TEST_CASE("every request that is built may be sent", "[enip]") {
  using link::allowed;
  using link::Wire;

  CHECK(allowed(Wire::enip_tcp, list_identity()).value() == "EtherNet/IP ListIdentity");
  CHECK(allowed(Wire::enip_udp, list_identity_over_udp()).has_value());
  CHECK(allowed(Wire::enip_tcp, register_session()).has_value());
  CHECK(allowed(Wire::enip_tcp, unregister_session(7)).has_value());
  CHECK(allowed(Wire::enip_tcp, send_rr_data(7, 1, get_identity())).value() ==
        "CIP Get_Attributes_All of Identity 1");
  CHECK(allowed(Wire::enip_tcp, send_rr_data(7, 1, get_backplane())).value() ==
        "CIP Get_Attributes_All of Backplane 1");
  CHECK(allowed(Wire::enip_tcp, send_rr_data(7, 1, get_identity_of(16))).value() ==
        "CIP Get_Attributes_All of Identity 1 in slot 16");
}

TEST_CASE("an Unconnected_Send gives up before we do, and goes to one slot", "[enip]") {
  CHECK(get_identity_of(3) == from_hex("52 02 2006 2401 05 20 0600 01 02 2001 2401 01 00 01 03"));
}

TEST_CASE("a datagram asks for an answer within half a second", "[enip]") {
  CHECK(list_identity_over_udp().substr(12, 8) == from_hex("f401000000000000"));
}

TEST_CASE("a ListIdentity reply of an ENBT gives its identity", "[enip]") {
  const auto identity = identity_in(from_hex(tests::kListedEnbt)).value();
  CHECK(identity.vendor == 1);
  CHECK(identity.device_type == 0x0C);
  CHECK(identity.product_code == 58);
  CHECK(identity.major_revision == 4);
  CHECK(identity.minor_revision == 3);
  CHECK(identity.status == 0x0030);
  CHECK(identity.serial_number == 0x00524d8e);
  CHECK(identity.product_name == "1756-ENBT/A");
}

TEST_CASE("of several items the identity is taken, and what follows is left", "[enip]") {
  const auto whole = from_hex(tests::kListedEnbt);
  const auto item = whole.substr(26);
  const auto body = from_hex("0300 8600 0200 abcd") + item + from_hex("0c00 0000 ffff");
  CHECK(parse_list_identity(body).value().product_name == "1756-ENBT/A");
}

TEST_CASE("a list of items that is cut off, or without an identity, is malformed", "[enip]") {
  const auto whole = from_hex(tests::kListedEnbt);
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
    CHECK_FALSE(identity_in(whole.substr(0, size)).has_value());
  }
  CHECK_FALSE(parse_list_identity(from_hex("0000")).has_value());
  CHECK_FALSE(parse_list_identity(from_hex("ffff 0d00 0000")).has_value());
  CHECK_FALSE(parse_list_identity(from_hex("0100 0c00 0200 0100")).has_value());
}

TEST_CASE("behind a bad status nothing is read, whatever the length says", "[enip]") {
  const auto reply = parse_encapsulation(from_hex("6300ffff 00000000 a5860100 0000000000000000"
                                                  "00000000 0100 0c00"))
                         .value();
  CHECK(reply.status == 0x000186A5);
  CHECK(reply.body.empty());
}

TEST_CASE("an answer has the command, and to SendRRData the session and the context", "[enip]") {
  const auto asked = send_rr_data(7, 9, get_identity());
  CHECK(is_answer(asked, send_rr_data(7, 9, {})));
  CHECK_FALSE(is_answer(asked, send_rr_data(7, 8, {})));
  CHECK_FALSE(is_answer(asked, send_rr_data(6, 9, {})));
  CHECK_FALSE(is_answer(asked, list_identity()));
  CHECK_FALSE(is_answer(asked, asked.substr(0, 23)));
  CHECK(is_answer(list_identity(), from_hex(tests::kListedEnbt)));
}

TEST_CASE("an Identity ends behind its name, or goes on", "[enip]") {
  const auto ends = attributes_in("0100 0e00 3600 140b 6031 1a066c00 02 4142").value();
  CHECK(ends.product_name == "AB");
  const auto goes_on = attributes_in("0100 0e00 3600 140b 6031 1a066c00 02 4142 ff000000").value();
  CHECK(goes_on.product_name == "AB");
  CHECK(goes_on == ends);
}

TEST_CASE("a name that is said to be longer than what is left is malformed", "[enip]") {
  const auto lie = attributes_in("0100 0e00 3600 140b 6031 1a066c00 ff 4142");
  REQUIRE_FALSE(lie.has_value());
  CHECK(lie.error().code() == Errc::malformed);
  CHECK_FALSE(attributes_in("0100 0e00 3600 140b 6031 1a066c00").has_value());
  CHECK_FALSE(attributes_in("0100 0e00 3600 140b").has_value());
}

TEST_CASE("a name is kept without padding, as UTF-8", "[enip]") {
  CHECK(attributes_in("0100 0e00 3600 140b 6031 1a066c00 05 2041422000").value().product_name ==
        "AB");
  CHECK(attributes_in("0100 0e00 3600 140b 6031 1a066c00 04 4142 0043").value().product_name ==
        "AB");
  CHECK(attributes_in("0100 0e00 3600 140b 6031 1a066c00 02 41fc").value().product_name == "Aü");
  CHECK(attributes_in("0100 0e00 3600 140b 6031 1a066c00 00").value().product_name.empty());
}

TEST_CASE("a backplane tells its own slot, its serial number and its slots", "[enip]") {
  const auto found = parse_backplane(reply_of(tests::kBackplaneReal).data).value();
  REQUIRE(found.has_value());
  CHECK(found->own_slot == 1);
  CHECK(found->serial_number == 0x001b2ab1);
  CHECK(found->slots == 10);
}

TEST_CASE("an I/O module's short backplane tells nothing", "[enip]") {
  CHECK_FALSE(parse_backplane(from_hex("0007000000000300")).value().has_value());
  CHECK_FALSE(parse_backplane({}).value().has_value());
}

TEST_CASE("a backplane that can't be is malformed", "[enip]") {
  const auto with = [](std::uint16_t own_slot, std::uint16_t slots) {
    return parse_backplane(reply_of(tests::backplane(own_slot, slots)).data).has_value();
  };
  CHECK(with(0, 1));
  CHECK(with(31, 32));
  CHECK_FALSE(with(0, 0));
  CHECK_FALSE(with(0, 33));
  CHECK_FALSE(with(0, 0xFFFF));
  CHECK_FALSE(with(7, 7));
}

TEST_CASE("a CIP reply gives its service, status and extended words", "[enip]") {
  const auto reply = reply_of("d200 01 02 1203 3412 beef");
  CHECK(reply.service == kUnconnectedSend);
  CHECK(reply.status == 1);
  CHECK(reply.extended == std::vector<std::uint16_t>{0x0312, 0x1234});
  CHECK(reply.data == from_hex("beef"));
  CHECK(reply.status_words() == "01 Connection failure, 0312 Link address not valid");
}

TEST_CASE("a cut-off CIP reply, or a request in its place, is malformed", "[enip]") {
  CHECK_FALSE(parse_cip_reply({}).has_value());
  CHECK_FALSE(parse_cip_reply(from_hex("810000")).has_value());
  CHECK_FALSE(parse_cip_reply(from_hex("810001ff1203")).has_value());
  CHECK_FALSE(parse_cip_reply(from_hex("01022001 2401")).has_value());
}

TEST_CASE("only the unconnected message of a SendRRData is read", "[enip]") {
  CHECK(parse_rr_data(from_hex("00000000 0000 0200 0000 0000 b200 0200 abcd")).value() ==
        from_hex("abcd"));
  CHECK_FALSE(parse_rr_data(from_hex("00000000 0000 0100 0000 0000")).has_value());
  CHECK_FALSE(parse_rr_data(from_hex("00000000 0000 0200 0000 0000 b200 0300 abcd")).has_value());
  CHECK_FALSE(parse_rr_data(from_hex("000000")).has_value());
}

TEST_CASE("a status tells what is in the slot", "[enip]") {
  const auto answer = [](std::string_view hex) { return slot_answer(reply_of(hex)); };
  CHECK(answer(tests::kL61Real) == SlotAnswer::module);
  CHECK(answer("d2000101 1203") == SlotAnswer::empty);
  CHECK(answer("d2000101 1103") == SlotAnswer::no_route);
  CHECK(answer("d2000101 0402") == SlotAnswer::mute);
  CHECK(answer("d2000101 1803") == SlotAnswer::own);
  CHECK(answer("d2000101 0502") == SlotAnswer::no_route);
  CHECK(answer("d2000400") == SlotAnswer::no_route);
  CHECK(answer("d2000500") == SlotAnswer::no_route);
  CHECK(answer("d2000501 0000") == SlotAnswer::no_route);
  CHECK(answer("d2000800") == SlotAnswer::no_route);
  CHECK(answer("d2000200") == SlotAnswer::busy);
  CHECK(answer("d2000101 0103") == SlotAnswer::busy);
}

TEST_CASE("what the module itself refuses says nothing of the way to it", "[enip]") {
  const auto answer = [](std::string_view hex) { return slot_answer(reply_of(hex)); };
  CHECK(answer("81000800") == SlotAnswer::odd);
  CHECK(answer("81000500") == SlotAnswer::odd);
  CHECK(answer("d2000100") == SlotAnswer::odd);
  CHECK(answer("d2000101 0001") == SlotAnswer::odd);
  CHECK(answer("d2000000") == SlotAnswer::odd);
  CHECK(answer("8e000000") == SlotAnswer::odd);
  CHECK(answer("d2001f00") == SlotAnswer::odd);
}

}  // namespace
}  // namespace ot::protocols::enip
