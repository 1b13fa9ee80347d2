#include <CLI/CLI.hpp>

#include "agent/commands.hpp"
#include "agent/output.hpp"
#include "agent/table.hpp"
#include "agent/terminal.hpp"
#include "parsers/parser.hpp"

namespace ot::agent {
namespace {

std::string suffixes_of(const parsers::Parser& parser) {
  std::string text;
  for (const auto suffix : parser.suffixes) {
    text += text.empty() ? "" : " ";
    text += suffix;
  }
  return text;
}

Result<void> list_parsers() {
  const auto terminal = stdout_terminal();
  Output output;
  Table table({{.title = "NAME"}, {.title = "SUFFIXES"}, {.title = "READS"}},
              {.width = {}, .colour = terminal.colour},
              [&output](std::string_view text) { output.write(text); });
  for (const auto* parser : parsers::all()) {
    table.add({{std::string(parser->name), suffixes_of(*parser), std::string(parser->reads)}});
  }
  table.finish();
  return output.finish();
}

}  // namespace

void add_list_parsers(CLI::App& app, int& exit_code) {
  auto* command = add_command(app, "list-parsers", "List the kinds of project files that are read");
  command->footer("Example:\n  rackscout list-parsers");
  command->callback([&exit_code] { exit_code = ended(list_parsers()); });
}

}  // namespace ot::agent
