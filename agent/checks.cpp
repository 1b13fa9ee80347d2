#include "agent/checks.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/number.hpp"

namespace ot::agent {
namespace {

// A check's name is all that CLI11 keeps of it, and shows nowhere.
constexpr std::string_view kAll = "all:";
constexpr std::string_view kSome = "some:";

std::string name_of(std::string_view kind, const std::vector<std::string>& words) {
  return fmt::format("{}{}", kind, fmt::join(words, ","));
}

}  // namespace

CLI::Validator one_of(const std::vector<std::string>& words) {
  const auto check = [words](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) {
      return std::string();
    }
    return fmt::format("\"{}\" is none of {}", text, fmt::join(words, ", "));
  };
  return CLI::Validator(check, "", name_of(kAll, words));
}

CLI::Validator such_as(const std::vector<std::string>& words) {
  const auto check = [](const std::string&) { return std::string(); };
  return CLI::Validator(check, "", name_of(kSome, words));
}

Words words_of(const CLI::Validator& check) {
  const auto& name = check.get_name();
  const bool are_all = name.starts_with(kAll);
  if (!are_all && !name.starts_with(kSome)) {
    return {};
  }
  return {CLI::detail::split(name.substr(name.find(':') + 1), ','), are_all};
}

std::function<std::string(const std::string&)> number_between(std::uint64_t least,
                                                              std::uint64_t most) {
  return [least, most](const std::string& text) {
    const auto number = whole_number<std::uint64_t>(text);
    if (number && *number >= least && *number <= most) {
      return std::string();
    }
    return fmt::format("\"{}\" is no whole number from {} to {}", text, least, most);
  };
}

}  // namespace ot::agent
