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

const auto& kParser = parsers::digsi5::module;

const std::string kProjectXml =
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
    "<Data Type=\"Project\" Name=\"Substation North\" ProjectCompatibilityVersion=\"8.80.0.0\""
    " xmlns=\"http://www.siemens.com/2007/07/Automation/CommonServices/DataInfoValueData\">"
    "<ProjectVersion>8.80.0.0</ProjectVersion></Data>";

const ZipMember kProject{.name = "Substation North.dp5v88", .data = kProjectXml, .deflate = true};

const std::string kCode = "7SJ82-DAAA-AA0-0AAAA0-AA0111-12111A-AAA000-000AC0-CB1BA1";

std::string scl(std::string_view name, std::string_view product_code, std::string_view port = "F") {
  std::string out =
      "<?xml version=\"1.0\"?><SCL xmlns=\"http://www.iec.ch/61850/2003/SCL\"><Header id=\"x\"/>";
  out += "<IED name=\"" + std::string(name) + "\" type=\"7SJ82\" manufacturer=\"SIEMENS\">";
  out += "<Private type=\"Siemens-Siprotec5-Product-Code\">" + std::string(product_code) +
         "</Private><Private type=\"Siemens-IsSiprotec5IED\"/>";
  out += "<AccessPoint name=\"" + std::string(port) + "\"><Server><Authentication/>";
  out += "<LDevice inst=\"Port" + std::string(port) + "\" desc=\"" + std::string(port) +
         ":ETH-BA-2EL\"><LN0 lnClass=\"LLN0\" inst=\"\" lnType=\"a\"/></LDevice>";
  return out + "</Server></AccessPoint></IED></SCL>";
}

Result<Project> parse(std::string_view bytes, const Limits& limits = {}) {
  const parsers::MemoryContent content(bytes);
  return kParser.parse({.name = "plant.dz5", .bytes = {}, .content = &content}, limits);
}

bool claims(std::string_view name, std::string_view bytes) {
  const auto size = std::min(bytes.size(), parsers::kSampleSize);
  return kParser.claims(
      {name, bytes.substr(0, size), bytes.substr(bytes.size() - size), bytes.size()});
}

bool warns(const Project& project, std::string_view words) {
  return std::any_of(project.warnings.begin(), project.warnings.end(), [&](const Warning& warning) {
    return warning.message.find(words) != std::string::npos;
  });
}

Error error_of(const Result<Project>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

bool says(const Error& error, std::string_view words) {
  INFO(error.text());
  return error.text().find(words) != std::string::npos;
}

/// Counts how much is asked for at once, and can fail like a disk.
class WatchedContent final : public parsers::Content {
 public:
  explicit WatchedContent(std::string_view bytes) : bytes_(bytes) {}
  std::uint64_t size() const override { return bytes_.size(); }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override {
    largest = std::max(largest, into.size());
    read += into.size();
    if (read > fail_after) {
      return fail(Errc::io, "read: Input/output error");
    }
    return offset < bytes_.size()
               ? bytes_.copy(into.data(), into.size(), static_cast<std::size_t>(offset))
               : 0;
  }

  mutable std::size_t largest = 0;
  mutable std::uint64_t read = 0;
  std::uint64_t fail_after = ~0ull;

 private:
  std::string_view bytes_;
};

}  // namespace

TEST_CASE("a .dz5 is claimed whatever it holds, anything else by its project member", "[digsi5]") {
  const auto project = zip({kProject});
  CHECK(claims("plant.dz5", ""));
  CHECK(claims("PLANT.DZ5", "7z\xBC\xAF\x27\x1C"));
  CHECK(claims("plant.zip", project));
  CHECK(claims("plant", zip({{"a.txt", "x"}, {"folder/P.DP5V100", "y"}})));
  CHECK(claims("plant.zip", zip({kProject}, "a comment")));
  CHECK_FALSE(claims("plant.zip", ""));
  CHECK_FALSE(claims("plant.zip", "7z\xBC\xAF\x27\x1C"));
  CHECK_FALSE(claims("plant.zip", zip({{"a.txt", "x"}})));
  CHECK_FALSE(claims("plant.zip", zip({{"P.ap19", "x"}})));
  CHECK_FALSE(claims("plant.zip", zip({{"P.dp5v8", "x"}, {"P.dp6v88", ""}, {"P.dp5v88.txt", ""}})));
}

TEST_CASE("text inside a member's data claims nothing", "[digsi5]") {
  const auto inner = zip({kProject});
  CHECK_FALSE(claims("x.zip", zip({{"readme.txt", "see Substation.dp5v88"}})));
  CHECK_FALSE(claims("x.zip", zip({{"nested.zip", inner}})));
  CHECK_FALSE(claims("x.zip", zip({{"nested.zip", inner}, {"last.txt", "x"}})));
  CHECK_FALSE(claims("x.zip", zip({{"nested.zip", inner, false, 0, true}})));
  CHECK_FALSE(claims("x.bin", "PK\x03\x04 is how P.dp5v88 begins"));
}

TEST_CASE("a project member beyond the samples' reach is found by the directory's end",
          "[digsi5]") {
  std::vector<ZipMember> members;
  members.push_back({"big.bin", std::string(200'000, 'x')});
  for (int i = 0; i < 2'000; ++i) {
    members.push_back({"folder/a long enough name for a member " + std::to_string(i), ""});
  }
  CHECK_FALSE(claims("x.zip", zip(members)));
  members.push_back(kProject);
  CHECK(claims("x.zip", zip(members)));
}

TEST_CASE("the project member's name gives project, tool and version", "[digsi5]") {
  struct Row {
    std::string member, project, tool, version;
  };
  const Row rows[] = {
      {"SE-AAA_20260622_1350.dp5v100", "SE-AAA_20260622_1350", "DIGSI 5", "V10.00"},
      {"North.dp5v88", "North", "DIGSI 5", "V8.80"},
      {"North.DP5V98", "North", "DIGSI 5", "V9.80"},
      {"a/b/North.v2.dp5v75", "North.v2", "DIGSI 5", "V7.50"},
      {"Old.dp4v75", "Old", "DIGSI 4", "V7.50"},
      {"Über Fluß.dp5v88", "Über Fluß", "DIGSI 5", "V8.80"},
  };
  for (const auto& row : rows) {
    INFO(row.member);
    constexpr std::uint16_t kUtf8Name = 0x0800;
    const auto project = parse(zip({{row.member, "DIGSI project", true, kUtf8Name}}));
    REQUIRE(project);
    CHECK(project->project_name == row.project);
    CHECK(project->vendor == "Siemens");
    CHECK(project->engineering_tool_name == row.tool);
    CHECK(project->engineering_tool_version == row.version);
    CHECK(project->tool_confidence == Confidence::declared);
    CHECK_FALSE(project->exported_at);
  }
}

TEST_CASE("the project's own name wins over the member's", "[digsi5]") {
  auto member = kProject;
  member.name = "Renamed_20240102.dp5v88";
  const auto project = parse(zip({member}));
  REQUIRE(project);
  CHECK(project->project_name == "Substation North");
  CHECK(project->details ==
        std::vector<Detail>{{"projectName", "Substation North", Confidence::schema},
                            {"projectVersion", "8.80.0.0", Confidence::schema}});
  CHECK(project->tool_confidence == Confidence::declared);
  CHECK(project->warnings.empty());
}

TEST_CASE("a version that contradicts the member's name is reported", "[digsi5]") {
  auto member = kProject;
  member.name = "North.dp5v95";
  const auto project = parse(zip({member}));
  REQUIRE(project);
  CHECK(project->engineering_tool_version == "V9.50");
  CHECK(
      warns(*project, "North.dp5v95 stands for V9.50, but its content says version \"8.80.0.0\""));
}

TEST_CASE("of two project members the first counts, none is no failure", "[digsi5]") {
  const auto two = parse(zip({kProject, {"Other.dp5v75", "x"}}));
  REQUIRE(two);
  CHECK(two->project_name == "Substation North");
  CHECK(two->engineering_tool_version == "V8.80");
  CHECK(warns(*two, "Other.dp5v75 (1 byte): a further project member, ignored"));

  const auto none = parse(zip({{"readme.txt", "x"}}));
  REQUIRE(none);
  CHECK(none->project_name.empty());
  CHECK(none->vendor.empty());
  CHECK(none->engineering_tool_name.empty());
  CHECK(warns(*none, "no project member (.dp5v...)"));

  const auto empty = parse(zip({}));
  REQUIRE(empty);
  CHECK(warns(*empty, "no project member (.dp5v...)"));
}

TEST_CASE("devices come from SCL members, whatever they are called", "[digsi5]") {
  const auto project = parse(zip({kProject, {"UserFiles/export.bin", scl("BAY01", kCode), true}}));
  REQUIRE(project);
  REQUIRE(project->assets.size() == 1);
  CHECK(project->assets[0].name == "BAY01");
  CHECK(project->assets[0].order_id == kCode);
  CHECK(project->assets[0].confidence == Confidence::confirmed);
}

TEST_CASE("a device in two members becomes one, contradictions are reported", "[digsi5]") {
  const auto same =
      parse(zip({{"a.iid", scl("BAY01", kCode)}, {"b.scd", scl("BAY01", kCode, "E")}}));
  REQUIRE(same);
  REQUIRE(same->assets.size() == 1);
  CHECK(same->assets[0].add_ons.size() == 2);

  auto other = kCode;
  other[4] = '5';
  const auto two = parse(zip({{"a.iid", scl("BAY01", kCode)}, {"b.scd", scl("BAY01", other)}}));
  REQUIRE(two);
  CHECK(two->assets.size() == 2);
  CHECK(warns(*two, "device \"BAY01\" is " + kCode + " in a.iid but " + other + " in b.scd"));
}

TEST_CASE("an SCL member that cannot be read fails alone", "[digsi5]") {
  const auto project = parse(zip({kProject,
                                  {"bad.scd", "<SCL xmlns=\"x\"><IED name=\"B\""},
                                  {"good.iid", scl("BAY01", kCode)}}));
  REQUIRE(project);
  CHECK(project->assets.size() == 1);
  CHECK(warns(*project, "not read: bad.scd"));
}

TEST_CASE("what is not understood is named with its size", "[digsi5]") {
  const auto project = parse(zip({kProject,
                                  {"System/PEData.plf", std::string(2749, 'x')},
                                  {"Logs/old.zip", zip({{"log.xml", "<a/>"}})},
                                  {"System/PEData.idx", "\x80"},
                                  {"TMP/", "", true},
                                  {"UserFiles/", ""}}));
  REQUIRE(project);
  CHECK(warns(*project, "System/PEData.plf (2749 bytes): DIGSI's own database, not read"));
  CHECK(warns(*project, "Logs/old.zip"));
  CHECK(warns(*project, "an archive inside the archive, not opened"));
  CHECK(warns(*project, "System/PEData.idx (1 byte): not read"));
  CHECK(project->warnings.size() == 3);
}

TEST_CASE("many members that are not read share a warning", "[digsi5]") {
  std::vector<ZipMember> members = {kProject};
  for (int i = 0; i < 42; ++i) {
    members.push_back({"Vci/" + std::to_string(i) + ".db", std::string(100, 'x')});
  }
  const auto project = parse(zip(members));
  REQUIRE(project);
  CHECK(project->warnings.size() == 6);
  CHECK(warns(*project, "37 more members not read, 3700 bytes in all"));
}

TEST_CASE("hostile names are shown and never used", "[digsi5]") {
  struct Row {
    std::string name, why;
  };
  const Row rows[] = {
      {"../../etc/passwd", "leaves its folder: \"../../etc/passwd\""},
      {"a/..", "leaves its folder"},
      {"C:/evil.txt", "names a drive"},
      {"/etc/shadow", "is absolute: \"/etc/shadow\""},
      {"a\x1b[31mb", "holds control characters: \"a\\x1b[31mb\""},
      {std::string(3000, 'n'), "is overlong"},
      {"caf\xE9", "is not UTF-8"},
  };
  for (const auto& row : rows) {
    const auto project = parse(zip({kProject, {row.name, "x"}}));
    REQUIRE(project);
    INFO(project->warnings.at(0).message);
    CHECK(warns(*project, "member name " + row.why));
    for (const auto& warning : project->warnings) {
      CHECK(warning.message.find('\x1b') == std::string::npos);
      CHECK(warning.message.size() < 400);
    }
  }
}

TEST_CASE("a hostile project member gives its base name alone", "[digsi5]") {
  for (const std::string name :
       {"../../etc/passwd.dp5v88", "C:\\evil\\passwd.dp5v88", "/etc/passwd.dp5v88"}) {
    const auto project = parse(zip({{name, "x"}}));
    REQUIRE(project);
    CHECK(project->project_name == "passwd");
    CHECK(warns(*project, "member name"));
  }
}

TEST_CASE("another container is named by its first bytes", "[digsi5]") {
  using namespace std::string_literals;
  const std::pair<std::string, std::string_view> rows[] = {
      {"", "the file is empty"},
      {"7z\xBC\xAF\x27\x1C\0\4"s, "but a 7z archive"},
      {"MSCF\0\0"s, "but a CAB archive"},
      {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"s, "but an OLE2 file"},
      {"\x1F\x8B\x08"s, "but a gzip file"},
      {"\xFD"
       "7zXZ\0"s,
       "but an xz file"},
      {"\x5D\0\0\x80"s, "but an LZMA file"},
      {"<?xml version=\"1.0\"?>", "but an XML file"},
      {"\xEF\xBB\xBF<SCL>", "but an XML file"},
      {"\xFF\xFE<\0?\0"s, "but an XML file"},
      {"SQLite format 3\0"s, "but an SQLite database"},
      {"\x40\0\0\0\1\0\0\0"s, "but a bare PEData database"},
      {"<!DOCTYPE html>\n<html>", "but a web page (HTML)"},
      {"<html><body>", "but a web page (HTML)"},
      {"%PDF-1.7", "but a PDF document"},
      {"hello", "begins with the bytes 68656c6c6f"},
  };
  for (const auto& [bytes, words] : rows) {
    const auto error = error_of(parse(bytes));
    CHECK(error.code() == Errc::unsupported);
    CHECK(says(error, words));
    CHECK(says(error, "export the project from DIGSI 5 again"));
  }
}

TEST_CASE("one encrypted member refuses the whole file", "[digsi5]") {
  const auto error = error_of(parse(zip({kProject, {"secret.xml", "<a/>", true, 0x0001}})));
  CHECK(error.code() == Errc::encrypted);
  CHECK(says(error, "member \"secret.xml\" is encrypted"));
}

TEST_CASE("a bomb is refused by what it unpacks to", "[digsi5]") {
  const auto xml = "<SCL>" + std::string(8 << 20, ' ') + "</SCL>";
  const auto error = error_of(parse(zip({kProject, {"bomb.scd", xml, true}})));
  CHECK(error.code() == Errc::too_large);
  CHECK(says(error, "member \"bomb.scd\" unpacks to more than 200 times its packed size"));

  SECTION("also where its header lies about the size") {
    const auto lied = error_of(parse(zip({{"bomb.scd", xml, true, 0, false, false, 100}})));
    CHECK(lied.code() == Errc::too_large);
  }
  SECTION("also without a directory, whatever it is") {
    const auto zeros = std::string(8 << 20, '\0');
    const auto whole = zip({kProject, {"zeros.bin", zeros, true, 0, true}, {"x", "y"}});
    const auto cut = error_of(parse(whole.substr(0, whole.rfind("PK\x05\x06") - 10)));
    CHECK(cut.code() == Errc::too_large);
    CHECK(says(cut, "zeros.bin"));
  }
}

TEST_CASE("a small XML that packs very well is no bomb", "[digsi5]") {
  const auto xml = scl("BAY01", kCode) + std::string(500'000, ' ');
  const auto project = parse(zip({kProject, {"padded.scd", xml, true}}));
  REQUIRE(project);
  CHECK(project->assets.size() == 1);
}

TEST_CASE("too many members are refused", "[digsi5]") {
  std::vector<ZipMember> members;
  for (int i = 0; i < 11; ++i) {
    members.push_back({"m" + std::to_string(i), ""});
  }
  Limits limits;
  limits.members = 10;
  const auto error = error_of(parse(zip(members), limits));
  CHECK(error.code() == Errc::too_large);
  CHECK(says(error, "holds more members than the limit of 10"));
  const auto whole = zip(members);
  CHECK(error_of(parse(whole.substr(0, whole.size() - 30), limits)).code() == Errc::too_large);
  limits.members = 11;
  CHECK(parse(zip(members), limits));
}

TEST_CASE("sizes over the limits are refused, with the member's name", "[digsi5]") {
  Limits limits;
  limits.member_bytes = 100'000;
  const auto noise = [](std::size_t size) {
    std::string out = "<SCL ";
    for (std::uint32_t i = 0, x = 1; i < size; ++i, x = x * 1664525 + 1013904223) {
      out += static_cast<char>('a' + (x >> 24) % 26);
    }
    return out + ">";
  };
  SECTION("declared") {
    const auto error =
        error_of(parse(zip({kProject, {"huge.bin", "x", false, 0, false, false, 3'000'000'000u}})));
    CHECK(error.code() == Errc::too_large);
    CHECK(
        says(error, "member \"huge.bin\" is said to unpack to 2.8 GB, over the limit of 512.0 MB"));
  }
  SECTION("one member") {
    const auto member = ZipMember{"a.scd", noise(200'000), true, 0, false, false, 10};
    const auto error = error_of(parse(zip({member}), limits));
    CHECK(error.code() == Errc::too_large);
    CHECK(says(error, "member \"a.scd\" unpacks to more than the limit of 97.7 kB for one"));
  }
  SECTION("all members") {
    limits.archive_bytes = 150'000;
    const auto a = ZipMember{"a.scd", noise(90'000), true};
    const auto b = ZipMember{"b.scd", noise(90'000), true};
    const auto error = error_of(parse(zip({a, b}), limits));
    CHECK(error.code() == Errc::too_large);
    CHECK(says(error, "\"b.scd\" are said to unpack to 175.8 kB, over the limit of 146.5 kB"));
  }
  SECTION("the archive") {
    limits.archive_bytes = 100;
    const auto error = error_of(parse(zip({kProject}), limits));
    CHECK(error.code() == Errc::too_large);
    CHECK(says(error, "the archive has "));
  }
}

TEST_CASE("a truncated archive gives what its beginning holds", "[digsi5]") {
  const auto whole =
      zip({kProject, {"a.iid", scl("BAY01", kCode), true}, {"b.iid", scl("BAY02", kCode), true}});
  const auto second = whole.find("b.iid");
  const auto project = parse(whole.substr(0, second + 100));
  REQUIRE(project);
  CHECK(project->project_name == "Substation North");
  REQUIRE(project->assets.size() == 1);
  CHECK(project->assets[0].name == "BAY01");
  CHECK(warns(*project, "directory at the archive's end is missing"));
  CHECK(warns(*project, "b.iid is damaged, not read"));
  CHECK(std::any_of(project->warnings.begin(), project->warnings.end(), [](const Warning& warning) {
    return warning.position.unit == Position::Unit::offset && warning.position.value > 0;
  }));
}

TEST_CASE("an archive of which nothing can be read is malformed", "[digsi5]") {
  const auto whole = zip({kProject});
  for (const auto size : {4u, 20u, 35u}) {
    const auto error = error_of(parse(whole.substr(0, size)));
    CHECK(error.code() == Errc::malformed);
    CHECK(says(error, "read the ZIP archive"));
  }
}

TEST_CASE("damage in one member leaves the others", "[digsi5]") {
  auto whole =
      zip({kProject, {"a.iid", scl("BAY01", kCode), true}, {"b.iid", scl("BAY02", kCode), true}});
  const auto data = whole.find("a.iid") + 5;
  whole.replace(data, 60, std::string(60, '\xFF'));
  const auto project = parse(whole);
  REQUIRE(project);
  REQUIRE(project->assets.size() == 1);
  CHECK(project->assets[0].name == "BAY02");
  CHECK(warns(*project, "a.iid is damaged, not read"));
}

TEST_CASE("a wrong checksum is a warning", "[digsi5]") {
  const auto project = parse(zip(
      {kProject, {"a.iid", scl("BAY01", kCode), true, 0, false, false, std::nullopt, 0x12345678}}));
  REQUIRE(project);
  CHECK(project->assets.size() == 1);
  CHECK(warns(*project, "a.iid: its checksum or its size is wrong"));
}

TEST_CASE("Zip64 extras, data descriptors and deflated folders are read", "[digsi5]") {
  const auto iid = scl("BAY01", kCode);
  const auto whole = zip({kProject,
                          {"zip64.iid", iid, true, 0, false, true},
                          {"TMP/", "", true},
                          {"descriptor.iid", scl("BAY02", kCode), true, 0, true}});
  const auto project = parse(whole);
  REQUIRE(project);
  CHECK(project->assets.size() == 2);
  CHECK(project->warnings.empty());
  SECTION("also from the front") {
    const auto cut = parse(whole.substr(0, whole.size() - 10));
    REQUIRE(cut);
    CHECK(cut->assets.size() == 2);
  }
}

TEST_CASE("the archive is read in pieces and errors of the disk are passed on", "[digsi5]") {
  const auto whole = zip({{"System/PEData.plf", std::string(3'000'000, 'x')}, kProject});
  WatchedContent content(whole);
  REQUIRE(kParser.parse({"plant.dz5", {}, &content}, {}));
  CHECK(content.largest <= 64 * 1024);
  CHECK(content.read < 1'000'000);

  WatchedContent failing(whole);
  failing.fail_after = 100'000;
  const auto error = error_of(kParser.parse({"plant.dz5", {}, &failing}, {}));
  CHECK(error.code() == Errc::io);
}

TEST_CASE("the limit on time ends the reading", "[digsi5]") {
  std::vector<ZipMember> members = {kProject};
  for (int i = 0; i < 600; ++i) {
    members.push_back({"m" + std::to_string(i), "x"});
  }
  Limits limits;
  limits.time = std::chrono::milliseconds(0);
  const auto error = error_of(parse(zip(members), limits));
  CHECK(error.code() == Errc::too_large);
  CHECK(says(error, "longer to read than the limit of 0 ms"));
}

TEST_CASE("warnings of an SCL member name the member", "[digsi5]") {
  const auto project = parse(zip({kProject, {"bad.scd", "<SCL/>"}}));
  REQUIRE(project);
  CHECK(project->project_name == "Substation North");
  CHECK((project->warnings.empty() || warns(*project, "bad.scd")));
}

}  // namespace ot
