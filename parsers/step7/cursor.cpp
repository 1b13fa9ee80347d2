#include "parsers/step7/cursor.hpp"

#include <array>

namespace ot::parsers::step7 {
namespace {

/// No name or comment of an export is longer; a hostile one is cut here.
constexpr std::size_t kLongestText = 1024;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

constexpr std::array<bool, 256> word_letters() {
  std::array<bool, 256> letters{};
  for (int c = 0; c < 256; ++c) {
    letters[static_cast<std::size_t>(c)] =
        (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  }
  return letters;
}
constexpr auto kWordLetter = word_letters();

}  // namespace

std::string text_of(Quoted quoted, CodePage page) {
  quoted = quoted.substr(0, kLongestText);
  if (quoted.empty()) {
    return {};
  }
  if (quoted.find('"') == Quoted::npos) {
    return to_utf8(quoted, page);
  }
  std::string plain;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    const bool pair = i + 1 < quoted.size() && quoted[i + 1] == '"';
    if (pair && (quoted[i] == '"' || quoted[i] == '\\')) {
      ++i;
    }
    plain += quoted[i];
  }
  return to_utf8(plain, page);
}

void Cursor::skip_blanks() {
  while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\t')) {
    rest_.remove_prefix(1);
  }
}

bool Cursor::at_end() {
  skip_blanks();
  return rest_.empty();
}

std::string_view Cursor::identifier() {
  skip_blanks();
  std::size_t length = 0;
  while (length < rest_.size() && kWordLetter[static_cast<unsigned char>(rest_[length])]) {
    ++length;
  }
  if (length > 0 && is_digit(rest_[0])) {
    return {};
  }
  const auto word = rest_.substr(0, length);
  rest_.remove_prefix(length);
  return word;
}

std::optional<std::int64_t> Cursor::number() {
  constexpr std::size_t kMostDigits = 9;
  skip_blanks();
  const bool negative = rest_.starts_with('-');
  std::size_t length = negative || rest_.starts_with('+') ? 1 : 0;
  const auto first = length;
  std::int64_t value = 0;
  while (length < rest_.size() && is_digit(rest_[length])) {
    value = value * 10 + (rest_[length] - '0');
    if (++length - first > kMostDigits) {
      return std::nullopt;
    }
  }
  if (length == first) {
    return std::nullopt;
  }
  rest_.remove_prefix(length);
  return negative ? -value : value;
}

std::optional<Quoted> Cursor::string() {
  skip_blanks();
  if (!rest_.starts_with('"')) {
    return std::nullopt;
  }
  for (auto at = rest_.find('"', 1); at != std::string_view::npos; at = rest_.find('"', at + 1)) {
    if (backslash_escapes_ && rest_[at - 1] == '\\') {
      continue;
    }
    if (at + 1 < rest_.size() && rest_[at + 1] == '"') {
      ++at;
      continue;
    }
    const auto inside = rest_.substr(1, at - 1);
    rest_.remove_prefix(at + 1);
    return inside;
  }
  return std::nullopt;
}

bool Cursor::comma() {
  skip_blanks();
  if (!rest_.starts_with(',')) {
    return false;
  }
  rest_.remove_prefix(1);
  return true;
}

bool quotes_balance(std::string_view line, bool backslash_escapes) {
  bool even = true;
  for (auto at = line.find('"'); at != std::string_view::npos; at = line.find('"', at + 1)) {
    if (!backslash_escapes || at == 0 || line[at - 1] != '\\') {
      even = !even;
    }
  }
  return even;
}

}  // namespace ot::parsers::step7
