#include <fmt/format.h>

#include "agent/manual/completions.hpp"

namespace ot::agent::manual {
namespace {

constexpr std::string_view kHead =
    R"(# bash completion for rackscout: made by rackscout-manual from the program's own commands.
# The functions hand on what they find in commands, options, kind and words of _rackscout.
# shellcheck shell=bash disable=SC2034
)";

constexpr std::string_view kTail = R"(
# What goes in the place of $1.
_rackscout_offer() {
  local before=''
  case $kind in
    words) mapfile -t COMPREPLY < <(compgen -W "$words" -- "$1") ;;
    list)
      [[ $1 != *,* ]] || before=${1%,*},
      mapfile -t COMPREPLY < <(compgen -P "$before" -W "$words" -- "${1##*,}")
      ;;
    file) compopt -o default ;;
    folder) compopt -o dirnames ;;
    device) [[ $1 != /* ]] || compopt -o default ;;
  esac
}

_rackscout() {
  local cur=${COMP_WORDS[COMP_CWORD]} command='' option='' word commands options kind words
  local -i i count=0
  COMPREPLY=()
  _rackscout_command ''
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      [[ $word == '=' ]] || option=''  # readline parts --format=json at the =
    elif [[ $word == -* ]]; then
      if _rackscout_value "$command" "$word"; then option=$word; fi
    elif ((count == 0)) && [[ " $commands " == *" $word "* ]]; then
      command=${command:+$command }$word
      _rackscout_command "$command"
    else
      count+=1
    fi
  done
  if [[ -n $option ]]; then
    _rackscout_value "$command" "$option"
    _rackscout_offer "${cur#=}"
  elif [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  elif [[ -n $commands ]] && ((count == 0)); then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur")
  elif _rackscout_argument "$command" "$count"; then
    _rackscout_offer "$cur"
  elif [[ -z $cur ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  fi
}

complete -F _rackscout rackscout
)";

/// "text json"
std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

std::string kind_of(const Option& option) {
  switch (option.value) {
    case Value::none:
    case Value::text: return "kind='text'";
    case Value::words:
    case Value::some: return fmt::format("kind='words' words='{}'", joined(option.words));
    case Value::list: return fmt::format("kind='list' words='{}'", joined(option.words));
    case Value::file: return "kind='file'";
    case Value::folder: return "kind='folder'";
    case Value::device: return "kind='device'";
  }
  return {};
}

std::string command_case(const Command& command) {
  std::vector<std::string> names;
  std::vector<std::string> options;
  for (const auto& inner : command.commands) {
    names.push_back(inner.name);
  }
  for (const auto& option : command.options) {
    options.push_back("--" + option.name);
  }
  return fmt::format("    '{}')\n      commands='{}'\n      options='{}'\n      ;;\n", command.path,
                     joined(names), joined(options));
}

std::string value_cases(const Command& command) {
  std::string text;
  for (const auto& option : command.options) {
    if (option.value != Value::none) {
      text += fmt::format("    '{} --{}') {} ;;\n", command.path, option.name, kind_of(option));
    }
  }
  return text;
}

/// By how many stand before it; what repeats takes all further ones.
std::string argument_cases(const Command& command) {
  std::string text;
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const auto& argument = command.arguments[i];
    const auto count = argument.repeats ? fmt::format("'{} '*", command.path)
                                        : fmt::format("'{} {}'", command.path, i);
    text += fmt::format("    {}) {} ;;\n", count, kind_of(argument));
  }
  return text;
}

std::string function(std::string_view remark, std::string_view head, std::string_view cases) {
  return fmt::format("\n# {}\n{}{}    *) return 1 ;;\n  esac\n}}\n", remark, head, cases);
}

}  // namespace

std::string bash_completion(const Command& program) {
  std::string commands;
  std::string values;
  std::string arguments;
  for (const auto* command : all_commands(program)) {
    commands += command_case(*command);
    values += value_cases(*command);
    arguments += argument_cases(*command);
  }
  std::string text(kHead);
  text += function("What stands behind the command $1: commands of its own, and options.",
                   "_rackscout_command() {\n  commands='' options=''\n  case $1 in\n", commands);
  text += function("What the value of the option $2 of the command $1 is; a flag has none.",
                   "_rackscout_value() {\n  kind='text' words=''\n  case \"$1 $2\" in\n", values);
  text +=
      function("What an argument of the command $1 is that has $2 before it.",
               "_rackscout_argument() {\n  kind='text' words=''\n  case \"$1 $2\" in\n", arguments);
  return text.append(kTail);
}

}  // namespace ot::agent::manual
