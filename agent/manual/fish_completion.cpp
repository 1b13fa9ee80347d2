#include <fmt/format.h>

#include "agent/manual/completions.hpp"

namespace ot::agent::manual {
namespace {

constexpr std::string_view kHead =
    "# fish completion for rackscout: made by rackscout-manual from the program's own commands.\n";

constexpr std::string_view kFunctions = R"(
# The command that is typed, and how many arguments stand behind it.
function __rackscout_typed
    set -l tokens (commandline -opc)
    set -e tokens[1]
    set -l path
    set -l count 0
    set -l is_value 0
    for token in $tokens
        if test $is_value = 1
            set is_value 0
        else if string match -q -- '-*' $token
            contains -- "$path $token" $__rackscout_valued; and set is_value 1
        else if test $count = 0; and contains -- (string trim -- "$path $token") $__rackscout_commands
            set path (string trim -- "$path $token")
        else
            set count (math $count + 1)
        end
    end
    echo "$path"
    echo $count
end

# Whether the command $path is typed, with fewer than $most arguments where $most is given.
function __rackscout_is -a path most
    set -l typed (__rackscout_typed)
    test "$typed[1]" = "$path"; or return 1
    test -z "$most"; or test $typed[2] -lt $most
end

function __rackscout_devices
    string match -q -- '/*' (commandline -ct); and __fish_complete_path (commandline -ct)
end

complete -c rackscout -f
)";

/// Within single quotes.
std::string quoted(std::string_view plain) {
  std::string text;
  for (const char c : plain) {
    text += c == '\'' || c == '\\' ? "\\" : "";
    text += c;
  }
  return "'" + text + "'";
}

/// What is offered: options of `complete`.
std::string offer_of(const Option& option) {
  switch (option.value) {
    case Value::none: return {};
    case Value::text: return " -x";
    case Value::words:
    case Value::some: return fmt::format(" -x -a '{}'", fmt::join(option.words, " "));
    case Value::list:
      return fmt::format(" -x -a '(__fish_append , {})'", fmt::join(option.words, " "));
    case Value::file: return " -r -F";
    case Value::folder: return " -x -a '(__fish_complete_directories)'";
    case Value::device: return " -x -a '(__rackscout_devices)'";
  }
  return {};
}

std::string line(const Command& command, std::string_view most, std::string_view offers,
                 std::string_view about) {
  return fmt::format("complete -c rackscout -n \"__rackscout_is '{}'{}{}\"{} -d {}\n", command.path,
                     most.empty() ? "" : " ", most, offers, quoted(about));
}

std::string lines_of(const Command& command) {
  std::string text;
  for (const auto& inner : command.commands) {
    text += line(command, "1", fmt::format(" -a {}", inner.name), inner.about);
  }
  for (std::size_t i = 0; i < command.arguments.size(); ++i) {
    const auto& argument = command.arguments[i];
    const auto most = argument.repeats ? std::string() : fmt::format("{}", i + 1);
    if (argument.value == Value::file) {
      text += line(command, most, " -F", argument.about);
    } else if (argument.value != Value::text) {
      text += line(command, most, offer_of(argument), argument.about);
    }
  }
  for (const auto& option : command.options) {
    const auto letter = option.letter.empty() ? "" : fmt::format(" -s {}", option.letter);
    text += line(command, "", fmt::format("{} -l {}{}", letter, option.name, offer_of(option)),
                 option.about);
  }
  return text;
}

/// Lists for __rackscout_typed: which words are commands, and which options take a value.
std::string lists_of(const std::vector<const Command*>& commands) {
  std::string paths = "\nset -g __rackscout_commands";
  std::string valued = "set -g __rackscout_valued";
  for (const auto* command : commands) {
    paths += command->path.empty() ? "" : fmt::format(" \\\n    '{}'", command->path);
    for (const auto& option : command->options) {
      valued += option.value == Value::none
                    ? ""
                    : fmt::format(" \\\n    '{} --{}'", command->path, option.name);
    }
  }
  return paths + "\n" + valued + "\n";
}

}  // namespace

std::string fish_completion(const Command& program) {
  const auto commands = all_commands(program);
  auto text = fmt::format("{}{}{}", kHead, lists_of(commands), kFunctions);
  for (const auto* command : commands) {
    text += "\n";
    text += lines_of(*command);
  }
  return text;
}

}  // namespace ot::agent::manual
