#include "agent/manual/whole_manual.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "agent/config/keys.hpp"
#include "agent/manual/command_page.hpp"
#include "agent/manual/mdoc.hpp"
#include "agent/manual/option_text.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::agent::manual::test {
namespace {

constexpr const char* kProse = RACKSCOUT_TESTS_DIR "/../docs/manual";
const Edition kEdition = {"0.1.0", "2026-11-02"};

/// By their paths.
std::map<std::string, std::string> made_from(const std::string& prose) {
  auto made = whole_manual(prose, kEdition);
  if (!made) {
    FAIL(made.error().text());
  }
  std::map<std::string, std::string> files;
  for (auto& file : *made) {
    files[file.path] = std::move(file.text);
  }
  return files;
}

const std::string& file(const std::string& path) {
  static const auto files = made_from(kProse);
  const auto found = files.find(path);
  if (found == files.end()) {
    FAIL("there is no " << path);
  }
  return found->second;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// From a heading to the next one.
std::string part_of(const std::string& page, const std::string& heading) {
  const auto begin = page.find(heading + "\n");
  if (begin == std::string::npos) {
    FAIL("no " << heading);
  }
  const auto end = std::min(page.find("\n.Sh ", begin), page.find("\n.Ss ", begin));
  return page.substr(begin, end - begin);
}

/// Where a command's own options stand.
std::string options_part(const Command& top, const Command& command) {
  const auto& page = file("manual/" + page_name(top) + ".1");
  return part_of(page, &top == &command ? ".Sh OPTIONS" : ".Ss " + argument(command.path));
}

bool has_entry(const std::string& part, const std::string& usage) {
  return has(part, ".It " + usage + "\n") || has(part, " , " + usage + "\n");
}

/// What docs/manual would say with this in place of what it says.
std::string error_with(const std::string& name, const std::string& text) {
  const tests::TemporaryFolder folder;
  std::ofstream(folder.path() / name) << text;
  const auto made = whole_manual(folder.path().string(), kEdition);
  return made ? std::string() : made.error().text();
}

}  // namespace

TEST_CASE("every command has a page, and every option an entry in it", "[manual]") {
  const auto program = whole_program();
  REQUIRE(program.commands.size() >= 18);
  for (const auto& top : program.commands) {
    CHECK(has(file("manual/rackscout.1"), ".It Xr " + page_name(top) + " 1\n"));
    CHECK(has(file("manual/" + page_name(top) + ".1"), ".Sh DESCRIPTION\n"));
    for (const auto* command : all_commands(top)) {
      const auto part = options_part(top, *command);
      for (const auto& option : command->options) {
        INFO(command->path << " --" << option.name);
        CHECK((has_entry(part, usage_of(option)) || (is_everywhere(option) && command != &top)));
      }
      for (const auto& argument : command->arguments) {
        INFO(command->path << " " << argument.name);
        CHECK(has_entry(part, usage_of_argument(argument)));
      }
    }
  }
}

TEST_CASE("every command and option is in every completion", "[manual]") {
  const auto program = whole_program();
  const auto& bash = file("completions/rackscout.bash");
  for (const auto* command : all_commands(program)) {
    const auto begin = bash.find(fmt::format("    '{}')\n", command->path));
    REQUIRE(begin != std::string::npos);
    const auto offered = bash.substr(begin, bash.find(";;", begin) - begin);
    for (const auto& option : command->options) {
      INFO(command->path << " --" << option.name);
      CHECK(has(offered, "--" + option.name));
      CHECK(has(file("completions/_rackscout"), "--" + option.name));
      const auto fish =
          fmt::format("-n \"__rackscout_is '{}'\"{} -l {}", command->path,
                      option.letter.empty() ? "" : " -s " + option.letter, option.name);
      CHECK(has(file("completions/rackscout.fish"), fish));
    }
  }
}

TEST_CASE("what an option takes is known to pages and completions", "[manual]") {
  CHECK(has(file("manual/rackscout-list.1"), ".Op Fl \\-format Cm table | json | ndjson | csv\n"));
  CHECK(has(file("manual/rackscout-list.1"), ".Cm files | assets\n"));
  CHECK(has(file("completions/rackscout.bash"),
            "'list --format') kind='words' words='table json ndjson csv' ;;"));
  CHECK(has(file("completions/rackscout.bash"),
            "'probe --protocol') kind='list' words='fins enip modbus' ;;"));
  CHECK(has(file("completions/rackscout.bash"), "'survey --projects') kind='folder' ;;"));
  CHECK(has(file("completions/_rackscout"), "--format=[table, json, ndjson or csv]:FORMAT:(table"));
}

TEST_CASE("every key is in its section, with its kind and its default", "[manual]") {
  const auto& page = file("manual/rackscout.toml.5");
  for (const auto& table : all_tables()) {
    const auto part =
        part_of(page, ".Sh " + (table.name.empty() ? "THE TOP OF THE FILE" : bracketed(table)));
    for (const auto& key : all_keys()) {
      INFO(table.name << "." << key.name);
      CHECK((key.table != table.name || has(part, fmt::format(".It Ic {} Pq ", key.name))));
    }
  }
  CHECK(has(page, ".It Ic gap Pq duration\n"));
  CHECK(has(page, "Default:\n.Li 100ms .\n"));
  CHECK(has(page, ".It Ic exclude_files Pq list of paths\n"));
  CHECK(has(page, ".It Ic password_file Pq secret\n"));
  CHECK(has(page, "For\n.Cm hub\nand\n.Cm csam :\n"));
}

TEST_CASE("a page names only pages that are there", "[manual]") {
  const auto files = made_from(kProse);
  for (const auto& [path, text] : files) {
    std::istringstream words(text);
    for (std::string word; words >> word;) {
      std::string name;
      std::string section;
      if ((word == ".Xr" || word == "Xr") && words >> name >> section &&
          name.starts_with("rackscout")) {
        INFO(path << " names " << name);
        CHECK(files.contains("manual/" + name + "." + section));
      }
    }
  }
}

TEST_CASE("the manual depends on nothing but what it is made from", "[manual]") {
  CHECK(made_from(kProse) == made_from(kProse));
  CHECK(has(file("manual/rackscout.1"),
            ".Dd November 2, 2026\n.Dt RACKSCOUT 1\n.Os rackscout 0.1.0\n"));
}

TEST_CASE("words on what is not there end the build", "[manual]") {
  CHECK(has(error_with("probe.mdoc", ".Sh OPTIONS\n.It Fl -sight\nFar.\n"),
            "probe.mdoc:2: \".It Fl -sight\" belongs to nothing"));
  CHECK(has(error_with("bundle.mdoc", ".Sh bundle burn\nIt burns.\n"),
            "bundle.mdoc:1: \".Sh bundle burn\" belongs to nothing"));
  CHECK(has(error_with("options.mdoc", ".Sh OPTIONS\n.It Fl -sight\nFar.\n"),
            "options.mdoc:2: \".It Fl -sight\" belongs to nothing"));
  CHECK(has(error_with("rackscout.toml.mdoc", ".Sh [api]\n.It Ic prot\nA port.\n"),
            "rackscout.toml.mdoc:2: \".It Ic prot\" belongs to nothing"));
  CHECK(has(error_with("proob.mdoc", ".Sh DESCRIPTION\nA probe.\n"),
            "proob.mdoc: no command has this name"));
}

}  // namespace ot::agent::manual::test
