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

bool is_word_letter(char c) {
  return kWordLetter[static_cast<unsigned char>(c)];
}

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

std::string_view Cursor::identifier() {
  skip_blanks();
  const char* const begin = at_;
  if (at_ != end_ && is_digit(*at_)) {
    return {};
  }
  while (at_ != end_ && is_word_letter(*at_)) {
    ++at_;
  }
  return {begin, static_cast<std::size_t>(at_ - begin)};
}

std::optional<std::int64_t> Cursor::number() {
  constexpr std::ptrdiff_t kMostDigits = 9;
  skip_blanks();
  const bool has_sign = at_ != end_ && (*at_ == '-' || *at_ == '+');
  const bool negative = has_sign && *at_ == '-';
  const char* const first = at_ + (has_sign ? 1 : 0);
  const char* digit = first;
  std::uint64_t value = 0;  // of too many digits it is nonsense, and is not used
  for (; digit != end_ && is_digit(*digit); ++digit) {
    value = value * 10 + static_cast<unsigned char>(*digit - '0');
  }
  if (digit == first || digit - first > kMostDigits) {
    return std::nullopt;
  }
  at_ = digit;
  const auto magnitude = static_cast<std::int64_t>(value);
  return negative ? -magnitude : magnitude;
}

bool Cursor::word(std::string_view expected) {
  skip_blanks();
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  if (rest.size() < expected.size() || rest[0] != expected[0] || !rest.starts_with(expected) ||
      (rest.size() > expected.size() && is_word_letter(rest[expected.size()]))) {
    return false;
  }
  at_ += expected.size();
  return true;
}

std::optional<Quoted> Cursor::string() {
  if (!is_before('"')) {
    return std::nullopt;
  }
  const std::string_view rest(at_ + 1, static_cast<std::size_t>(end_ - at_ - 1));
  for (auto at = rest.find('"'); at != std::string_view::npos; at = rest.find('"', at + 1)) {
    if (backslash_escapes_ && at > 0 && rest[at - 1] == '\\') {
      continue;
    }
    if (at + 1 < rest.size() && rest[at + 1] == '"') {
      ++at;
      continue;
    }
    at_ = rest.data() + at + 1;
    return rest.substr(0, at);
  }
  return std::nullopt;
}

bool unescaped_quotes_balance(std::string_view line) {
  bool even = true;
  for (auto at = line.find('"'); at != std::string_view::npos; at = line.find('"', at + 1)) {
    even ^= at == 0 || line[at - 1] != '\\';
  }
  return even;
}

}  // namespace ot::parsers::step7
