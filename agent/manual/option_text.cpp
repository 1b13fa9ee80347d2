#include "agent/manual/option_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/manual/mdoc.hpp"

namespace ot::agent::manual {
namespace {

/// "text | json"
std::string choice(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) {
    text += text.empty() ? "" : " | ";
    text += argument(word);
  }
  return text;
}

/// "KEY|FILE" becomes "KEY | FILE".
std::string placeholder(const std::string& name) {
  const auto bar = name.find('|');
  return bar == name.npos ? argument(name)
                          : argument(name.substr(0, bar)) + " | " + argument(name.substr(bar + 1));
}

std::string value_of(const Option& option) {
  switch (option.value) {
    case Value::none: return {};
    case Value::words: return "Cm " + choice(option.words);
    default: return "Ar " + placeholder(option.placeholder);
  }
}

/// "text, json or csv"
std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += i == 0 ? "" : i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

/// "Of the summary: text or json" says "Of the summary" where the usage has the words.
std::string without_words(const Option& option) {
  std::string text = option.about;
  const auto words = listed(option.words);
  if (option.value == Value::words && text.ends_with(words)) {
    text.resize(text.size() - words.size());
    text.resize(text.find_last_not_of(": ") + 1);
  }
  return text;
}

}  // namespace

std::string usage_of(const Option& option) {
  const auto value = value_of(option);
  return fmt::format("Fl \\-{}{}{}", option.name, value.empty() ? "" : " ", value);
}

std::string usage_of_argument(const Option& argument) {
  return fmt::format("{}{}", value_of(argument), argument.repeats ? " ..." : "");
}

std::string about(const Option& option, std::string_view prose) {
  const auto more = without_words(option);
  auto text = sentence(more.empty() && prose.empty() ? option.about : more);
  text += prose;
  for (const auto& other : option.excludes) {
    text += fmt::format("Not with\n.Fl \\-{} .\n", other);
  }
  return text;
}

bool is_everywhere(const Option& option) {
  return option.name == "help" || option.name == "yes";
}

std::string entry_of(const Option& option) {
  return "Fl -" + option.name;
}

std::string entry_of_argument(const Option& argument) {
  return "Ar " + argument.name;
}

std::string synopsis_of(const Command& command) {
  std::string text = fmt::format(".Nm rackscout\n.Cm {}\n", argument(command.path));
  for (const auto& option : command.options) {
    if (!is_everywhere(option)) {
      text += fmt::format(".{}{}\n", option.is_required ? "" : "Op ", usage_of(option));
    }
  }
  for (const auto& each : command.arguments) {
    text += fmt::format(".{}{}\n", each.is_required ? "" : "Op ", usage_of_argument(each));
  }
  return text;
}

}  // namespace ot::agent::manual
