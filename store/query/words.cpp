#include "store/query/words.hpp"

#include <clocale>
#include <cwctype>

#include "base/utf8.hpp"

namespace ot::store::query {
namespace {

/// Counts the changes of what the index of words holds.
constexpr std::uint64_t kForm = 1;

/// Of the C library, without regard to what the process or the user has set.
/// Null where there is none: then only ASCII has two cases and other letters
/// than ASCII's belong to no word.
locale_t unicode() {
  static const locale_t locale = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return locale;
}

bool is_ascii_word(char32_t code) {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
         (code >= '0' && code <= '9');
}

/// By way of the upper case, so that all forms of a letter meet: the sigmas, the long s.
char32_t fold(char32_t code) {
  if (code < 0x80) {
    return code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code;
  }
  const locale_t locale = unicode();
  if (locale == nullptr) {
    return code;
  }
  const wint_t upper = ::towupper_l(static_cast<wint_t>(code), locale);
  return static_cast<char32_t>(::towlower_l(upper, locale));
}

bool is_private(char32_t code) {
  return (code >= 0xE000 && code <= 0xF8FF) || code >= 0xF0000;
}

bool is_in_word(char32_t code) {
  if (code < 0x80) {
    return is_ascii_word(code);
  }
  const locale_t locale = unicode();
  return locale != nullptr && !is_private(code) &&
         ::iswalnum_l(static_cast<wint_t>(code), locale) != 0;
}

std::int64_t compute_version() {
  constexpr char32_t kScripts = 0x3000;  // the alphabets; what lies above has no cases
  std::uint64_t hash = 0xcbf29ce484222325ull + kForm;
  for (char32_t code = 0; code < kScripts; ++code) {
    hash = (hash ^ fold(code)) * 0x100000001b3ull;
    hash = (hash ^ (is_in_word(code) ? 1U : 0U)) * 0x100000001b3ull;
  }
  return static_cast<std::int64_t>(hash);
}

}  // namespace

std::string fold(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const Utf8Step step = decode_utf8(utf8, at);
    append_utf8(out, fold(step.code));
    at += step.size;
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view folded) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  for (std::size_t at = 0; at < folded.size();) {
    const Utf8Step step = decode_utf8(folded, at);
    if (!is_in_word(step.code)) {
      if (begin < at) {
        words.push_back(folded.substr(begin, at - begin));
      }
      begin = at + step.size;
    }
    at += step.size;
  }
  if (begin < folded.size()) {
    words.push_back(folded.substr(begin));
  }
  return words;
}

std::string without_blanks(std::string_view text) {
  std::string out(text);
  std::erase_if(out, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
  return out;
}

std::int64_t word_version() {
  static const std::int64_t version = compute_version();
  return version;
}

}  // namespace ot::store::query
