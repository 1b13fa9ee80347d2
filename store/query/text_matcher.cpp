#include "store/query/text_matcher.hpp"

#include <algorithm>

#include "store/query/words.hpp"

namespace ot::store::query {
namespace {

constexpr std::size_t kMostKnown = 2'000;
constexpr std::size_t kLongestKnown = 64;

/// " one two ": a phrase is in a text exactly if its words so written are in the text's.
std::string spaced_words(std::string_view folded) {
  std::string out = " ";
  for (const std::string_view word : words_of(folded)) {
    out += word;
    out += ' ';
  }
  return out;
}

}  // namespace

TextMatcher::TextMatcher(const AnyText& texts, Type type)
    : order_number_(type == Type::order_number) {
  for (const Text& text : texts) {
    std::string folded = fold(text.value);
    switch (text.form) {
      case Text::Form::phrase: phrases_.push_back(spaced_words(folded)); break;
      case Text::Form::exact: whole_.push_back(std::move(folded)); break;
      case Text::Form::prefix: starts_.push_back(std::move(folded)); break;
    }
  }
}

bool TextMatcher::matches(std::string_view text) {
  const auto known = known_.find(text);
  if (known != known_.end()) {
    return known->second;
  }
  const bool like = is_like(text);
  if (known_.size() < kMostKnown && text.size() <= kLongestKnown) {
    known_.emplace(text, like);
  }
  return like;
}

bool TextMatcher::is_like(std::string_view text) const {
  const std::string folded = fold(order_number_ ? without_blanks(text) : std::string(text));
  if (std::find(whole_.begin(), whole_.end(), folded) != whole_.end()) {
    return true;
  }
  const auto begins = [&folded](const std::string& start) { return folded.starts_with(start); };
  if (std::any_of(starts_.begin(), starts_.end(), begins)) {
    return true;
  }
  if (phrases_.empty()) {
    return false;
  }
  const std::string words = spaced_words(folded);
  return std::any_of(phrases_.begin(), phrases_.end(), [&words](const std::string& phrase) {
    return words.find(phrase) != std::string::npos;
  });
}

}  // namespace ot::store::query
