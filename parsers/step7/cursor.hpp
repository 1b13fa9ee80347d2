#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace ot::parsers::step7 {

constexpr bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// What stands between two quotes, still with its doubled quotes and in the
/// file's code page.
using Quoted = std::string_view;

/// The text of a quoted string: quotes undoubled, as UTF-8, cut to what a name may need.
std::string text_of(Quoted quoted, CodePage page);

/// Reads the tokens of one line: IDENT, NUMBER, STRING and punctuation.
class Cursor {
 public:
  /// In the lenient reading a backslash before a quote escapes it; by the rule
  /// it is an ordinary character and quotes inside a string are doubled.
  explicit Cursor(std::string_view line, bool backslash_escapes = false)
      : at_(line.data()), end_(line.data() + line.size()), backslash_escapes_(backslash_escapes) {}

  bool at_end() {
    skip_blanks();
    return at_ == end_;
  }
  /// Whether `c` is the next that is no blank.
  bool is_before(char c) { return !at_end() && *at_ == c; }

  /// [A-Za-z_][A-Za-z0-9_]*, or empty.
  std::string_view identifier();
  /// Takes that very word, which is not empty, if it ends there.
  bool word(std::string_view expected);
  /// [+-]?[0-9]+ of at most nine digits.
  std::optional<std::int64_t> number();
  std::optional<Quoted> string();
  bool comma() {
    const bool there = is_before(',');
    at_ += there ? 1 : 0;
    return there;
  }

 private:
  void skip_blanks() {
    while (at_ != end_ && is_blank(*at_)) {
      ++at_;
    }
  }

  const char* at_;
  const char* end_;
  bool backslash_escapes_;
};

/// Whether every quote of the line that no backslash escapes has its partner.
bool unescaped_quotes_balance(std::string_view line);

}  // namespace ot::parsers::step7
