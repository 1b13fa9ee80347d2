#include "store/query/reader.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ot::store::query {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_in_name(char c) {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

}  // namespace

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool Reader::skip_blanks() {
  while (!at_end() && is_blank(next())) {
    ++at_;
  }
  return !at_end();
}

bool Reader::take(std::string_view expected) {
  if (!text_.substr(at_).starts_with(expected)) {
    return false;
  }
  at_ += expected.size();
  return true;
}

std::string_view Reader::name() const {
  if (!is_letter(next())) {
    return {};
  }
  const auto rest = text_.substr(at_);
  const auto* const end = std::find_if_not(rest.begin(), rest.end(), is_in_name);
  return rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
}

bool Reader::at_word(std::string_view word) const {
  if (!equals_ignoring_case(text_.substr(at_, word.size()), word)) {
    return false;
  }
  const std::size_t end = at_ + word.size();
  return end >= text_.size() || is_blank(text_[end]) || text_[end] == '(' || text_[end] == ')';
}

bool Reader::at_keyword() const {
  return at_word("and") || at_word("or") || at_word("not");
}

bool Reader::take_word(std::string_view word) {
  const bool here = at_word(word);
  at_ += here ? word.size() : 0;
  return here;
}

bool Reader::at_term() const {
  const auto word = name();
  if (word.empty()) {
    return false;
  }
  Reader behind = *this;
  behind.at_ += word.size();
  behind.skip_blanks();
  if (behind.take_word("is")) {
    return behind.skip_blanks() && behind.at_word("null");
  }
  const char c = behind.next();
  return c == ':' || c == '<' || c == '>' || c == '=';
}

std::string Reader::seen() const {
  constexpr std::size_t kLongest = 24;
  if (at_end()) {
    return "the end";
  }
  const auto rest = text_.substr(at_);
  const auto* const end = std::find_if(rest.begin(), rest.end(), is_blank);
  const auto word = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  return "\"" + fit_to_width(escape_for_terminal(word), kLongest) + "\"";
}

}  // namespace ot::store::query
