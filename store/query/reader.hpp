#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::store::query {

bool is_blank(char c);

/// Goes through a filter, one character or word at a time.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::size_t at() const { return at_; }
  void go_to(std::size_t at) { at_ = at; }
  bool at_end() const { return at_ == text_.size(); }
  /// The next character; 0 at the end.
  char next() const { return at_end() ? '\0' : text_[at_]; }
  std::string_view between(std::size_t from, std::size_t to) const {
    return text_.substr(from, to - from);
  }

  /// Behind blanks: whether something is left.
  bool skip_blanks();
  bool take(std::string_view expected);

  /// The name of a token that begins here, or nothing: a letter, then letters,
  /// digits, '_' and '.'. It is not taken.
  std::string_view name() const;

  /// The word `and`, `or`, `not`, `is` or `null` that begins here: what follows
  /// it is no part of a longer word.
  bool at_word(std::string_view word) const;
  bool at_keyword() const;
  bool take_word(std::string_view word);

  /// Whether a term begins here: a name and what compares it.
  bool at_term() const;

  /// "\"Sieme...\"" or "the end": what stands here, for a message.
  std::string seen() const;

  Error error(std::string message) const { return error(std::move(message), at_); }
  static Error error(std::string message, std::size_t at) {
    return Error(Errc::wrong_use, std::move(message)).at(Position::offset(at));
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace ot::store::query
