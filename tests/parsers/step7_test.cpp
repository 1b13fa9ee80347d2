// Whole STEP 7 exports, as their readers meet them: cut off, edited, hostile.
#include <algorithm>

#include "base/text.hpp"
#include "parsers/parser.hpp"
#include "tests/catch.hpp"

namespace ot::parsers {
namespace {

constexpr std::string_view kHeader =
    "FILEVERSION \"3.2\"\r\n#STEP7_VERSION V5.6 + HF1\r\n"
    "#CREATED \"Thursday, 18 June 2026   09:31:24\"\r\n\r\n"
    "STATION S7400 , \"AS\"\r\nBEGIN \r\nEND \r\n\r\n";
constexpr std::string_view kCpu =
    "RACK 0, SLOT 3, \"6ES7 412-2XJ05-0AB0\" \"V5.3\", \"CPU 412-2 DP\"\r\n"
    "BEGIN \r\n  ASSET_ID \"0123456789ABCDEF0123456789ABCDEF\"\r\nEND \r\n\r\n";

const Parser& step7() {
  for (const auto* parser : all()) {
    if (parser->name == "step7") {
      return *parser;
    }
  }
  throw std::logic_error("step7 is not registered");
}

bool claims(std::string_view text, std::string_view name = "a.cfg") {
  return step7().claims({.name = name, .head = text, .tail = text, .size = text.size()});
}

Result<Project> parse(const std::string& text, const Limits& limits = {}) {
  return step7().parse({.name = "a.cfg", .bytes = text}, limits);
}

Project parsed(const std::string& text) {
  auto project = parse(text);
  REQUIRE(project.has_value());
  return std::move(*project);
}

std::string station(std::string_view records) {
  return std::string(kHeader).append(records);
}

bool warns(const Project& project, std::string_view of) {
  for (const auto& warning : project.warnings) {
    if (warning.message.find(of) != std::string::npos) {
      return true;
    }
  }
  return false;
}

std::string slave(int address, std::string_view id, std::string_view name) {
  return "DPSUBSYSTEM 1, DPADDRESS " + std::to_string(address) + ", \"" + std::string(id) +
         "\", \"" + std::string(name) + "\"\r\nBEGIN\r\nEND\r\n\r\n";
}

}  // namespace

TEST_CASE("an export is known by its content, whatever it is called", "[step7]") {
  CHECK(claims(kHeader));
  CHECK(claims(kHeader, "backup.txt"));
  CHECK(claims("#STEP7_VERSION V5.5\nSTATION S7300 , \"x\"\n"));
  CHECK(claims("\xEF\xBB\xBF" + std::string(kHeader)));
  CHECK_FALSE(claims("FILEVERSION \"3.2\"\n"));
  CHECK_FALSE(claims("FILEVERSION 3.2\nSTATION S7300 , \"x\"\n"));
  CHECK_FALSE(claims("STATION S7300 , \"x\"\n"));
  CHECK_FALSE(claims("FILEVERSION \"3.2\"\nSTATION NOVEL , \"x\"\n"));
  CHECK_FALSE(claims("hostname sw1\n!\ninterface vlan 1\n"));
  CHECK_FALSE(claims(""));
}

TEST_CASE("tool, version and date stand in the header", "[step7]") {
  const auto project = parsed(station(kCpu));
  CHECK(project.engineering_tool_name == "STEP7");
  CHECK(project.engineering_tool_version == "V5.6 + HF1");
  CHECK(project.vendor == "Siemens");
  CHECK(project.project_name == "AS");
  CHECK(iso8601(*project.exported_at) == "2026-06-18T09:31:24.000Z");
  CHECK(project.exported_text == "Thursday, 18 June 2026   09:31:24");
  CHECK(project.warnings.empty());
}

TEST_CASE("a date that can't be read is kept as written", "[step7]") {
  auto text = station(kCpu);
  text.replace(text.find("18 June"), 7, "18.6.");
  const auto project = parsed(text);
  CHECK_FALSE(project.exported_at);
  CHECK(project.exported_text == "Thursday, 18.6. 2026   09:31:24");
  CHECK(warns(project, "can't be read"));
}

TEST_CASE("a CPU bears its version, order number and key", "[step7]") {
  const auto project = parsed(station(kCpu));
  REQUIRE(project.assets.size() == 1);
  const auto& cpu = project.assets[0];
  CHECK(cpu.name == "CPU 412-2 DP");
  CHECK(cpu.order_id == "6ES7412-2XJ05-0AB0");
  CHECK(cpu.firmware_version == "V5.3");
  CHECK(cpu.project_asset_id == "0123456789ABCDEF0123456789ABCDEF");
  CHECK(cpu.hardware.category == Category::plc);
  CHECK(cpu.slot == 3u);
}

TEST_CASE("a module is a CPU by name only if its order number says nothing else", "[step7]") {
  const auto by_name =
      parsed(station("RACK 0, SLOT 2, \"6ES7 999-0AA00-0AA0\", \"CPU new\"\n"
                     "BEGIN\nEND\n"
                     "RACK 0, SLOT 3, \"_S7H_PC_WINLC_CT\", \"WinLC RTX\"\n"
                     "BEGIN\nEND\n"));
  CHECK(by_name.assets.size() == 2);
  const auto others =
      parsed(station("RACK 0, SLOT 4, \"6GK7 443-1EX11-0XE0\", \"CPU coupling\"\n"
                     "BEGIN\nEND\n"
                     "RACK 0, SLOT 5, \"6ES7 460-0AA01-0AB0\", \"CPU rack\"\n"
                     "BEGIN\nEND\n"));
  REQUIRE(others.assets.size() == 1);
  CHECK(others.assets[0].name == "AS");  // the station stands in for a CPU
  CHECK(others.assets[0].add_ons.size() == 2);
}

TEST_CASE("each of two CPUs in a rack lists the other and all else", "[step7]") {
  const auto project = parsed(station(std::string(kCpu) +
                                      "RACK 0, SLOT 5, \"6ES7 412-2XJ05-0AB0\", \"CPU b\"\n"
                                      "BEGIN\nEND\n"
                                      "RACK 1, SLOT 4, \"6ES7 421-1BL01-0AA0\", \"DI32\"\n"
                                      "BEGIN\nEND\n" +
                                      slave(4, "B754_S34.GSG", "Head")));
  REQUIRE(project.assets.size() == 2);
  REQUIRE(project.assets[0].add_ons.size() == 3);
  CHECK(project.assets[0].add_ons[0].name == "CPU b");
  CHECK(project.assets[0].add_ons[1].rack == 1u);  // a rack without a CPU
  CHECK(project.assets[0].add_ons[2].slave_address == 4u);
  REQUIRE(project.assets[1].add_ons.size() == 1);
  CHECK(project.assets[1].add_ons[0].name == "CPU 412-2 DP");
}

TEST_CASE("a slave's copy of its head, continuations and internal slots don't count", "[step7]") {
  const auto project =
      parsed(station(std::string(kCpu) + slave(3, "6ES7 153-2BA02-0XB0", "IM") +
                     "DPSUBSYSTEM 1, DPADDRESS 3, SLOT 2, \"6ES7 153-2BA02-0XB0\", \"IM\"\n"
                     "AUTOCREATED \nBEGIN \nEND \n"
                     "DPSUBSYSTEM 1, DPADDRESS 3, SLOT 4, \"6ES7 331-7RD00-0AB0\", \"AI\"\n"
                     "BEGIN \nEND \n"
                     "DPSUBSYSTEM 1, DPADDRESS 3, SLOT 5, \"*75x-512 2DO\", \"0\"\nBEGIN \nEND \n"
                     "DPSUBSYSTEM 1, DPADDRESS 3, SLOT 6, \"_S7H_DP_S7_IMODULE_CT\", \"x\"\n"
                     "BEGIN \nEND \n"));
  const auto& add_ons = project.assets[0].add_ons;
  REQUIRE(add_ons.size() == 2);
  CHECK(add_ons[0].unit_address.empty());
  CHECK(add_ons[0].bus == "DPSUBSYSTEM 1");
  CHECK(add_ons[1].unit_address == "4");
  CHECK(add_ons[1].hardware.category == Category::io);
}

TEST_CASE("an address counts only where it is in use", "[step7]") {
  const auto interface_of = [](std::string_view attributes) {
    const auto project = parsed(
        station(std::string(kCpu) + "RACK 0, SLOT 4, \"6GK7 443-1EX11-0XE0\", \"CP\"\nBEGIN \n" +
                std::string(attributes) + "END \n"));
    const auto& found = project.assets[0].interfaces;
    return found.empty() ? Interface{} : found[0];
  };
  const auto used = interface_of(
      "  MACADDRESS \"000E8C123456\"\n  IPACTIVE \"1\"\n  IPADDRESS \"C0A80105\"\n"
      "  SUBNETMASK \"FFFFFF00\"\n  ROUTERADDRESS \"C0A80101\"\n  ROUTERACTIVE \"1\"\n"
      "  LINKED_SUBNETNAME \"Ethernet(1)\"\n");
  CHECK(used.address == "192.168.1.5");
  CHECK(used.gateway == "192.168.1.1");
  CHECK(used.mac_address == "00:0e:8c:12:34:56");
  CHECK(used.network == "Ethernet(1)");
  CHECK(used.slot == 4u);
  CHECK(interface_of("  IPACTIVE \"0\"\n  IPADDRESS \"C0A80105\"\n"
                     "  LINKED_SUBNETNAME \"E\"\n")
            .address.empty());
  CHECK(interface_of("  IPACTIVE \"1\"\n  IPADDRESS \"C0A80105\"\n").address.empty());
  CHECK(interface_of("  MACADDRESS \"080006010000\"\n").mac_address.empty());
  CHECK(interface_of("  MACADDRESS \"080006010000\"\n  ISOACTIVE \"1\"\n").mac_address ==
        "08:00:06:01:00:00");
  CHECK(interface_of("  IPACTIVE \"1\"\n  IPADDRESS \"C0A80105\"\n  ROUTERACTIVE \"0\"\n"
                     "  ROUTERADDRESS \"C0A80101\"\n  LINKED_SUBNETNAME \"E\"\n")
            .gateway.empty());
}

TEST_CASE("an IO device counts with and without an address, its slots from 1 up", "[step7]") {
  const auto project = parsed(station(
      std::string(kCpu) +
      "IOSUBSYSTEM 100, \"PN: PROFINET IO system (100)\"\nBEGIN \n  SUBNET_NAME \"PN\"\nEND \n"
      "IOSUBSYSTEM 100, IOADDRESS 7, \"R1:6DL1 155-6AU00-0PM0\" \"V1.1\", \"rio\"\n"
      "REDUNDANT \nBEGIN\nEND\n"
      "IOSUBSYSTEM 100, IOADDRESS 7, SLOT 0, \"6DL1 155-6AU00-0PM0\", \"rio\"\nAUTOCREATED \n"
      "BEGIN \n  IPADDRESS \"0A000007\"\nEND \n"
      "IOSUBSYSTEM 100, IOADDRESS 7, SLOT 0, SUBSLOT 2, \"6DL1 193-6AR00-0AA0\", \"Port\"\n"
      "BEGIN \nEND \n"
      "IOSUBSYSTEM 100, IOADDRESS 7, SLOT 1, \"6DL1 155-6AU00-0PM0\", \"IM\"\nAUTOCREATED \n"
      "BEGIN \nLOCAL_IN_ADDRESSES \n  ADDRESS  16373, 0, 0, 0, 0, 0\n"
      "  ADDRESS  512, 0, 4, 0, 0, 16\nEND \n"
      "IOSUBSYSTEM 101, IOADDRESS 7, \"GSDML-V2.4-ABB-PNU32-20210223.xml<DAP>\", \"umc\"\n"
      "BEGIN \n  MLFB \"1SAJ263000R0100\"\n  PN_SW_RELEASE \"1.0.x\"\nEND \n"));
  REQUIRE(project.assets.size() == 3);
  const auto& rio = project.assets[1];
  CHECK(rio.order_id == "6DL1155-6AU00-0PM0");
  CHECK(rio.firmware_version == "V1.1");
  CHECK(rio.interfaces[0].address == "10.0.0.7");
  CHECK(rio.interfaces[0].network == "PN");
  REQUIRE(rio.add_ons.size() == 1);
  CHECK(rio.add_ons[0].io_addresses == "I 512..515");
  const auto& umc = project.assets[2];  // the same number in another IO system
  CHECK(umc.bus == "IOSUBSYSTEM 101");
  CHECK(umc.order_id == "1SAJ263000R0100");
  CHECK(umc.firmware_version == "1.0.x");
  CHECK(umc.hardware.vendor == "ABB");
  CHECK(umc.interfaces.empty());
}

TEST_CASE("a file that is cut off gives what is complete, and says so", "[step7]") {
  const auto whole =
      station(std::string(kCpu) + slave(3, "A.GSD", "one") + slave(4, "B.GSD", "two"));
  const auto cut = parsed(whole.substr(0, whole.rfind("END")));
  REQUIRE(cut.assets.size() == 1);
  CHECK(cut.assets[0].add_ons.size() == 1);
  CHECK(warns(cut, "cut off"));
  const auto mid_word = parsed(whole.substr(0, whole.rfind("two")));
  CHECK(mid_word.assets[0].add_ons.size() == 1);
  // Wherever it is cut behind the station's line, what stands before it is there.
  for (std::size_t at = kHeader.size(); at < whole.size(); at += 7) {
    CHECK(parse(whole.substr(0, at)).has_value());
  }
}

TEST_CASE("records and attributes nobody knows are passed over and counted", "[step7]") {
  const auto project = parsed(
      station("NOVELTY 1, \"x\"\nBEGIN\n  A \"b\"\n  INNER\n  BEGIN\n  END\nEND\n" +
              std::string(kCpu) + "#  Objectdata see XML section\nXML_DATA\nXMLITEM0001\n<xml>\n"));
  CHECK(project.assets[0].name == "CPU 412-2 DP");
  CHECK(warns(project, "unknown record \"NOVELTY\""));
  CHECK(warns(project, "unknown record \"XML_DATA\""));
  CHECK(project.warnings[0].position == Position::line(9));
}

TEST_CASE("a nested block does not end its record", "[step7]") {
  const auto project = parsed(
      station("RACK 0, SLOT 3, \"6ES7 412-2XJ05-0AB0\", \"CPU\"\nBEGIN \n  REDUNDANCY\n  BEGIN\n"
              "    ASSET_ID \"inner\"\n  END\n  ASSET_ID \"outer\"\nEND \n"));
  CHECK(project.assets[0].project_asset_id == "outer");
}

TEST_CASE("a record without END or without a body ends where the next begins", "[step7]") {
  const auto project = parsed(
      station(std::string("RACK 0, SLOT 1, \"6ES7 407-0KR02-0AA0\", \"PS\"\n") +
              "RACK 0, SLOT 2, \"6ES7 407-0KR02-0AA0\", \"PS b\"\nBEGIN \n" + std::string(kCpu)));
  CHECK(project.assets[0].add_ons.size() == 2);
  CHECK(warns(project, "has no body"));
  CHECK(warns(project, "has no END"));
}

TEST_CASE("names come out as UTF-8 from any code page", "[step7]") {
  const auto name_in = [](std::string_view bytes) {
    return parsed(station(std::string(kCpu) + slave(3, "A.GSD", bytes))).assets[0].add_ons[0].name;
  };
  CHECK(name_in("F\xFCllstand") == "Füllstand");
  CHECK(name_in("\xD3\xF0\xEE\xE2\xE5\xED\xFC \xE2 \xC5"
                "1\\\xC0") == "Уровень в Е1\\А");
  CHECK(name_in("Füllstand") == "Füllstand");
}

TEST_CASE("a file saved again as UTF-16 is read", "[step7]") {
  std::string wide = "\xFF\xFE";
  for (const char c : station(kCpu)) {
    wide += c;
    wide += '\0';
  }
  CHECK(claims(wide));
  CHECK(parsed(wide).assets[0].name == "CPU 412-2 DP");
}

TEST_CASE("a compact export gives its heads and asks for a readable one", "[step7]") {
  const auto project = parsed(
      "FILEVERSION \"3.2\" FORMAT COMPACT\nSTATION S7300 , \"x\"\n"
      "RACK 0, SLOT 2, \"6ES7 315-2AG10-0AB0\" \"V2.0\", \"CPU 315-2 DP\"\nITEM(1)\n"
      "RACK 0, SLOT 4, \"6ES7 321-1BH02-0AA0\", \"DI16\"\n");
  CHECK(warns(project, "compact export"));
  REQUIRE(project.assets.size() == 1);
  CHECK(project.assets[0].name == "CPU 315-2 DP");
  CHECK(project.assets[0].add_ons.size() == 1);
}

TEST_CASE("a name that speaks of a compact format is but a name", "[step7]") {
  const auto project = parsed(station(std::string(kCpu) + slave(3, "A.GSD", "FORMAT COMPACT")));
  REQUIRE(project.assets[0].add_ons.size() == 1);
  CHECK(project.warnings.empty());
}

TEST_CASE("limits on records, depth and length end in a clear error or a cut", "[step7]") {
  Limits few;
  few.records = 2;
  const auto many = parse(station(std::string(kCpu) + slave(3, "A", "b")), few);
  REQUIRE_FALSE(many.has_value());
  CHECK(many.error().code() == Errc::too_large);
  CHECK(many.error().position().unit == Position::Unit::line);

  std::string deep = station("RACK 0, SLOT 3, \"x\", \"y\"\n");
  for (int i = 0; i < 100; ++i) {
    deep += "BEGIN\n";
  }
  CHECK(parse(deep).error().code() == Errc::too_large);

  const std::string long_line(10u << 20, 'x');
  const auto cut = parsed(station(std::string(kCpu) + slave(3, "A", long_line)));
  CHECK(cut.assets[0].add_ons[0].name.size() < 2000);
}

TEST_CASE("the limit on time holds whatever the lines are", "[step7]") {
  Limits none;
  none.time = std::chrono::milliseconds(0);
  const auto module = std::string("RACK 0, SLOT 4, \"6ES7 321-1BH02-0AA0\", \"DI\"\r\nBEGIN\r\n");
  const std::string many[] = {"\n", "\"\n", "  POS_X \"1\"\n", "  A \"1\", 2\n",
                              "SYMBOL  I , 0, \"a\", \"b\"\n"};
  for (const auto& line : many) {
    CAPTURE(line);
    auto text = station(kCpu) + module;
    for (int i = 0; i < 3000; ++i) {
      text += line;
    }
    CHECK(parse(text).has_value());
    const auto late = parse(text, none);
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code() == Errc::too_large);
    CHECK(late.error().message() == "takes longer than 0 ms to read");
    CHECK(late.error().hint().empty());
  }
}

TEST_CASE("the blanks of a head may be missing or tabs", "[step7]") {
  const auto project =
      parsed(station(std::string(kCpu) + "RACK 0,SLOT+4,\"6ES7 321-1BH02-0AA0\",\"DI\"\r\nBEGIN\r\n"
                                         "LOCAL_IN_ADDRESSES\r\nADDRESS\t0, 0, 2\r\n"
                                         "SYMBOL\tI , 0, \"a\", \"b\"\r\nEND\r\n"));
  REQUIRE(project.assets.size() == 1);
  REQUIRE(project.assets[0].add_ons.size() == 1);
  CHECK(project.assets[0].add_ons[0].slot == 4U);
  CHECK(project.assets[0].add_ons[0].io_addresses == "I 0..1");
  const auto symbols = std::find_if(project.details.begin(), project.details.end(),
                                    [](const Detail& detail) { return detail.name == "symbols"; });
  REQUIRE(symbols != project.details.end());
  CHECK(symbols->value == "1");
}

TEST_CASE("modules that many CPUs share are counted before they are copied", "[step7]") {
  std::string cpus;
  for (int slot = 1; slot < 2000; ++slot) {
    cpus +=
        "RACK 0, SLOT " + std::to_string(slot) + ", \"6ES7 412-3HJ14-0AB0\", \"C\"\nBEGIN\nEND\n";
  }
  CHECK(parse(station(cpus)).error().code() == Errc::too_large);
  std::string modules(kCpu);
  for (int slot = 4; slot < 40; ++slot) {
    modules += "RACK 0, SLOT " + std::to_string(slot) + ", \"x\", \"y\"\nBEGIN\nEND\n";
  }
  Limits few;
  few.records = 38;  // records of the file: station, CPU and 36 modules
  CHECK(parse(station(modules), few).has_value());
  CHECK(
      parse(station(modules + "RACK 0, SLOT 1, \"6ES7 412-2XJ05-0AB0\", \"b\"\nBEGIN\nEND\n"), few)
          .error()
          .code() == Errc::too_large);
}

TEST_CASE("a head of which nobody can say where it sits is left out", "[step7]") {
  const auto project = parsed(station(std::string(kCpu) + slave(4, "A.GSD", "one") +
                                      "DPSUBSYSTEM 1, DPADDRESS 4, SLOT xx, \"a\", \"b\"\n"
                                      "BEGIN\nEND\n"
                                      "DPSUBSYSTEM 1, DPADDRESS 4, SLOT -1, \"a\", \"b\"\n"
                                      "BEGIN\nEND\nRACK 0, SLOT y, \"a\", \"b\"\nBEGIN\nEND\n"
                                      "RACK 0, SLOT 9, \"6ES7 421-1BL01-0AA0\"\nBEGIN\nEND\n"));
  const auto& cpu = project.assets[0];
  REQUIRE(cpu.add_ons.size() == 2);
  CHECK(cpu.add_ons[0].order_id == "6ES7421-1BL01-0AA0");  // only its name is missing
  CHECK(cpu.add_ons[1].name == "one");
  CHECK(cpu.racks.empty());
  CHECK(warns(project, "left out"));
}

TEST_CASE("every message names a line of the file", "[step7]") {
  const auto project = parsed(station("RACK 0, SLOT 2, \"6ES7 412-2XJ05-0AB0\", \"CPU\"\n"));
  for (const auto& warning : project.warnings) {
    CHECK(warning.position.value > 0);
  }
  CHECK(warns(project, "cut off"));
}

TEST_CASE("an address beyond PROFIBUS is kept and warned about", "[step7]") {
  const auto project = parsed(station(std::string(kCpu) + slave(300, "A.GSD", "far")));
  CHECK(project.assets[0].add_ons[0].slave_address == 300u);
  CHECK(warns(project, "no PROFIBUS address"));
}

TEST_CASE("NULs, stray quotes and garbage between records lose nothing else", "[step7]") {
  const std::string nul("\0\0\0\n", 4);
  const auto project = parsed(station(nul + "\"\n\xFF\xFE\x01\n" + std::string(kCpu)));
  CHECK(project.assets[0].name == "CPU 412-2 DP");
}

}  // namespace ot::parsers
