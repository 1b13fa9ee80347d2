#include "agent/config/config_text.hpp"

#include <sstream>

#include "agent/config/keys.hpp"
#include "agent/config/read.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"

namespace ot::agent::test {
namespace {

/// The initial configuration without the # before its keys and tables: only of
/// these tables, or of all.
std::string uncommented(bool all) {
  std::istringstream lines(initial_config());
  std::string text;
  bool with_defaults = true;
  for (std::string line; std::getline(lines, line);) {
    const bool is_commented = line.size() > 1 && line[0] == '#' && line[1] != ' ';
    if (line.starts_with("#[") || line.starts_with('[')) {
      with_defaults = line[0] == '[';
    }
    text += is_commented && (all || with_defaults) ? line.substr(1) : line;
    text += '\n';
  }
  return text;
}

/// What the manual says of a table.
std::string section_of(const std::string& manual, std::string_view table) {
  std::string head = ".Sh THE TOP OF THE FILE\n";
  for (const auto& known : all_tables()) {
    if (known.name == table && !table.empty()) {
      head = ".Sh " + bracketed(known) + "\n";
    }
  }
  const auto begin = manual.find(head);
  REQUIRE(begin != std::string::npos);
  return manual.substr(begin, manual.find("\n.Sh ", begin + 1) - begin);
}

/// In a line that begins an item: ".It Ic site , area Pq text".
bool names_key(const std::string& section, std::string_view key) {
  std::istringstream lines(section);
  for (std::string line; std::getline(lines, line);) {
    const bool is_item = line.starts_with(".It Ic ");
    if (is_item && (line + " ").find(" " + std::string(key) + " ") != std::string::npos) {
      return true;
    }
  }
  return false;
}

ReadConfig read_whole(const std::string& text) {
  auto read = read_config(text, "rackscout.toml");
  for (const auto& finding : read.findings) {
    UNSCOPED_INFO(text_of(finding));
  }
  return read;
}

}  // namespace

TEST_CASE("the initial configuration has no mistake and means the defaults", "[config]") {
  const auto read = read_whole(initial_config());
  REQUIRE(read.config.has_value());
  CHECK(*read.config == Config{});
}

TEST_CASE("every default that the initial configuration shows is the default", "[config]") {
  const auto read = read_whole(uncommented(false));
  REQUIRE(read.config.has_value());
  CHECK(*read.config == Config{});
}

TEST_CASE("every example of the initial configuration is free of mistakes", "[config]") {
  const auto read = read_whole(uncommented(true));
  REQUIRE(read.config.has_value());
  CHECK(read.config->folders.size() == 1);
  CHECK(read.config->groups.size() == 1);
  CHECK(read.config->api.jwt.has_value());
  for (const auto& key : all_keys()) {
    INFO(key.table << "." << key.name);
    const auto table = key.table == "folder" || key.table == "probe"
                           ? std::string(key.table) + "[0]"
                           : std::string(key.table);
    CHECK(read.places.count((table.empty() ? "" : table + ".") + std::string(key.name)) == 1);
  }
}

TEST_CASE("every key is read: one of a wrong kind is found", "[config]") {
  for (const auto& key : all_keys()) {
    const auto repeats = key.table == "folder" || key.table == "probe";
    const auto table = std::string(key.table);
    const auto head = table.empty() ? "" : repeats ? "[[" + table + "]]\n" : "[" + table + "]\n";
    const auto read = read_config(head + std::string(key.name) + " = 1979-05-27\n", "x");
    INFO(table << "." << key.name);
    CHECK(std::any_of(read.findings.begin(), read.findings.end(), [&key](const auto& finding) {
      return finding.key.ends_with(key.name) &&
             finding.message.find("not a date") != std::string::npos;
    }));
  }
}

TEST_CASE("what `config show` prints means the same", "[config]") {
  const auto text =
      tests::content_of(RACKSCOUT_TESTS_DIR "/agent/config/cases/every_key/rackscout.toml");
  const auto first = read_whole(text);
  REQUIRE(first.config.has_value());
  const auto again = read_whole(config_text(*first.config));
  REQUIRE(again.config.has_value());
  CHECK(*again.config == *first.config);
}

TEST_CASE("texts are quoted as TOML wants it", "[config]") {
  CHECK(toml_value(Json("a\"b\\c")) == R"("a\"b\\c")");
  CHECK(toml_value(Json("a\tb\x7F")) == "\"a\\u0009b\\u007F\"");
  CHECK(toml_value(Json("Köln")) == "\"Köln\"");
  CHECK(toml_value(Json::array({"a", "b"})) == R"(["a", "b"])");
}

TEST_CASE("every key is in its section of the manual", "[config]") {
  const auto manual = tests::content_of(RACKSCOUT_TESTS_DIR "/../docs/rackscout.toml.5");
  for (const auto& key : all_keys()) {
    const auto section = section_of(manual, key.table);
    INFO(key.table << "." << key.name);
    CHECK(names_key(section, key.name));
  }
}

}  // namespace ot::agent::test
