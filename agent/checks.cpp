#include "agent/checks.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ot::agent {

std::function<std::string(const std::string&)> one_of(std::vector<std::string> words) {
  return [words = std::move(words)](const std::string& text) {
    if (std::find(words.begin(), words.end(), text) != words.end()) {
      return std::string();
    }
    return fmt::format("\"{}\" is none of {}", text, fmt::join(words, ", "));
  };
}

std::string positive(const std::string& text) {
  const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
  if (digits && text.find_first_not_of('0') != std::string::npos) {
    return {};
  }
  return fmt::format("\"{}\" is no whole number from 1 on", text);
}

}  // namespace ot::agent
