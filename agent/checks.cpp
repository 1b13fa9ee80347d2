#include "agent/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/number.hpp"

namespace ot::agent {

std::function<std::string(const std::string&)> one_of(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) {
      return std::string();
    }
    return fmt::format("\"{}\" is none of {}", text, fmt::join(words, ", "));
  };
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
