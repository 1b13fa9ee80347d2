#include "store/query/match.hpp"

#include "base/utf8.hpp"
#include "store/query/words.hpp"

namespace ot::store::query {
namespace {

// Code points for private use, which no word has: the index's tokenizer takes
// them for letters.
constexpr char32_t kValue = 0xF600;   ///< begins the term that is a whole value
constexpr char32_t kEscape = 0xF601;  ///< the next code point was in the value
constexpr char32_t kSign = 0xF500;    ///< + an ASCII sign or blank

bool is_ours(char32_t code) {
  return code >= kSign && code <= kEscape + 1;
}

bool is_ascii_sign(char32_t code) {
  const bool letter = (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z');
  return code < 0x80 && !letter && (code < '0' || code > '9');
}

/// The whole value as one term. A value begins with another exactly if their terms do.
std::string term_of(std::string_view folded) {
  std::string out;
  append_utf8(out, kValue);
  for (std::size_t at = 0; at < folded.size();) {
    const Utf8Step step = decode_utf8(folded, at);
    if (is_ours(step.code)) {
      append_utf8(out, kEscape);
    }
    append_utf8(out, is_ascii_sign(step.code) ? kSign + step.code : step.code);
    at += step.size;
  }
  return out;
}

std::string joined_words(std::string_view folded) {
  std::string out;
  for (const std::string_view word : words_of(folded)) {
    out += word;
    out += ' ';
  }
  return out;
}

std::string match_one(const Text& text) {
  const std::string folded = fold(text.value);
  switch (text.form) {
    case Text::Form::phrase: return "\"" + joined_words(folded) + "\"";
    case Text::Form::exact: return "\"" + term_of(folded) + "\"";
    case Text::Form::prefix: return "\"" + term_of(folded) + "\" *";
  }
  return {};
}

std::string in_column(std::string_view column, std::string_view expression) {
  return std::string(column) + " : " + std::string(expression);
}

}  // namespace

const std::string_view kAnyValue = "\uF602";

std::string indexed(std::string_view folded) {
  return joined_words(folded) + term_of(folded) + ' ';
}

std::string match_text(std::string_view column, const AnyText& texts) {
  std::string out;
  for (const Text& text : texts) {
    out += (out.empty() ? "" : " OR ") + match_one(text);
  }
  return in_column(column, texts.size() == 1 ? out : "(" + out + ")");
}

std::string match_any_value(std::string_view column) {
  return in_column(column, "\"" + std::string(kAnyValue) + "\"");
}

}  // namespace ot::store::query
