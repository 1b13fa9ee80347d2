#include <fmt/format.h>

#include "agent/manual/completions.hpp"

namespace ot::agent::manual {
namespace {

constexpr std::string_view kHead = R"(#compdef rackscout
# zsh completion for rackscout: made by rackscout-manual from the program's own commands.

# An address is typed; a serial device is a file.
_rackscout_target() {
  if [[ $PREFIX == /* ]]; then
    _files
  else
    _message 'address, range, host name or serial device'
  fi
}
)";

constexpr std::string_view kTail = R"(
if [ "$funcstack[1]" = "_rackscout" ]; then
  _rackscout "$@"
else
  compdef _rackscout rackscout
fi
)";

/// Within single quotes, as a part of what _arguments or _describe takes: signs of theirs are
/// escaped.
std::string quoted(std::string_view plain, std::string_view signs) {
  std::string text;
  for (const char c : plain) {
    if (c == '\'') {
      text += "'\\''";
      continue;
    }
    if (signs.find(c) != signs.npos || c == '\\') {
      text += '\\';
    }
    text += c;
  }
  return text;
}

std::string action_of(const Option& option) {
  switch (option.value) {
    case Value::words:
    case Value::some: return fmt::format("({})", fmt::join(option.words, " "));
    case Value::list: return fmt::format("_sequence compadd - {}", fmt::join(option.words, " "));
    case Value::file: return "_files";
    case Value::folder: return "_path_files -/";
    case Value::device: return "_rackscout_target";
    case Value::none:
    case Value::text: break;
  }
  return " ";
}

/// ":FILE:_files"
std::string value_of(const Option& option) {
  return option.value == Value::none
             ? std::string()
             : fmt::format(":{}:{}", quoted(option.placeholder, ":"), action_of(option));
}

std::string option_spec(const Option& option) {
  const auto about = quoted(option.about, "[]:");
  const auto value = value_of(option);
  if (!option.letter.empty()) {
    return fmt::format("    '(-{0} --{1})'{{-{0},--{1}}}'[{2}]{3}' \\\n", option.letter,
                       option.name, about, value);
  }
  std::string excludes;
  for (const auto& other : option.excludes) {
    excludes += fmt::format("{}--{}", excludes.empty() ? "" : " ", other);
  }
  return fmt::format("    '{}{}--{}{}[{}]{}' \\\n", option.repeats ? "*" : "",
                     excludes.empty() ? "" : fmt::format("({})", excludes), option.name,
                     value.empty() ? "" : "=", about, value);
}

std::string argument_spec(const Option& argument) {
  const auto colons = argument.repeats ? "*:" : argument.is_required ? ":" : "::";
  return fmt::format("    '{}{}:{}' \\\n", colons, quoted(argument.placeholder, ":"),
                     action_of(argument));
}

/// "_rackscout_bundle_show"
std::string function_of(const Command& command) {
  std::string name = command.path.empty() ? "_rackscout" : "_rackscout_" + command.path;
  for (auto& c : name) {
    c = c == ' ' || c == '-' ? '_' : c;
  }
  return name;
}

/// Its own commands, and the function of the one that is typed.
std::string inner_commands(const Command& command) {
  std::string names;
  std::string cases;
  for (const auto& inner : command.commands) {
    names += fmt::format("        '{}:{}'\n", inner.name, quoted(inner.about, ":"));
    cases += fmt::format("        {}) {} && ret=0 ;;\n", inner.name, function_of(inner));
  }
  return fmt::format(
      "  case $state in\n    command)\n      local -a commands=(\n{}      )\n"
      "      _describe -t commands command commands && ret=0\n      ;;\n"
      "    rest)\n      curcontext=${{curcontext%:*}}-$line[1]:\n      case $line[1] in\n{}"
      "      esac\n      ;;\n  esac\n",
      names, cases);
}

std::string function_text(const Command& command) {
  std::string specs;
  for (const auto& option : command.options) {
    specs += option_spec(option);
  }
  for (const auto& argument : command.arguments) {
    specs += argument_spec(argument);
  }
  if (command.commands.empty()) {
    specs.resize(specs.size() - std::string_view(" \\\n").size());
    return fmt::format("\n{}() {{\n  _arguments -S \\\n{}\n}}\n", function_of(command), specs);
  }
  return fmt::format(
      "\n{}() {{\n  local curcontext=$curcontext state line ret=1\n  local -A opt_args\n"
      "  _arguments -C -S \\\n{}    '1:command:->command' \\\n    '*::argument:->rest' && ret=0\n"
      "{}  return ret\n}}\n",
      function_of(command), specs, inner_commands(command));
}

}  // namespace

std::string zsh_completion(const Command& program) {
  std::string text(kHead);
  for (const auto* command : all_commands(program)) {
    text += function_text(*command);
  }
  return text.append(kTail);
}

}  // namespace ot::agent::manual
