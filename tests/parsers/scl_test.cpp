#include "parsers/scl/scl.hpp"

#include <chrono>
#include <string>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parsers/scl/dates.hpp"
#include "parsers/scl/grammar.hpp"
#include "tests/catch.hpp"

namespace ot::parsers::scl {

extern const Parser module;

namespace {

using namespace std::string_literals;

bool claimed(std::string_view name, std::string_view head) {
  return module.claims({name, head, head, head.size()});
}

Error error_of(std::string_view xml, const Limits& limits = {}) {
  auto project = read(xml, limits);
  REQUIRE_FALSE(project.has_value());
  return std::move(project).error();
}

Project project_of(std::string_view xml) {
  auto project = read(xml, {});
  INFO((project ? "" : project.error().text()));
  REQUIRE(project.has_value());
  return std::move(*project);
}

/// One IED of that manufacturer, with these elements in it.
std::string with_ied(std::string_view manufacturer, std::string_view inner) {
  return fmt::format(R"(<SCL><IED name="A" type="T" manufacturer="{}">{}</IED></SCL>)",
                     manufacturer, inner);
}

std::string with_plate(std::string_view values) {
  return fmt::format(
      R"(<AccessPoint><Server><LDevice><LN lnClass="LPHD"><DOI name="PhyNam">{}</DOI></LN>)"
      "</LDevice></Server></AccessPoint>",
      values);
}

std::string utf16_be(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) {
    out += '\0';
    out += c;
  }
  return out;
}

std::string nested(std::size_t depth) {
  std::string text = "<SCL>";
  for (std::size_t i = 1; i < depth; ++i) {
    text += "<a>";
  }
  return text;
}

}  // namespace

TEST_CASE("an SCL root is claimed whatever the suffix", "[scl]") {
  const auto* head = R"(<?xml version="1.0"?><!-- <html> --><?pi <x> ?> <SCL version="2007">)";
  CHECK(claimed("station.scd", head));
  CHECK(claimed("station.xml", head));
  CHECK(claimed("STATION.CID", "<scl:SCL xmlns:scl='urn:x'>"));
  CHECK(claimed("x", "\xEF\xBB\xBF\r\n<SCL>"));
  CHECK(claimed("x", utf16_be("<?xml version='1.0'?><SCL>")));
  CHECK(claimed("x", "\xFE\xFF" + utf16_be("<SCL>")));
  CHECK(claimed("x", "<!DOCTYPE SCL [<!ENTITY a \"]><html>\"> <!-- ]> --> ]><SCL>"));
}

TEST_CASE("XML with another root is not claimed, whatever the suffix", "[scl]") {
  CHECK_FALSE(claimed("page.scd", "<html>"));
  CHECK_FALSE(claimed("page.icd", "<?xml version='1.0'?><SCLX>"));
  CHECK_FALSE(claimed("page.icd", "<?xml version='1.0'?><SCL:Other>"));
  CHECK_FALSE(claimed("page.xml", "<!DOCTYPE html><html>"));
}

TEST_CASE("a broken file of our suffix is claimed, one of another suffix is not", "[scl]") {
  for (const auto& content : {""s, "%PDF-1.4"s, "PK\3\4"s, "\0\0\0"s, "<?xml version='1.0'?>"s,
                              "<!-- endless"s, "<SC"s, "<!DOCTYPE html><html>"s}) {
    INFO(content);
    CHECK(claimed("station.Scd", content));
    CHECK_FALSE(claimed("station.txt", content));
  }
  CHECK_FALSE(claimed("scd", ""));
}

TEST_CASE("is_scl agrees with the root element", "[scl]") {
  CHECK(is_scl("<SCL>"));
  CHECK_FALSE(is_scl("<Data Type=\"Project\">"));
  CHECK_FALSE(is_scl(""));
}

TEST_CASE("a document type declaration is refused with its line", "[scl]") {
  const auto error = error_of("<?xml version='1.0'?>\n\n<!DOCTYPE SCL>\n<SCL/>");
  CHECK(error.code() == Errc::unsupported);
  CHECK(error.position() == Position::line(3));
}

TEST_CASE("an entity that is not predefined is refused", "[scl]") {
  for (const auto* text : {"&nbsp;", "&", "&#0;", "&#xD800;", "&#x110000;", "&#4294967361;", "&#;",
                           "&#x;", "&amp", "&lt ;"}) {
    INFO(text);
    CHECK(error_of(fmt::format("<SCL>\n{}</SCL>", text)).position() == Position::line(2));
    CHECK(error_of(fmt::format("<SCL\na='{}'/>", text)).code() == Errc::malformed);
  }
  CHECK(project_of("<SCL><Header id='&lt;&#x41;&#66;&amp;&gt;'/></SCL>").project_name == "<AB&>");
}

TEST_CASE("elements nested beyond the limit are refused before a tree is built", "[scl]") {
  const auto error = error_of(nested(1'000'000));
  CHECK(error.code() == Errc::too_large);
  CHECK(error.position() == Position::line(1));
  auto deepest = nested(64);
  CHECK(error_of(deepest).code() == Errc::malformed);
  CHECK(error_of(nested(65)).code() == Errc::too_large);
}

TEST_CASE("limits on size, elements, records and time hold", "[scl]") {
  Limits limits;
  limits.records = 2;
  const auto* three = "<SCL><IED name='a'/><IED name='b'/><IED name='c'/></SCL>";
  CHECK(error_of(three, limits).code() == Errc::too_large);
  limits.records = 3;
  CHECK(read(three, limits)->assets.size() == 3);
  std::string many = "<SCL>";
  for (int i = 0; i < 1000; ++i) {
    many += "<a/>";
  }
  CHECK(error_of(many + "</SCL>", limits).code() == Errc::too_large);
  limits = {};
  limits.file_bytes = 10;
  CHECK(error_of(three, limits).code() == Errc::too_large);
  limits = {};
  limits.time = std::chrono::milliseconds(0);
  CHECK(error_of(many + "</SCL>", limits).code() == Errc::too_large);
}

TEST_CASE("a cut-off file names the line where it ends", "[scl]") {
  const auto whole = "<SCL>\n<IED name='A'>\n<!-- c -->\n<![CDATA[x]]>\n<?pi ?>\n</IED>\n</SCL>"s;
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const auto error = error_of(std::string_view(whole).substr(0, size));
    INFO(size << ": " << error.text());
    CHECK(error.code() == Errc::malformed);
    const auto lines = 1 + std::count(whole.begin(), whole.begin() + static_cast<long>(size), '\n');
    CHECK(error.position() == Position::line(static_cast<std::uint64_t>(lines)));
    CHECK_FALSE(error.hint().empty());
  }
}

TEST_CASE("malformed XML is refused with what was expected", "[scl]") {
  CHECK(error_of("<SCL>\n<a>\n</b></SCL>")
            .text("x.scd")
            .starts_with("x.scd:3: expected </a>, got </b>"));
  CHECK(error_of("<SCL/><SCL/>").message() == "expected end of file, got <SCL>");
  CHECK(error_of("<SCL/>text").message() == "expected end of file, got \"text\"");
  CHECK(error_of("<SCL a=1/>").message() ==
        "expected a quoted value of the attribute a, got \"1/\"");
  CHECK(error_of("<SCL a='<'/>").code() == Errc::malformed);
  CHECK(error_of("<SCL a='1'b='2'/>").code() == Errc::malformed);
  CHECK(error_of("<SCL><1/></SCL>").code() == Errc::malformed);
  CHECK(error_of("<SCL><a:/></SCL>").code() == Errc::malformed);
  CHECK(error_of("<SCL>\n\0</SCL>"s).position() == Position::line(2));
  CHECK(error_of("<html/>").code() == Errc::unsupported);
  CHECK(error_of(std::string("\xFF\xFE\0\0<\0\0\0", 8)).code() == Errc::unsupported);
}

TEST_CASE("a declared code page is read", "[scl]") {
  const auto latin = project_of(
      "<?xml version='1.0' encoding='ISO-8859-1'?>"
      "<SCL><Header id='S\xFC"
      "d'/></SCL>");
  CHECK(latin.project_name == "S\u00FCd");
  CHECK(latin.warnings.empty());
  const auto cyrillic = project_of(
      "<?xml version=\"1.0\" encoding=\"windows-1251\"?>"
      "<SCL><Header id='\xCF\xD1'/></SCL>");
  CHECK(cyrillic.project_name == "\u041F\u0421");
}

TEST_CASE("letters of an unknown encoding are lost with a warning", "[scl]") {
  const auto project = project_of(
      "<?xml version='1.0' encoding='GB2312'?>"
      "<SCL><IED name='\xB1\xE4\xB2'/></SCL>");
  CHECK(is_utf8(project.assets.at(0).name));
  REQUIRE(project.warnings.size() == 1);
  CHECK(project.warnings[0].message.find("gb2312") != std::string::npos);
}

TEST_CASE("a warning is readable whatever the encoding is called", "[scl]") {
  const auto project = project_of("<?xml version='1.0' encoding='UTF\x9B'?><SCL/>");
  REQUIRE(project.warnings.size() == 1);
  CHECK(is_utf8(project.warnings[0].message));
}

TEST_CASE("values that are longer than any name are left out", "[scl]") {
  const std::string name(256, 'x');
  CHECK(project_of(fmt::format("<SCL><Header id='{}'/></SCL>", name)).project_name.empty());
}

TEST_CASE("a name plate's instance wins over its template", "[scl]") {
  const auto project = project_of(
      R"(<SCL><IED name="A"><AccessPoint><Server><LDevice><LN lnClass="LPHD" lnType="T">)"
      R"(<DOI name="PhyNam"><DAI name="swRev"><Val>2</Val></DAI></DOI></LN></LDevice></Server>)"
      R"(</AccessPoint></IED><DataTypeTemplates><LNodeType id="T" lnClass="LPHD">)"
      R"(<DO name="PhyNam" type="P"/></LNodeType><DOType id="P" cdc="DPL">)"
      R"(<DA name="swRev"><Val>1</Val></DA><DA name="model"><Val>M</Val></DA>)"
      R"(<DA name="vendor"><Val>siemens</Val></DA></DOType></DataTypeTemplates></SCL>)");
  const auto& asset = project.assets.at(0);
  CHECK(asset.firmware_version == "2");
  CHECK(asset.hardware.model == "M");
  CHECK(asset.hardware.vendor == "Siemens");
}

TEST_CASE("the hardware revision is an order number only if it is a product code", "[scl]") {
  const auto* code = "7UT85-DAAA-AA0-0AAAA0-A20111-13121A-ABD000-000AC0-CC1BA1";
  const auto plate = [](std::string_view value) {
    return with_plate(fmt::format("<DAI name='hwRev'><Val>{}</Val></DAI>", value));
  };
  CHECK(project_of(with_ied("SIEMENS", plate(code))).assets[0].order_id == code);
  CHECK(project_of(with_ied("SIEMENS", plate(code))).assets[0].hardware.model == "7UT85");
  CHECK(project_of(with_ied("SIEMENS", plate("7SJ6221/EE"))).assets[0].order_id.empty());
  CHECK(project_of(with_ied("NR", plate(code))).assets[0].order_id.empty());
}

TEST_CASE("a module of a port counts once and only under its own letter", "[scl]") {
  const auto* server =
      "<AccessPoint><Server><LDevice inst='PortF' desc='F:ETH-BD-2FO'/>"
      "<LDevice inst='PortF' desc='F:ETH-BA-2EL'/><LDevice inst='PortE' desc='F:ETH-BD-2FO'/>"
      "<LDevice inst='PortE_Channel1' desc='E:X'/><LDevice inst='PortG' desc='G:'/>"
      "<LDevice inst='PortP' desc='P: Other card'/><LDevice inst='Port1' desc='1:X'/>"
      "</Server></AccessPoint>";
  const auto add_ons = project_of(with_ied("Siemens", server)).assets.at(0).add_ons;
  REQUIRE(add_ons.size() == 2);
  CHECK(add_ons[0].unit_address == "F");
  CHECK(add_ons[0].hardware.model == "ETH-BD-2FO");
  CHECK(add_ons[1].hardware.model == "Other card");
  CHECK(add_ons[1].hardware.category == Category::unknown);
}

TEST_CASE("access points go to the first IED of their name alone", "[scl]") {
  const auto project = project_of(
      "<SCL><Communication><SubNetwork name='W'><ConnectedAP iedName='A' apName='1'/>"
      "</SubNetwork></Communication><IED name='A'/><IED name='A'/></SCL>");
  CHECK(project.assets.at(0).interfaces.size() == 1);
  CHECK(project.assets.at(1).interfaces.empty());
}

TEST_CASE("a vendor is claimed for the tool only on evidence", "[scl]") {
  const auto vendor = [](std::string_view head, std::string_view ieds) {
    return project_of(fmt::format("<SCL {}>{}</SCL>", head, ieds)).vendor;
  };
  const auto* siedig = "xmlns:s='http://www.siemens.com/energy/2011/11/Siedig'";
  const auto* both = "<IED manufacturer='SIEMENS'/><IED manufacturer='ABB'/>";
  CHECK(vendor("", "<IED manufacturer='SIEMENS'/>") == "Siemens");
  CHECK(vendor("", both).empty());
  CHECK(vendor(siedig, both) == "Siemens");
  CHECK(vendor(siedig, "<IED manufacturer='NR'/>") == "NR");
  CHECK(vendor("", "").empty());
}

TEST_CASE("the newest date counts, or else the last one as it is written", "[scl]") {
  const auto project = project_of(
      "<SCL><Header><History><Hitem when='09/21/2025 10:00:00'/><Hitem when='soon'/></History>"
      "</Header><IED name='A'><Private type='Siemens-ModifiedDate'>09/22/2025 17:55:56</Private>"
      "</IED></SCL>");
  CHECK(project.exported_text == "09/22/2025 17:55:56");
  CHECK(iso8601(project.exported_at.value()) == "2025-09-22T17:55:56.000Z");
  const auto vague =
      project_of("<SCL><Header><History><Hitem when='soon'/></History></Header></SCL>");
  CHECK(vague.exported_text == "soon");
  CHECK_FALSE(vague.exported_at.has_value());
}

TEST_CASE("the tools' dates are understood and nothing else", "[scl]") {
  const auto date = [](std::string_view text) {
    const auto time = parse_date(text);
    return time ? iso8601(*time) : std::string();
  };
  CHECK(date("2019-09-25T09:11:36Z") == "2019-09-25T09:11:36.000Z");
  CHECK(date("2019-09-25T01:11:36.5+02:00") == "2019-09-24T23:11:36.000Z");
  CHECK(date("2019-09-25 09:11") == "2019-09-25T09:11:00.000Z");
  CHECK(date("Wednesday, September 25, 2019 12:11:36 PM") == "2019-09-25T12:11:36.000Z");
  CHECK(date("Sep 5 2019") == "2019-09-05T00:00:00.000Z");
  CHECK(date("25.09.2019 9:11:36") == "2019-09-25T09:11:36.000Z");
  for (const auto* text : {"", "soon", "25/09/2019", "02/30/2019", "9/25/19", "2019-09-25T24:00",
                           "2019-09-25T09", "09/25/2019 13:00 PM", "2019-09-25T09:11:36 CEST",
                           "2019--9-25", "Wednesday", "99999-01-01"}) {
    INFO(text);
    CHECK(date(text).empty());
  }
}

TEST_CASE("a long product code is told from what resembles it", "[scl]") {
  CHECK(is_long_product_code("7UT85-DAAA-AA0-0AAAA0-A20111-13121A-ABD000-000AC0-CC1BA1"));
  CHECK(is_long_product_code("6MU85-DAAA-AA0-0AAAA0-AH0111-11111A-ABD000-000AC0-CB1BA1-CA1"));
  for (const auto* text :
       {"", "7UT85", "7UT85-DAAA-AA0-0AAAA0-A20111-13121A",
        "7UT65-DAAA-AA0-0AAAA0-A20111-13121A-ABD000", "7XX85-DAAA-AA0-0AAAA0-A20111-13121A-ABD000",
        "7UT85-DAAA-AA0-0AAAa0-A20111-13121A-ABD000",
        "7UT85-DAAA-AA0-0AAAA0-A20111-CA1-13121A-ABD000",
        "7UT85-DAAA-AA0-0AAAA0-A20111-13121A-ABD000-CA1-CA1-CA1"}) {
    INFO(text);
    CHECK_FALSE(is_long_product_code(text));
  }
}

TEST_CASE("a placeholder is no serial number", "[scl]") {
  CHECK(is_plausible_serial("BM1906001619"));
  CHECK(is_plausible_serial("T1512345"));
  for (const auto* text :
       {"", "01", "00000000", "123456", "n/a", "SERIAL", "0000-0000", "AB 1234", "XXX111XXX"}) {
    INFO(text);
    CHECK_FALSE(is_plausible_serial(text));
  }
}

TEST_CASE("only models that are known to protect are relays", "[scl]") {
  CHECK(is_sel_relay("SEL-411L"));
  CHECK(is_sel_relay("SEL_487E"));
  CHECK_FALSE(is_sel_relay("SEL-401"));
  CHECK_FALSE(is_sel_relay("SEL-3530"));
  CHECK_FALSE(is_sel_relay("411L"));
  CHECK(is_abb_relay("RED615"));
  CHECK_FALSE(is_abb_relay("RES670"));
  CHECK_FALSE(is_abb_relay("RTU560"));
  CHECK(is_siprotec_relay("7SX82"));
  CHECK(is_siprotec_relay("6MD86"));
  CHECK_FALSE(is_siprotec_relay("6MU85"));
  CHECK_FALSE(is_siprotec_relay("7KE85"));
}

TEST_CASE("addresses that no device answers at are not reported", "[scl]") {
  CHECK(ipv4("010.001.002.003") == "10.1.2.3");
  for (const auto* text : {"0.0.0.0", "127.0.0.1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.x",
                           "1..2.3", "1.2.3.0004", ""}) {
    INFO(text);
    CHECK_FALSE(ipv4(text).has_value());
  }
  CHECK(station_mac("00-0E-8C-12-34-56") == "00:0e:8c:12:34:56");
  for (const auto* text : {"01-0C-CD-01-00-13", "00-00-00-00-00-00", "00-0E-8C-12-34", "zz"}) {
    INFO(text);
    CHECK_FALSE(station_mac(text).has_value());
  }
}

TEST_CASE("a port's module is filed by its kind", "[scl]") {
  CHECK(module_category("ETH-BD-2FO") == Category::communication);
  CHECK(module_category("USART-AF-1LDFO") == Category::communication);
  CHECK(module_category("ANAI-CA-4EL") == Category::io);
  for (const auto* text : {"ARC-CD-3FO", "ETH-BD-5FO", "ETH-BD-2", "ETH-BD-2FO-1", "ETH", ""}) {
    INFO(text);
    CHECK(module_category(text) == Category::unknown);
  }
}

}  // namespace ot::parsers::scl
