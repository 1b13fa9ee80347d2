#include "agent/manual/command_tree.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <CLI/CLI.hpp>

#include "agent/checks.hpp"
#include "agent/commands.hpp"

namespace ot::agent::manual {
namespace {

// The commands keep to these names for what is a path.
constexpr std::pair<std::string_view, Value> kPlaceholders[] = {
    {"FILE", Value::file},       {"FILE.rsb", Value::file}, {"KEY|FILE", Value::file},
    {"ASSET|FILE", Value::file}, {"PATH", Value::file},     {"FOLDER", Value::file},
    {"BEFORE", Value::file},     {"AFTER", Value::file},    {"KEY", Value::file},
    {"DIR", Value::folder},      {"TARGET", Value::device},
};

Value value_called(std::string_view placeholder) {
  const auto* found = std::find_if(std::begin(kPlaceholders), std::end(kPlaceholders),
                                   [=](const auto& each) { return each.first == placeholder; });
  return found == std::end(kPlaceholders) ? Value::text : found->second;
}

Words words_for(CLI::Option& option) {
  try {
    return words_of(*option.get_validator(0));
  } catch (const CLI::OptionNotFound&) {  // CLI11 counts no checks, and throws where there is none
    return {};
  }
}

Value value_of(const CLI::Option& option, const Words& words, std::string_view placeholder) {
  if (option.get_items_expected_max() == 0) {
    return Value::none;
  }
  if (words.words.empty()) {
    return value_called(placeholder);
  }
  const bool has_commas = option.get_delimiter() != '\0';
  return has_commas ? Value::list : words.are_all ? Value::words : Value::some;
}

Option described(CLI::Option& option) {
  Option out;
  const bool is_argument = option.get_positional();
  const auto& letters = option.get_snames();
  out.name = is_argument ? option.get_name(true) : option.get_lnames().front();
  out.letter = letters.empty() ? "" : letters.front();
  out.placeholder = is_argument ? out.name : option.get_type_name();
  out.about = option.get_description();
  auto words = words_for(option);
  out.value = value_of(option, words, out.placeholder);
  out.words = std::move(words.words);
  for (const auto* other : option.get_excludes()) {
    out.excludes.push_back(other->get_lnames().front());
  }
  std::sort(out.excludes.begin(), out.excludes.end());
  out.is_required = option.get_required();
  out.repeats = option.get_expected_max() > 1;
  return out;
}

Command described(CLI::App& app, const std::string& above, const std::string& footer_above) {
  Command out;
  out.name = app.get_name();
  out.path = above.empty() ? out.name : above + " " + out.name;
  out.about = app.get_description();
  out.footer = app.get_footer() == footer_above ? "" : app.get_footer();
  out.needs_command = app.get_require_subcommand_min() > 0;
  for (auto* option :
       app.get_options([](CLI::Option* each) { return !each->get_group().empty(); })) {
    (option->get_positional() ? out.arguments : out.options).push_back(described(*option));
  }
  const auto is_shown = [](CLI::App* each) { return !each->get_group().empty(); };
  for (auto* command : app.get_subcommands(is_shown)) {
    const bool is_program = app.get_parent() == nullptr;
    out.commands.push_back(described(*command, is_program ? "" : out.path, app.get_footer()));
  }
  return out;
}

}  // namespace

Command command_tree(CLI::App& app) {
  auto program = described(app, "", "");
  program.path.clear();
  return program;
}

Command whole_program() {
  int exit_code = 0;
  CLI::App app;
  add_all_commands(app, exit_code);
  return command_tree(app);
}

std::vector<const Command*> all_commands(const Command& program) {
  std::vector<const Command*> all = {&program};
  for (const auto& command : program.commands) {
    const auto below = all_commands(command);
    all.insert(all.end(), below.begin(), below.end());
  }
  return all;
}

}  // namespace ot::agent::manual
