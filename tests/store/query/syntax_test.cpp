#include "store/query/syntax.hpp"

#include <array>
#include <string>

#include "tests/catch.hpp"

namespace ot::store::query::test {
namespace {

using Form = Term::Form;
using Quote = Value::Quote;

Syntax read(std::string_view filter) {
  INFO(filter);
  auto syntax = read_syntax(filter);
  INFO((syntax ? "" : syntax.error().text()));
  REQUIRE(syntax.has_value());
  return std::move(*syntax);
}

Value only_value(std::string_view filter) {
  const Syntax syntax = read(filter);
  REQUIRE(syntax.term.values.size() == 1);
  return syntax.term.values.front();
}

/// What others have written in this language, with words that we don't have.
constexpr auto kExamples = std::to_array<std::string_view>({
    "vulnerabilities.vulnerability.title:shellshock AND "
    "vulnerabilities.vulnerability.title:heartbleed",
    "NOT tags.name: Windows",
    "vulnerabilities.typeDetected:[Confirmed, Potential]",
    "asset.operatingSystem:Server 2012",
    "plantLocation: Production floor",
    "operatingSystem: \"Windows 7\"",
    "asset.name: \"Car Assembly\"",
    "host.sensorUid: `cbcb5ef6-1c49-3ba0-91c1-5462ffbd26af`",
    "asset.orderid: '6ES7412-3HJ14-0AB0'",
    "openPorts.port:[123 .. 1234]",
    "openPorts.port:(123 .. 1234)",
    "lastFound:[now-1w ... now-1s]",
    "lastVmScanDate:[now-3d...now]",
    "imagesInUse:[now-7d ... now]",
    "traffic.total > 10 MB",
    "traffic.total >= 10",
    "traffic.total = 1048576",
    "software:(publisher:Milestone Systems)",
    "software:(name:\"App\" AND version:\"1.2.3\")",
    "software:(name:X) and not software:(version:Y)",
    "vulnerabilities:(severity:5 or severity:4) and not imagesInUse:[now-7d ... now]",
    "vulnerabilities.firstFound>2024-01-01",
    "lastUpdated: 2023-03-09T11:06:15.351Z",
    "field:*",
    "name: Rel*",
    "field is null",
    "not field is null",
    "vendor : \"Siemens\"",
    "addOn.serialNumber: '0x00991222'",
    "engineeringToolName\n: TwinCAT",
    "fileHash: 54ac68844e620996295604b3aab61cc0",
});

}  // namespace

TEST_CASE("every documented example of the language can be read", "[query]") {
  for (const auto example : kExamples) {
    read(example);
  }
}

TEST_CASE("not binds tighter than and, and tighter than or", "[query]") {
  const Syntax syntax = read("not a: 1 and b: 2 or c: 3 AND d: 4 Or e: 5");
  CHECK(syntax.kind == Syntax::Kind::any);
  REQUIRE(syntax.parts.size() == 3);
  CHECK(syntax.parts[0].kind == Syntax::Kind::all);
  CHECK(syntax.parts[0].parts[0].kind == Syntax::Kind::negation);
  CHECK(syntax.parts[0].parts[0].parts[0].term.token == "a");
  CHECK(syntax.parts[1].parts.size() == 2);
  CHECK(syntax.parts[2].term.token == "e");
  CHECK(read("a: 1 and (b: 2 or c: 3)").kind == Syntax::Kind::all);
}

TEST_CASE("an unquoted value goes to the next keyword at its level", "[query]") {
  CHECK(only_value("plantLocation: Production floor").text == "Production floor");
  CHECK(only_value("a:  V5.6 + HF1  ").text == "V5.6 + HF1");
  CHECK(only_value("a: Controller (PLC, and more)").text == "Controller (PLC, and more)");
  CHECK(only_value("a: Sandor notary android").text == "Sandor notary android");
}

TEST_CASE("values keep their quotes' meaning", "[query]") {
  CHECK(only_value("a: \"b c\"").quote == Quote::phrase);
  CHECK(only_value("a: `b c`").quote == Quote::exact);
  CHECK(only_value("a: 'b c'").quote == Quote::exact);
  CHECK(only_value("a: `b c`*").quote == Quote::prefix);
  CHECK(only_value("a: b*").quote == Quote::prefix);
  CHECK(only_value("a: b*").text == "b");
  CHECK(only_value("a: `it``s \"so\"`").text == "it`s \"so\"");
  CHECK(only_value("a: 'it''s'").text == "it's");
  CHECK(only_value("a: \"C:\\x\"").text == "C:\\x");
  CHECK(only_value("a: \"and or not ) ]\"").text == "and or not ) ]");
}

TEST_CASE("a colon inside of a first word is part of the value", "[query]") {
  CHECK(only_value("mac: aa:bb:cc:dd:ee:ff").text == "aa:bb:cc:dd:ee:ff");
  CHECK(only_value("path: C:\\plant").text == "C:\\plant");
  CHECK(only_value("a: 2023-03-09T11:06:15.351Z").text == "2023-03-09T11:06:15.351Z");
}

TEST_CASE("lists, ranges and groups are told apart", "[query]") {
  CHECK(read("a: [b, \"c\", `d`]").term.form == Form::list);
  CHECK(read("a: (b, c)").term.form == Form::list);
  CHECK(read("a: [b]").term.form == Form::list);
  CHECK(read("a: [1 .. 2]").term.form == Form::range);
  CHECK(read("a:[1..2]").term.values[1].text == "2");
  CHECK(read("a: (1...2)").term.form == Form::range);
  CHECK_FALSE(read("a: (1 .. 2)").term.with_ends);
  CHECK(read("a: [now-3d ... now]").term.values[0].text == "now-3d");
  CHECK(read("a: (b: c)").term.form == Form::group);
  CHECK(read("a: (not (b > 1))").term.form == Form::group);
  CHECK(read("a: (b is null)").term.form == Form::group);
  CHECK(read("a: [Controller (PLC), I/O Module]").term.values[0].text == "Controller (PLC)");
}

TEST_CASE("depth, length and number of terms are limited", "[query]") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "a: 1" + std::string(depth, ')');
  };
  CHECK(read_syntax(nested(kMostDepth)).has_value());
  CHECK_FALSE(read_syntax(nested(kMostDepth + 1)).has_value());
  CHECK_FALSE(read_syntax(nested(5'000)).has_value());
  std::string nots;
  for (int i = 0; i < 2'000; ++i) {
    nots += "not ";
  }
  CHECK_FALSE(read_syntax(nots + "a: 1").has_value());
  std::string terms = "a: 1";
  std::string values = "a: [1";
  for (std::size_t i = 1; i < kMostTerms; ++i) {
    terms += " or a: 1";
    values += ", 1";
  }
  CHECK(read_syntax(terms).has_value());
  CHECK_FALSE(read_syntax(terms + " or a: 1").has_value());
  CHECK(read_syntax(values + "]").has_value());
  CHECK_FALSE(read_syntax(values + ", 1]").has_value());
  CHECK_FALSE(read_syntax("a: \"" + std::string(kMostBytes, 'x') + "\"").has_value());
}

}  // namespace ot::store::query::test
