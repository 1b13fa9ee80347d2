// The pieces that the STEP 7 reader is made of.
#include "parsers/step7/created.hpp"
#include "parsers/step7/cursor.hpp"
#include "parsers/step7/interfaces.hpp"
#include "parsers/step7/lines.hpp"
#include "parsers/step7/order_number.hpp"
#include "parsers/step7/record.hpp"
#include "parsers/step7/type_id.hpp"
#include "tests/catch.hpp"

namespace ot::parsers::step7 {
namespace {

std::string created(std::string_view text) {
  const auto time = read_created(text);
  return time ? iso8601(*time) : "";
}

Head head_of(std::string_view line) {
  Head head;
  REQUIRE(starts_head(line));
  CHECK(parse_head(line, false, head) == HeadState::complete);
  return head;
}

}  // namespace

TEST_CASE("#CREATED is read in the languages that Windows writes it in", "[step7]") {
  CHECK(created("Wednesday, April 22, 2026   10:01:14") == "2026-04-22T10:01:14.000Z");
  CHECK(created("Tuesday, November 03, 2020   10:49:40 AM") == "2020-11-03T10:49:40.000Z");
  CHECK(created("Tuesday, November 03, 2020   12:05:00 AM") == "2020-11-03T00:05:00.000Z");
  CHECK(created("Tuesday, November 03, 2020   12:05:00 PM") == "2020-11-03T12:05:00.000Z");
  CHECK(created("Wednesday, 10 July, 2024   00:00:43") == "2024-07-10T00:00:43.000Z");
  CHECK(created("Thursday, 18 June 2026   09:31:24") == "2026-06-18T09:31:24.000Z");
  CHECK(created("Donnerstag, 5. März 2026   19:43:17") == "2026-03-05T19:43:17.000Z");
  CHECK(created("mardi 14 juillet 2020   08:00:00") == "2020-07-14T08:00:00.000Z");
  CHECK(created("martes, 1 de septiembre de 2015   8:05:09") == "2015-09-01T08:05:09.000Z");
  CHECK(created("martedì 6 maggio 2014   17:00:01") == "2014-05-06T17:00:01.000Z");
  CHECK(created("22 Апреля 2026 г.   10:01:14") == "2026-04-22T10:01:14.000Z");
  CHECK(created("úterý 4. července 2017   6:00:00") == "2017-07-04T06:00:00.000Z");
}

TEST_CASE("a date that can't be read for sure gives no time", "[step7]") {
  CHECK(created("") == "");
  CHECK(created("10:01:14") == "");
  CHECK(created("22.04.2026   10:01:14") == "");  // day and month can't be told apart
  CHECK(created("2026年4月22日   10:01:14") == "");
  CHECK(created("Monday, 31 June 2026   10:01:14") == "");
  CHECK(created("Monday, 30 June 2026   25:01:14") == "");
  CHECK(created("Monday, 30 June 2026 10:01:14") == "");
  CHECK(created("wtorek, 3 listopada 2020   10:49:40") == "");
}

TEST_CASE("a head names its place, its type, its version and its name", "[step7]") {
  const auto slot = head_of(R"(RACK 0, SLOT 3, "6ES7 410-5HX08-0AB0" "V8.2", "CPU 410-5H")");
  CHECK(slot.kind == HeadKind::rack);
  CHECK(slot.number == 0);
  CHECK(slot.slot == 3);
  CHECK(slot.subslot == kAbsent);
  CHECK(slot.id == "6ES7 410-5HX08-0AB0");
  CHECK(slot.version == "V8.2");
  CHECK(slot.name == "CPU 410-5H");

  const auto device = head_of(R"(IOSUBSYSTEM 101, IOADDRESS 05, SLOT 2, SUBSLOT 1, "a", "")");
  CHECK(device.number == 101);
  CHECK(device.address == 5);
  CHECK(device.subslot == 1);
  CHECK(device.name.empty());

  CHECK(head_of(R"x(DPSUBSYSTEM 1, "PROFIBUS: DP master system (1)")x").name ==
        "PROFIBUS: DP master system (1)");
  CHECK(head_of(R"(DPSUBSYSTEM 1, DPADRESS 9, "x", "y")").address == 9);
  CHECK(
      head_of(R"(DPSUBSYSTEM 1, DPADDRESS 9, TERMINALBLOCK 1, SLOT 2, "x", "y")").terminal_block ==
      1);
  CHECK(head_of(R"(STATION S7400H , "AS")").type == "S7400H");
  CHECK(head_of(R"(IRT_DOMAIN  "Fieldbus" "syncdomain-default")").kind == HeadKind::irt_domain);
}

TEST_CASE("an attribute that is called as a record is no head", "[step7]") {
  CHECK_FALSE(starts_head("STATION \"x\""));
  CHECK_FALSE(starts_head("RACK"));
  CHECK_FALSE(starts_head("IPADDRESS \"14280205\""));
  CHECK_FALSE(starts_head("  RACK 0, \"a\", \"b\""));
}

TEST_CASE("quotes in a string are doubled, a backslash is an ordinary character", "[step7]") {
  Cursor doubled(R"("say ""hi"" now", "META\PA.GSD\x")");
  CHECK(text_of(*doubled.string(), CodePage::utf8) == R"(say "hi" now)");
  REQUIRE(doubled.comma());
  CHECK(text_of(*doubled.string(), CodePage::utf8) == R"(META\PA.GSD\x)");
  CHECK(doubled.at_end());

  Cursor ends_in_backslash(R"("C:\", "b")");
  CHECK(*ends_in_backslash.string() == R"(C:\)");

  Cursor escaped(R"("say \"hi")", true);
  CHECK(text_of(*escaped.string(), CodePage::utf8) == R"(say "hi)");
}

TEST_CASE("a string that runs over lines makes them one, a stray quote only breaks its own",
          "[step7]") {
  using Next = Lines::Next;
  Line line;
  Lines joined("A \"one\r\ntwo\"\r\nB \"x\"\r\n");
  REQUIRE(joined.next(line) == Next::line);
  CHECK(line.text == "A \"one\r\ntwo\"");
  REQUIRE(joined.next(line) == Next::line);
  CHECK(line.text == "B \"x\"");
  CHECK(line.number == 3);
  CHECK(joined.next(line) == Next::none);

  Lines stray("A \"one\nB \"x\"\nC \"y\"\n");
  CHECK(stray.next(line) == Next::broken);
  REQUIRE(stray.next(line) == Next::line);
  CHECK(line.text == "B \"x\"");
}

TEST_CASE("only a plain attribute is taken as one, all else is left as it was", "[step7]") {
  std::string_view key;
  std::string_view value;
  const auto takes = [&](std::string_view text) { return Lines(text).next_attribute(key, value); };
  REQUIRE(takes("  POS_X \"17\"\r\n"));
  CHECK(key == "POS_X");
  CHECK(value == "17");
  REQUIRE(takes(" A \"\"\n"));
  CHECK(key == "A");
  CHECK(value.empty());
  for (const auto* text :
       {"", " ", " \"x\"\n", "  \"x\"\n", "A \"x\"\n", "  A  \"x\"\n", "  A\"x\"\n", "  A \"x\"",
        "  A \"x\" \n", "  A \"x\"\"y\"\n", "  A \"x\ny\"\n", "  A \"x\n", "  ADDRESS  1, 0\n"}) {
    CAPTURE(text);
    Lines lines(text);
    Line line;
    CHECK_FALSE(lines.next_attribute(key, value));
    if (lines.next(line) == Lines::Next::line) {
      CHECK(line.number == 1);
    }
  }
}

TEST_CASE("a symbol is skipped only when its quotes have partners", "[step7]") {
  Line line;
  Lines lines("SYMBOL  I , 0, \"a\", \"b\"\r\nSYMBOL I , 1, \"a\nSYMBOL\n");
  CHECK(lines.skip_quoted("SYMBOL "));
  CHECK_FALSE(lines.skip_quoted("SYMBOL "));
  CHECK(lines.next(line) == Lines::Next::broken);
  CHECK_FALSE(lines.skip_quoted("SYMBOL "));
  REQUIRE(lines.next(line) == Lines::Next::line);
  CHECK(line.text == "SYMBOL");
  CHECK(line.number == 3);
}

TEST_CASE("lines are the same wherever the blocks of the search begin", "[step7]") {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text +=
        std::string(static_cast<std::size_t>(i % 70), 'x') + " \"" + std::to_string(i) + "\"\r\n";
  }
  Lines lines(text);
  Line line;
  for (int i = 0; i < 300; ++i) {
    REQUIRE(lines.next(line) == Lines::Next::line);
    CHECK(line.text.ends_with('"' + std::to_string(i) + '"'));
    CHECK(line.quotes == 2);
    CHECK(*line.quote == '"');
    CHECK(line.number == static_cast<std::uint64_t>(i) + 1);
  }
  CHECK(lines.next(line) == Lines::Next::none);
}

TEST_CASE("each form of a type string is told apart", "[step7]") {
  const auto plain = read_type_id("6ES7 318-2AJ00-0AB0");
  CHECK(plain.form == TypeForm::order_number);
  CHECK(plain.order_id == "6ES7318-2AJ00-0AB0");
  CHECK(plain.hardware.category == Category::plc);
  CHECK(plain.hardware.model == "SIMATIC S7-300");

  CHECK(read_type_id("6ES7 390-1???0-0AA0").order_id == "6ES7390-1???0-0AA0");
  CHECK(read_type_id("V1_1:6ES7 193-6PA00-0AA0").order_id == "6ES7193-6PA00-0AA0");
  CHECK(read_type_id("R1:6DL1 155-6AU00-0PM0").hardware.category == Category::interface);
  CHECK(read_type_id("6ES7412-3HJ14-0AB0").order_id == "6ES7412-3HJ14-0AB0");
  CHECK(read_type_id("_S7H_DP_ETCR_INTEGR_318_2_FW1_2_CT").form == TypeForm::internal);
  CHECK(read_type_id("S7H_HSP_IO_CONTROLLER_410_5HX08_FW82_CT").form == TypeForm::internal);
  CHECK(read_type_id("B754_S34.GSG").form == TypeForm::gsd_file);
  CHECK(read_type_id("META\\SIEM80DA.GSE").form == TypeForm::gsd_file);

  const auto module = read_type_id("*75x-512 2DO Relay/250V AC");
  CHECK(module.form == TypeForm::gsd_module);
  CHECK(module.continuation);
  CHECK(module.hardware.product_name == "75x-512 2DO Relay/250V AC");
  CHECK(module.order_id.empty());
  CHECK(read_type_id("221-1BF00  DI8xDC24V").order_id.empty());

  const auto pa = read_type_id("META\\PA139700.GSD\\PA Profile 3 - Transmitter");
  CHECK(pa.form == TypeForm::pa_device);
  CHECK(pa.hardware.product_name == "PA Profile 3 - Transmitter");
}

TEST_CASE("a GSDML file's name gives vendor and family", "[step7]") {
  const auto scalance =
      read_type_id("GSDML-V2.4-Siemens-002A-SCALANCE_XC200-20210310.xml<DAP 4F>EXTENDED");
  CHECK(scalance.form == TypeForm::gsdml);
  CHECK(scalance.hardware.vendor == "Siemens");
  CHECK(scalance.hardware.model == "SCALANCE_XC200");
  CHECK(scalance.hardware.category == Category::network_switch);
  CHECK(scalance.order_id.empty());

  CHECK(read_type_id("GSDML-V2.25-Siemens-HMI_PP-20110915.xml<DAP 1>").hardware.category ==
        Category::hmi);
  const auto scale = read_type_id("GSDML-V2.3-MT-IND570-PIR-20150930.XML<DAP>");
  CHECK(scale.hardware.vendor == "MT");
  CHECK(scale.hardware.model == "IND570-PIR");
  CHECK(scale.hardware.category == Category::unknown);
  CHECK(read_type_id("GSDML-V2.4-ABB-PNU32-20210223.xml").hardware.model == "PNU32");
}

TEST_CASE("an order number's class is that of the longest prefix that fits", "[step7]") {
  const auto category = [](std::string_view id) { return category_of(facts_of(id).module_class); };
  CHECK(category("6ES7151-8AB01-0AB0") == Category::plc);
  CHECK(category("6ES7151-1AA05-0AB0") == Category::interface);
  CHECK(category("6ES7960-1AA04-0XA0") == Category::synchronization);
  CHECK(category("6ES7407-0KR02-0AA0") == Category::power_supply);
  CHECK(category("6ES7350-1AH03-0AE0") == Category::function);
  CHECK(category("6ES7341-1CH02-0AE0") == Category::communication);
  CHECK(category("6GK7443-5DX05-0XE0") == Category::communication);
  CHECK(category("6ES7326-1BK02-0AB0") == Category::io);
  CHECK(category("6ES7193-6PA00-0AA0") == Category::unknown);
  CHECK(category("6ES7999-6PA00-0AA0") == Category::unknown);
  CHECK(facts_of("6ES7412-3HJ14-0AB0").designation == "CPU 412-3H");
  CHECK(facts_of("6ES7315-6FF04-0AB0").designation == "CPU 315");
  CHECK(facts_of("6ES7153-2BA02-0XB0").designation == "IM 153-2");
}

TEST_CASE("addresses are read from their hexadecimal form, and only from that", "[step7]") {
  CHECK(dotted("C0A870C9") == "192.168.112.201");
  CHECK(dotted("14280202") == "20.40.2.2");
  CHECK(dotted("00000000") == "");
  CHECK(dotted("0A 01 00 05") == "");
  CHECK(dotted("C0A870C") == "");
  CHECK(mac_text("080006010000") == "08:00:06:01:00:00");
  CHECK(mac_text("08000601000") == "");
  CHECK(is_default_mac("08:00:06:01:00:03"));
  CHECK_FALSE(is_default_mac("08:00:06:91:00:03"));
}

}  // namespace ot::parsers::step7
