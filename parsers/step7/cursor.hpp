#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace ot::parsers::step7 {

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
      : rest_(line), backslash_escapes_(backslash_escapes) {}

  bool at_end();
  std::string_view rest() const { return rest_; }

  /// [A-Za-z_][A-Za-z0-9_]*, or empty.
  std::string_view identifier();
  /// [+-]?[0-9]+ of at most nine digits.
  std::optional<std::int64_t> number();
  std::optional<Quoted> string();
  bool comma();

 private:
  void skip_blanks();

  std::string_view rest_;
  bool backslash_escapes_;
};

/// Whether every quote of the line has its partner; if not, the line's string
/// is written with escaped quotes, or goes on in the next line.
bool quotes_balance(std::string_view line, bool backslash_escapes = false);

}  // namespace ot::parsers::step7
