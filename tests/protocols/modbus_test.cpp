#include <algorithm>

#include "base/bytes.hpp"
#include "base/hash.hpp"
#include "protocols/modbus/codec.hpp"
#include "tests/catch.hpp"
#include "tests/protocols/scripted.hpp"

using namespace ot;
using protocols::link::Wire;
using tests::from_hex;
using tests::run_probe;
using tests::Script;

namespace {

const protocols::Probe& probe() {
  const auto all = protocols::all();
  return **std::find_if(all.begin(), all.end(), [](const auto* p) { return p->name == "modbus"; });
}

protocols::ProbeOptions units(std::vector<std::uint8_t> ids) {
  protocols::ProbeOptions options;
  options.units = std::move(ids);
  return options;
}

std::string detail(const Asset& asset, std::string_view name) {
  for (const auto& item : asset.details) {
    if (item.name == name) {
      return item.value;
    }
  }
  return {};
}

// cisagov/icsnpp-modbus, modbus_example.pcap: the answer of a pymodbus server.
constexpr std::string_view kZeek =
    "2b0e 01 83 00 00 03 00 10 5a65656b204d6f646275732054657374"
    "01 18 50726f746f636f6c2050617273696e672069732066756e21 02 07 312e322e332e36";

/// An answer over TCP: transaction, unit, PDU.
std::string mbap(std::uint16_t transaction, std::uint8_t unit, std::string_view pdu_hex) {
  const auto pdu = from_hex(pdu_hex);
  const auto frame = ByteWriter()
                         .u16_be(transaction)
                         .u16_be(0)
                         .u16_be(static_cast<std::uint16_t>(pdu.size() + 1))
                         .u8(unit)
                         .bytes(pdu)
                         .take();
  return hex(frame);
}

}  // namespace

TEST_CASE("a Modbus device names itself in one request", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00").reply(mbap(1, 0xFF, kZeek));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.vendor == "Zeek Modbus Test");
  CHECK(found->asset.hardware.model == "Protocol Parsing is fun!");
  CHECK(found->asset.firmware_version == "1.2.3.6");
  CHECK(found->asset.origin == Origin::observed);
  CHECK(detail(found->asset, "conformityLevel") == "83");
  CHECK_FALSE(found->incomplete);
}

TEST_CASE("a list of objects in several answers is read to its end", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, "2b0e 02 82 ff 04 03 00 01 41 01 01 42 02 02 5631"))
      .expect(Wire::modbus_tcp, "0002 0000 0005 ff 2b0e 02 04")
      .reply(mbap(2, 0xFF, "2b0e 02 82 00 00 02 04 04 50524f44 05 03 4d4f44"));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.product_name == "PROD");
  CHECK(found->asset.hardware.model == "MOD");
  CHECK(detail(found->asset, "productCode") == "B");
}

TEST_CASE("a server that begins its list of objects again is not followed", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, "2b0e 02 82 ff 02 02 00 01 41 01 01 42"))
      .expect(Wire::modbus_tcp, "0002 0000 0005 ff 2b0e 02 02")
      .reply(mbap(2, 0xFF, "2b0e 02 82 ff 02 02 00 01 41 01 01 42"));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.vendor == "A");
  REQUIRE(found->notes.size() == 1);
  CHECK(found->notes.front() == "unit 255: the list of objects does not go on at 02");
}

TEST_CASE("a server that refuses the code is asked for the basic objects", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, "ab 03"))
      .expect(Wire::modbus_tcp, "0002 0000 0005 ff 2b0e 01 00")
      .reply(mbap(2, 0xFF, "2b0e 01 01 00 00 03 00 01 41 01 01 42 02 01 43"));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.model == "B");
  CHECK(found->notes.empty());
}

TEST_CASE("where 2B/0E is no function, the server id is read", "[modbus]") {
  const auto* refusal = GENERATE("ab 01", "ab 0e 01");
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, refusal))
      .expect(Wire::modbus_tcp, "0002 0000 0002 ff 11")
      .reply(mbap(2, 0xFF, "11 0a b4 ff 4c4d42332e312e36"));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.vendor.empty());
  CHECK(detail(found->asset, "serverId") == from_hex("b4ff4c4d42332e312e36"));
}

TEST_CASE("a device that leaves 2B/0E unanswered may still report its server id", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .fail_with(Errc::silent)
      .expect(Wire::modbus_tcp, "0002 0000 0002 ff 11")
      // Digital Bond's capture of a Wingpath server, with another transaction and unit.
      .reply(mbap(2, 0xFF, "11 12 00 ff 57696e6770617468204c696d69746564"));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(detail(found->asset, "serverId").ends_with("Wingpath Limited"));
}

TEST_CASE("answers of other transactions and units are no answers", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(7, 0xFF, kZeek))
      .reply(mbap(1, 0x01, kZeek))
      .reply(mbap(1, 0xFF, "11 02 00 ff"))
      .reply(mbap(1, 0xFF, kZeek));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(found->asset.hardware.vendor == "Zeek Modbus Test");
}

TEST_CASE("a device that ignores the unit id is one device", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, kZeek))
      .expect(Wire::modbus_tcp, "0002 0000 0005 f6 2b0e 02 00")
      .reply(mbap(2, 0xF6, kZeek));
  const auto found = run_probe(probe(), script, units({1, 2, 3}));
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.add_ons.empty());
  CHECK(found->notes ==
        std::vector<std::string>{"answers for every unit id alike: it is one device"});
  CHECK_FALSE(found->asked);
}

TEST_CASE("units behind a gateway are its add-ons", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, "2b0e 02 01 00 00 02 00 02 4757 01 01 47"))
      .expect(Wire::modbus_tcp, "0002 0000 0005 f6 2b0e 02 00")
      .reply(mbap(2, 0xF6, "ab 0b"))
      .expect(Wire::modbus_tcp, "0003 0000 0005 01 2b0e 02 00")
      .reply(mbap(3, 0x01, kZeek))
      .expect(Wire::modbus_tcp, "0004 0000 0005 02 2b0e 02 00")
      .reply(mbap(4, 0x02, "ab 0b"))
      .expect(Wire::modbus_tcp, "0005 0000 0005 03 2b0e 02 00")
      .reply(mbap(5, 0x03, "ab 02"))
      .expect(Wire::modbus_tcp, "0006 0000 0002 03 11")
      .reply(mbap(6, 0x03, "91 01"));
  const auto found = run_probe(probe(), script, units({1, 2, 3}));
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.vendor == "GW");
  REQUIRE(found->asset.add_ons.size() == 2);
  CHECK(found->asset.add_ons[0].unit_address == "1");
  CHECK(found->asset.add_ons[0].hardware.vendor == "Zeek Modbus Test");
  CHECK(found->asset.add_ons[1].unit_address == "3");
  CHECK(found->asset.add_ons[1].hardware.model.empty());
}

TEST_CASE("a gateway without a path twice, or a server twice busy, shows distress", "[modbus]") {
  const bool busy = GENERATE(true, false);
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, busy ? "ab 06" : "ab 0a"));
  if (busy) {
    script.expect(Wire::modbus_tcp, "0002 0000 0005 ff 2b0e 02 00").reply(mbap(2, 0xFF, "ab 06"));
  } else {
    script.expect(Wire::modbus_tcp, "0002 0000 0005 01 2b0e 02 00").reply(mbap(2, 0x01, "ab 0a"));
  }
  const auto found = run_probe(probe(), script);
  CHECK(script.complaint().empty());
  CHECK(script.distressed() == (busy ? "Modbus exception 06 twice: server device busy"
                                     : "Modbus exception 0A twice: gateway path unavailable"));
}

TEST_CASE("the usual unit is asked when nobody is unit 255", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, "ab 0b"))
      .expect(Wire::modbus_tcp, "0002 0000 0005 01 2b0e 02 00")
      .reply(mbap(2, 0x01, kZeek));
  const auto found = run_probe(probe(), script);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.vendor == "Zeek Modbus Test");
  CHECK(detail(found->asset, "unitId") == "1");
  CHECK(found->asked == std::vector<std::string>{});
}

TEST_CASE("what was read before a connection broke is kept", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, kZeek))
      .expect(Wire::modbus_tcp, "0002 0000 0005 f6 2b0e 02 00")
      .fail_with(Errc::ended);
  const auto found = run_probe(probe(), script, units({1}));
  REQUIRE(found);
  CHECK(found->asset.hardware.vendor == "Zeek Modbus Test");
  REQUIRE(found->incomplete);
  CHECK(found->incomplete->code() == Errc::ended);
}

TEST_CASE("where a gateway came to its end is told by the unit, with those left out", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, kZeek))
      .expect(Wire::modbus_tcp, "0002 0000 0005 f6 2b0e 02 00")
      .reply(mbap(2, 0xF6, "ab 0b"))
      .expect(Wire::modbus_tcp, "0003 0000 0005 01 2b0e 02 00")
      .fail_with(Errc::silent)
      .expect(Wire::modbus_tcp, "0004 0000 0002 01 11")
      .fail_with(Errc::silent)
      .expect(Wire::modbus_tcp, "0005 0000 0005 02 2b0e 02 00")
      .fail_with(Errc::ended);
  const auto found = run_probe(probe(), script, units({1, 2, 3, 4, 5, 9}));
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->notes == std::vector<std::string>{"unit 1: no answer"});
  REQUIRE(found->incomplete);
  CHECK(found->incomplete->message().starts_with("unit 2: "));
  CHECK(found->incomplete->message().ends_with("; unit 3-5, 9: not asked"));
}

TEST_CASE("the objects of one answer are kept when the next one breaks", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00")
      .reply(mbap(1, 0xFF, "2b0e 02 82 ff 04 03 00 01 41 01 01 42 02 02 5631"))
      .expect(Wire::modbus_tcp, "0002 0000 0005 ff 2b0e 02 04")
      .fail_with(Errc::closed);
  const auto found = run_probe(probe(), script, units({1}));
  REQUIRE(found);
  CHECK(script.complaint().empty());
  CHECK(found->asset.hardware.vendor == "A");
  REQUIRE(found->incomplete);
  CHECK(found->incomplete->code() == Errc::closed);
}

TEST_CASE("nothing is found where nobody answers", "[modbus]") {
  const auto code = GENERATE(Errc::refused, Errc::unreachable);
  Script script;
  script.expect(Wire::modbus_tcp, "0001 0000 0005 ff 2b0e 02 00").fail_with(code);
  const auto found = run_probe(probe(), script);
  REQUIRE_FALSE(found);
  CHECK(found.error().code() == code);
  CHECK(script.complaint().empty());
}

TEST_CASE("units on a serial line are add-ons of the line", "[modbus]") {
  Script script;
  script.expect(Wire::modbus_rtu, "0a 2b0e 02 00")
      .fail_with(Errc::silent)
      .expect(Wire::modbus_rtu, "0a 11")
      .fail_with(Errc::silent)
      .expect(Wire::modbus_rtu, "0b 2b0e 02 00")
      .reply("0b" + std::string(kZeek));
  auto options = units({10, 11, 0, 250});
  options.serial = true;
  const auto found = run_probe(probe(), script, options);
  REQUIRE(found);
  CHECK(script.complaint().empty());
  REQUIRE(found->asset.add_ons.size() == 1);
  CHECK(found->asset.add_ons[0].unit_address == "11");
  CHECK(found->notes == std::vector<std::string>{"unit 10: no answer"});
}

TEST_CASE("a cut-off object list is malformed, whatever it claims to hold", "[modbus]") {
  using protocols::modbus::parse_identification;
  CHECK_FALSE(parse_identification(from_hex("2b0e 01 01 00 00")));
  CHECK_FALSE(parse_identification(from_hex("2b0e 01 01 00 00 03 00 ff 41")));
  CHECK_FALSE(parse_identification(from_hex("2b0d 01 01 00 00 00")));
  // The specification's own example counts three where there are two.
  const auto page = parse_identification(from_hex("2b0e 01 01 00 00 03 00 01 41 01 01 42"));
  REQUIRE(page);
  CHECK(page->objects.size() == 2);
}

TEST_CASE("the run indicator is the last byte of a server id when it is one", "[modbus]") {
  using protocols::modbus::parse_server_id;
  const auto conpot = parse_server_id(from_hex("11 03 11 01 01 ff"));
  REQUIRE(conpot);
  CHECK_FALSE(conpot->run);
  const auto on = parse_server_id(from_hex("11 03 41 42 ff"));
  REQUIRE(on);
  CHECK(on->data == "AB");
  CHECK(on->run == true);
  CHECK_FALSE(parse_server_id(from_hex("11 09 41")));
  CHECK(parse_server_id(from_hex("11 00"))->data.empty());
}
