// TEA-X is only known by the names of some fields: all documents here are made up.
#include <algorithm>

#include "parsers/parser.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/digsi5_zip.hpp"

namespace ot::parsers::digsi5 {
extern const Parser module;
}

namespace ot {
namespace {

using parsers::Limits;
using test::zip;
using test::ZipMember;

const std::string kCode = "7SJ82-DAAA-AA0-0AAAA0-AA0111-12111A-AAA000-000AC0-CB1BA1";
const std::string kProductCode = " ProductCode=\"" + kCode + "\"";

Project read(const std::vector<ZipMember>& members, const Limits& limits = {}) {
  const auto bytes = zip(members);
  const parsers::MemoryContent content(bytes);
  auto project = parsers::digsi5::module.parse({"plant.dz5", {}, &content}, limits);
  INFO((project ? std::string() : project.error().text()));
  REQUIRE(project);
  return std::move(*project);
}

Project read_tea_x(const std::string& xml, const Limits& limits = {}) {
  return read({{"Export.teax", xml, true}}, limits);
}

Project read_units(const std::string& units) {
  return read_tea_x("<teax><HardwareContainer>" + units + "</HardwareContainer></teax>");
}

std::string scl(std::string_view name, std::string_view within) {
  return "<SCL xmlns=\"http://www.iec.ch/61850/2003/SCL\"><Header id=\"x\"/><IED name=\"" +
         std::string(name) + "\" type=\"7SJ82\" manufacturer=\"SIEMENS\">" + std::string(within) +
         "</IED></SCL>";
}

std::string siemens(std::string_view type, std::string_view text) {
  return "<Private type=\"" + std::string(type) + "\">" + std::string(text) + "</Private>";
}

const std::string kSclCode = siemens("Siemens-Siprotec5-Product-Code", kCode);

bool warns(const Project& project, std::string_view words) {
  return std::any_of(project.warnings.begin(), project.warnings.end(), [&](const Warning& warning) {
    return warning.message.find(words) != std::string::npos;
  });
}

bool has_detail(const Asset& asset, const Detail& detail) {
  return std::find(asset.details.begin(), asset.details.end(), detail) != asset.details.end();
}

}  // namespace

TEST_CASE("a unit's attributes become a device that is no surer than its schema", "[teax]") {
  const auto project = read_units("<HWUnit DisplayName=\"BAY01\"" + kProductCode +
                                  " ShortProductCode=\"P1J123456\" SerialNumber=\"BF2401000011\""
                                  " FirmwareVersion=\"V08.80\" Volatile=\"false\"/>");
  REQUIRE(project.assets.size() == 1);
  const auto& asset = project.assets[0];
  CHECK(asset.name == "BAY01");
  CHECK(asset.order_id == kCode);
  CHECK(asset.type_id == "P1J123456");
  CHECK(asset.serial_number == "BF2401000011");
  CHECK(asset.firmware_version == "V08.80");
  CHECK(asset.hardware.vendor == "Siemens");
  CHECK(asset.hardware.model == "7SJ82");
  CHECK(asset.hardware.category == Category::protection_relay);
  CHECK(asset.confidence == Confidence::schema);
  CHECK(warns(project,
              "Export.teax: TEA-X, read by the names of its elements and attributes: "
              "1 device; no real export was at hand to check this reading"));
}

TEST_CASE("a unit's child elements count like its attributes, whatever their prefix", "[teax]") {
  const auto project = read_tea_x(
      "<t:TEA-X xmlns:t=\"urn:t\"><t:Unit><t:DisplayName> A &lt; B </t:DisplayName>"
      "<t:ProductCode><![CDATA[" +
      kCode + "]]></t:ProductCode><serialnumber>BM1906001619</serialnumber></t:Unit></t:TEA-X>");
  REQUIRE(project.assets.size() == 1);
  CHECK(project.assets[0].name == "A < B");
  CHECK(project.assets[0].order_id == kCode);
  CHECK(project.assets[0].serial_number == "BM1906001619");
}

TEST_CASE("a TEA-X document is known by its root or its suffix, in any encoding", "[teax]") {
  const auto unit = "<U" + kProductCode + "/>";
  CHECK(read({{"a.xml", "<?xml version=\"1.0\"?><TEAX>" + unit + "</TEAX>"}}).assets.size() == 1);
  CHECK(read({{"a.teax", "<Export>" + unit + "</Export>"}}).assets.size() == 1);
  CHECK(read({{"a.xml", "<Export>" + unit + "</Export>"}}).assets.empty());
  std::string utf16 = "\xFF\xFE";
  for (const char c : "<teax>" + unit + "</teax>") {
    utf16 += {c, '\0'};
  }
  CHECK(read({{"a.bin", utf16}}).assets.size() == 1);
}

TEST_CASE("a declaration of a name space is no field", "[teax]") {
  const auto project = read_units("<U xmlns:SerialNumber=\"BF2401000011\" xmlns:ProductCode=\"" +
                                  kCode + "\"" + kProductCode + "/>");
  REQUIRE(project.assets.size() == 1);
  CHECK(project.assets[0].serial_number.empty());
}

TEST_CASE("only a whole product code makes a device", "[teax]") {
  const auto project = read_units(
      "<U DisplayName=\"a\" ProductCode=\"7SJ82\"/><U ShortProductCode=\"P1J123456\"/>"
      "<U SerialNumber=\"BF2401000011\"/><U DisplayName=\"catalogue\"/>"
      "<U ProductCode=\"x" +
      kCode + "\"/><List><ProductCode>" + kCode + "</ProductCode><ProductCode>7UT85" +
      kCode.substr(5) + "</ProductCode></List>");
  CHECK(project.assets.empty());
  CHECK(warns(project, "5 elements of hardware without one whole product code left out"));
}

TEST_CASE("values that are not of their grammar are left out and reported", "[teax]") {
  const auto project =
      read_units("<U DisplayName=\"A\"" + kProductCode + " SerialNumber=\"BF240100001\"/>" +
                 "<U DisplayName=\"B\"" + kProductCode + " FirmwareVersion=\"V8.80\"/>" +
                 "<U DisplayName=\"C\"" + kProductCode + " ShortProductCode=\"P2J123456\"/>" +
                 "<U DisplayName=\"D\"" + kProductCode +
                 " SerialNumber=\"BF2401000011\">"
                 "<SerialNumber>BF2401000012</SerialNumber></U>");
  REQUIRE(project.assets.size() == 4);
  for (const auto& asset : project.assets) {
    CHECK(asset.serial_number + asset.firmware_version + asset.type_id == "");
  }
  CHECK(warns(project, "device \"A\": serial number \"BF240100001\" left out, it is not of the"));
  CHECK(warns(project, "device \"B\": firmware version \"V8.80\" left out"));
  CHECK(warns(project, "device \"C\": short product code \"P2J123456\" left out"));
  CHECK(warns(project, "device \"D\": serial number \"BF2401000011\" left out, it is one of sev"));
}

TEST_CASE("a module's values are not its device's, nor the other way round", "[teax]") {
  const auto project = read_units("<U DisplayName=\"A\"" + kProductCode +
                                  "><Module SerialNumber=\"BF2401000013\"/><Part><SerialNumber>"
                                  "BF2401000014</SerialNumber></Part></U>");
  REQUIRE(project.assets.size() == 1);
  CHECK(project.assets[0].serial_number.empty());
}

TEST_CASE("a device that is listed twice in a document is one", "[teax]") {
  const auto unit = "<U DisplayName=\"A\"" + kProductCode + "/>";
  CHECK(read_units(unit + unit).assets.size() == 1);
  const auto nameless = "<U" + kProductCode + "/>";
  CHECK(read_units(nameless + nameless).assets.size() == 2);
}

TEST_CASE("TEA-X adds to a device that SCL gave, and marks what it added", "[teax]") {
  const ZipMember tea_x{"b/Export.teax", "<teax><U DisplayName=\"BAY01\"" + kProductCode +
                                             " ShortProductCode=\"P1J123456\""
                                             " SerialNumber=\"BF2401000011\"/></teax>"};
  const ZipMember iid{"a/Bay01.iid", scl("BAY01", kSclCode)};
  for (const auto& members : {std::vector{tea_x, iid}, std::vector{iid, tea_x}}) {
    const auto project = read(members);
    REQUIRE(project.assets.size() == 1);
    const auto& asset = project.assets[0];
    CHECK(asset.confidence == Confidence::confirmed);
    CHECK(asset.type_id == "7SJ82");
    CHECK(asset.serial_number == "BF2401000011");
    CHECK(has_detail(asset, {"serialNumberFrom", "b/Export.teax", Confidence::schema}));
    CHECK(has_detail(asset, {"shortProductCode", "P1J123456", Confidence::schema}));
  }
}

TEST_CASE("where TEA-X contradicts SCL the latter stands", "[teax]") {
  const auto plate = std::string(
      "<AccessPoint name=\"F\"><Server><LDevice inst=\"a\"><LN lnClass=\"LPHD\" inst=\"1\""
      " lnType=\"t\"><DOI name=\"PhyNam\"><DAI name=\"swRev\"><Val>V08.80</Val></DAI></DOI></LN>"
      "</LDevice></Server></AccessPoint>");
  const auto project = read({{"Export.teax", "<teax><U DisplayName=\"BAY01\"" + kProductCode +
                                                 " FirmwareVersion=\"V09.50\"/></teax>"},
                             {"Bay01.iid", scl("BAY01", kSclCode + plate)}});
  REQUIRE(project.assets.size() == 1);
  CHECK(project.assets[0].firmware_version == "V08.80");
  CHECK(warns(project,
              "the firmware version is \"V08.80\" in Bay01.iid but \"V09.50\" in "
              "Export.teax; the first is kept"));
}

TEST_CASE("TEA-X finds a device by its name in DIGSI, and never by its name alone", "[teax]") {
  const ZipMember tea_x{"Export.teax",
                        "<teax><U DisplayName=\"Tx_Prot\"" + kProductCode + "/></teax>"};
  const auto renamed = siemens("Siemens-s7ManagerName", "Tx_Prot") + kSclCode;
  CHECK(read({tea_x, {"a.iid", scl("IED1", renamed)}}).assets.size() == 1);

  const auto open = read({tea_x, {"a.iid", scl("Tx_Prot", "")}});
  CHECK(open.assets.size() == 2);
  CHECK(warns(open, "is without a product code in a.iid but " + kCode + " in Export.teax"));
}

TEST_CASE("two TEA-X documents of one device contradict each other aloud", "[teax]") {
  const auto unit = [](const std::string& serial) {
    return "<teax><U DisplayName=\"A\"" + kProductCode + " SerialNumber=\"" + serial +
           "\"/></teax>";
  };
  const auto project = read({{"a.teax", unit("BF2401000011")}, {"b.teax", unit("BF2401000012")}});
  REQUIRE(project.assets.size() == 1);
  CHECK(project.assets[0].serial_number == "BF2401000011");
  CHECK(project.assets[0].confidence == Confidence::schema);
  CHECK(warns(project, "the serial number is \"BF2401000011\" in a.teax but \"BF2401000012\""));
}

TEST_CASE("hostile TEA-X fails alone, with its line", "[teax]") {
  std::string deep;
  for (int i = 0; i < 100; ++i) {
    deep += "<a>";
  }
  const std::pair<std::string, std::string_view> rows[] = {
      {"<teax>" + deep, "elements are nested more than 64 deep"},
      {"<!DOCTYPE teax [<!ENTITY a \"b\">]>\n<teax>&a;</teax>", "document type declaration"},
      {"<teax>\n<U", "not read: bad.teax:2: "},
      {"<teax><U></teax>", "expected </U>, got </teax>"},
      {"<teax>\n<U>", "expected </U> for the element of line 2, got end of file"},
      {"<teax/><teax/>", "expected end of file, got \"teax\""},
      {"<teax/>rest", "expected an element, got text"},
      {"<teax/></teax>", "expected end of file, got </teax>"},
      {"<teax>&b;</teax>", "expected &amp; or another predefined entity"},
      {"<teax>" + std::string(1, '\0') + "</teax>", "it holds a NUL byte"},
  };
  for (const auto& [xml, words] : rows) {
    INFO(xml.substr(0, 80));
    const auto project = read({{"bad.teax", xml}, {"good.iid", scl("BAY01", kSclCode)}});
    CHECK(project.assets.size() == 1);
    CHECK(warns(project, words));
  }
}

TEST_CASE("over-long values of TEA-X count as absent", "[teax]") {
  const auto project =
      read_units("<U DisplayName=\"" + std::string(100'000, 'n') + "\"" + kProductCode +
                 "><SerialNumber>&#66;" + std::string(100'000, 'x') + "</SerialNumber></U>");
  REQUIRE(project.assets.size() == 1);
  CHECK(project.assets[0].name.empty());
  CHECK(project.assets[0].serial_number.empty());
}

TEST_CASE("the limit on records holds for TEA-X", "[teax]") {
  const auto document = [](char kind) {
    std::string units;
    for (int i = 0; i < 10; ++i) {
      units += "<U DisplayName=\"" + std::string(1, kind) + std::to_string(i) + "\"" +
               kProductCode + "/>";
    }
    return "<teax>" + units + "</teax>";
  };
  Limits limits;
  limits.records = 8;
  const auto project = read_tea_x(document('a'), limits);
  CHECK(project.assets.empty());
  CHECK(warns(project, "more than 8 devices"));

  const auto bytes = zip({{"a.teax", document('a')}, {"b.teax", document('b')}});
  const parsers::MemoryContent content(bytes);
  limits.records = 20;
  CHECK(parsers::digsi5::module.parse({"plant.dz5", {}, &content}, limits));
  limits.records = 19;
  const auto refused = parsers::digsi5::module.parse({"plant.dz5", {}, &content}, limits);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == Errc::too_large);
}

}  // namespace ot
