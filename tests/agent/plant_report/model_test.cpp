#include "agent/plant_report/model.hpp"

#include "tests/catch.hpp"
#include "tests/temporary.hpp"

using namespace ot;
using namespace ot::agent;
using namespace ot::agent::plant_report;
using Event = protocols::link::LedgerEntry::Event;
using protocols::link::Wire;

namespace {

bundle::Exchange exchange(std::string target, Event event, std::string meaning = {},
                          std::string bytes = {}) {
  bundle::Exchange made;
  made.area = "Hall 1";
  made.entry.target = std::move(target);
  made.entry.event = event;
  made.entry.meaning = std::move(meaning);
  made.entry.bytes = std::move(bytes);
  return made;
}

}  // namespace

TEST_CASE("a function is named without where it was sent", "[report]") {
  CHECK(function_of("FINS 0501 CONTROLLER DATA READ of unit 00, parameters 00") ==
        "FINS 0501 CONTROLLER DATA READ");
  CHECK(function_of("FINS/TCP node address, to be allotted automatically") ==
        "FINS/TCP node address");
  CHECK(function_of("CIP Get_Attributes_All of Identity 1 in slot 3") ==
        "CIP Get_Attributes_All of Identity");
  CHECK(function_of("CIP Get_Attribute_Single of Identity 1 attribute 7") ==
        "CIP Get_Attribute_Single of Identity");
  CHECK(function_of("Modbus 2B/0E Read Device Identification of unit 1, code 01 from 00") ==
        "Modbus 2B/0E Read Device Identification");
  CHECK(function_of("EtherNet/IP ListIdentity") == "EtherNet/IP ListIdentity");
  CHECK(function_of("").empty());
}

TEST_CASE("a ledger is counted by area, endpoint and protocol", "[report]") {
  SentCounter counter;
  counter.add(exchange("10.0.0.10:9600", Event::connect));
  counter.add(exchange("10.0.0.9:9600", Event::connect));
  counter.add(exchange("10.0.0.9:9600", Event::connected));
  const std::string handshake("FINS\0\0\0\14\0\0\0\0\0\0\0\0\0\0\0\0", 20);
  counter.add(exchange("10.0.0.9:9600", Event::sent, "FINS 0102 MEMORY AREA WRITE", handshake));
  counter.add(exchange("10.0.0.9:9600", Event::received, {}, "123"));
  counter.add(exchange("10.0.0.9:9600", Event::sent, "EtherNet/IP ListIdentity", "12345"));
  counter.add(exchange("10.0.0.9:9600", Event::unanswered));
  auto stray = exchange("10.0.0.9:9600", Event::received, {}, "1");
  stray.entry.stray = true;
  counter.add(stray);
  counter.add(exchange("10.0.0.10:9600", Event::refused));

  const auto sent = counter.take();
  REQUIRE(sent.size() == 2);
  CHECK(sent[0].target == "10.0.0.9:9600");  // 9 comes before 10
  CHECK(sent[0].tries == 1);
  CHECK(sent[0].connections == 1);
  CHECK(sent[0].requests == 2);
  CHECK(sent[0].answers == 1);
  CHECK(sent[0].silences == 1);
  CHECK(sent[0].strays == 1);
  CHECK(sent[0].bytes_sent == 25);
  CHECK(sent[0].bytes_received == 4);
  // What was sent is what its bytes say, not what the ledger calls it.
  CHECK(sent[0].functions ==
        std::map<std::string, std::uint64_t>{{"FINS/TCP node address", 1}, {"", 1}});
  CHECK(sent[1].refused == 1);
  CHECK(sent[1].requests == 0);
}

TEST_CASE("a report of a store holds its devices, users' names redacted", "[report]") {
  const tests::TemporaryFolder folder;
  auto store =
      store::Store::open((folder.path() / "s.db").string(), store::Mode::read_write).value();
  store::Observation observation;
  observation.protocol = "fins";
  observation.target = "10.0.0.5:9600";
  observation.at = now();
  observation.place.site = "Works";
  observation.record.name = "C:\\Users\\anna\\press";
  observation.record.origin = Origin::observed;
  observation.record.interfaces.resize(1);
  observation.record.interfaces[0].address = "10.0.0.5";
  REQUIRE(store.observe(observation).has_value());
  REQUIRE(store.commit().has_value());

  const auto report = report_of(store);
  REQUIRE(report.has_value());
  REQUIRE(report->assets.size() == 1);
  CHECK(report->assets[0].shown.record.name == "C:\\Users\\<user>\\press");
  CHECK(report->site == "Works");
  CHECK_FALSE(report->has_ledger());
  CHECK_FALSE(report->version.empty());
}
