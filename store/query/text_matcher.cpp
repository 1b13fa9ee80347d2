#include "store/query/text_matcher.hpp"

#include <algorithm>

#include "store/query/words.hpp"

namespace ot::store::query {
namespace {

/// " one two ": a phrase is in a text exactly if its words so written are in the text's.
void write_spaced_words(std::string_view folded, std::string& out) {
  out = " ";
  for (const std::string_view word : words_of(folded)) {
    out += word;
    out += ' ';
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

}  // namespace

TextMatcher::TextMatcher(const AnyText& texts, Type type)
    : order_number_(type == Type::order_number) {
  for (const Text& text : texts) {
    std::string folded = fold(text.value);
    switch (text.form) {
      case Text::Form::phrase: write_spaced_words(folded, phrases_.emplace_back()); break;
      case Text::Form::exact: whole_.push_back(std::move(folded)); break;
      case Text::Form::prefix: starts_.push_back(std::move(folded)); break;
    }
  }
}

/// Most texts are ASCII, and a list has many: those in one go, to the same end.
void TextMatcher::read(std::string_view text) {
  if (!is_ascii(text)) {
    folded_ = fold(order_number_ ? without_blanks(text) : std::string(text));
    write_spaced_words(folded_, words_);
    return;
  }
  // Neither is longer than the text, but for the blanks around the words.
  folded_.resize(text.size());
  words_.resize(text.size() + 2);
  char* folded = folded_.data();
  char* word = words_.data();
  *word++ = ' ';
  for (const char c : text) {
    if (order_number_ && is_blank(c)) {
      continue;
    }
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool in_word = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    *folded++ = small;
    if (in_word || word[-1] != ' ') {
      *word++ = in_word ? small : ' ';
    }
  }
  if (word[-1] != ' ') {
    *word++ = ' ';
  }
  folded_.resize(static_cast<std::size_t>(folded - folded_.data()));
  words_.resize(static_cast<std::size_t>(word - words_.data()));
}

bool TextMatcher::matches(std::string_view text) {
  read(text);
  const auto is_it = [this](const std::string& whole) { return folded_ == whole; };
  const auto begins = [this](const std::string& start) { return folded_.starts_with(start); };
  const auto has = [this](const std::string& phrase) { return words_.find(phrase) != words_.npos; };
  return std::any_of(whole_.begin(), whole_.end(), is_it) ||
         std::any_of(starts_.begin(), starts_.end(), begins) ||
         std::any_of(phrases_.begin(), phrases_.end(), has);
}

}  // namespace ot::store::query
