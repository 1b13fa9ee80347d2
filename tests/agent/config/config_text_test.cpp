#include "agent/config/config_text.hpp"

#include <algorithm>
#include <set>
#include <sstream>

#include "agent/config/keys.hpp"
#include "agent/config/read.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"

namespace ot::agent::test {
namespace {

/// Of the keys that are shown, these are for another sink than the others make.
const std::set<std::string> kOfAnotherSink = {"user", "password_file", "folder", "folder_size"};

bool is_of_another_sink(const KeyInfo& key) {
  return key.table == "sink" && kOfAnotherSink.count(std::string(key.name)) == 1;
}

/// "user" of "#user = 5"
std::string key_in(const std::string& line) {
  return line.substr(1, line.find(' ') - 1);
}

/// The table's name where it stands first: "hub.sensor[0]".
std::string first_of(std::string_view name) {
  const auto tables = all_tables();
  const auto found = std::find_if(tables.begin(), tables.end(),
                                  [name](const TableInfo& table) { return table.name == name; });
  return std::string(name) + (found->repeats ? "[0]" : "");
}

/// "[[sink]]"; empty for the top of the file.
std::string head_of(std::string_view name) {
  for (const auto& table : all_tables()) {
    if (table.name == name && !name.empty()) {
      return bracketed(table);
    }
  }
  return {};
}

/// The initial configuration without the # before its keys and tables: only of
/// these tables, or of all.
std::string uncommented(bool all) {
  std::istringstream lines(initial_config());
  std::string text;
  bool with_defaults = true;
  for (std::string line; std::getline(lines, line);) {
    const bool is_commented = line.size() > 1 && line[0] == '#' && line[1] != ' ' &&
                              kOfAnotherSink.count(key_in(line)) == 0;
    if (line.starts_with("#[") || line.starts_with('[')) {
      with_defaults = line[0] == '[';
    }
    text += is_commented && (all || with_defaults) ? line.substr(1) : line;
    text += '\n';
  }
  return text;
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
  CHECK(read.config->hub.sensors.size() == 1);
  REQUIRE(read.config->sinks.size() == 1);
  CHECK(read.config->sinks[0].business_apps.size() == 1);
  for (const auto& key : all_keys()) {
    INFO(key.table << "." << key.name);
    const auto table = first_of(key.table);
    CHECK(is_of_another_sink(key) !=
          read.places.contains((table.empty() ? "" : table + ".") + std::string(key.name)));
  }
}

TEST_CASE("the examples of other sinks are free of mistakes, too", "[config]") {
  std::string text = "[[sink]]\nname = \"a\"\nkind = \"hub\"\nurl = \"https://hub.example\"\n";
  for (const auto* name : {"user", "password_file"}) {
    text += std::string(name) + " = " + std::string(find_key("sink", name)->example) + "\n";
  }
  text += "[[sink]]\nname = \"b\"\nkind = \"file\"\n";
  for (const auto* name : {"folder", "folder_size"}) {
    text += std::string(name) + " = " + std::string(find_key("sink", name)->example) + "\n";
  }
  CHECK(read_whole(text).config.has_value());
}

TEST_CASE("every key is read: one of a wrong kind is found", "[config]") {
  for (const auto& key : all_keys()) {
    const auto text = head_of(key.table) + "\n" + std::string(key.name) + " = 1979-05-27\n";
    const auto read = read_config(text, "x");
    INFO(key.table << "." << key.name);
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

}  // namespace ot::agent::test
