#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace ot {
namespace {

constexpr std::size_t kSample = 1U << 20;
constexpr std::string_view kGermanLetters = "\xC4\xD6\xDC\xDF\xE4\xF6\xFC";
/// ť Ť Ź in cp1250; cp1252 has nothing there.
constexpr std::string_view kOnlyInCp1250 = "\x8D\x8F\x9D";
constexpr std::string_view kNotInCp1250 = "\x81\x83\x88\x90\x98";
/// Ł Ą Ż ł ą Ľ ľ ż in cp1250, signs like £ ³ ¹ ¿ in cp1252.
constexpr std::string_view kLettersOrSigns = "\xA3\xA5\xAF\xB3\xB9\xBC\xBE\xBF";

bool is_high(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool is_letter(char c) {
  return is_lower(c) || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0xC0;
}
/// Ё and ё lie outside the block of the other letters.
bool is_cyrillic(char c) {
  return static_cast<unsigned char>(c) >= 0xC0 || c == '\xA8' || c == '\xB8';
}
bool among(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

/// What speaks for which ANSI code page.
struct Evidence {
  std::size_t high = 0;           ///< bytes above 0x7F
  std::size_t cyrillic = 0;       ///< those in runs of three and more Cyrillic letters
  std::size_t in_word_signs = 0;  ///< cp1252 has a sign where cp1250 has a letter
  bool only_in_cp1250 = false;
  bool not_in_cp1250 = false;
};

/// A sign inside a word, as "G³ówny" for "Główny". Not "Nm³h": that is a unit.
bool is_sign_in_word(char before, char c, char after) {
  if (c == '\x9F') {  // "wyraźny", or a capital Y with diaeresis
    return is_lower(before);
  }
  const bool unit = c == '\xB3' && before == 'm';
  return among(c, kLettersOrSigns) && is_letter(before) && is_letter(after) && !unit;
}

void weigh_byte(std::string_view bytes, std::size_t at, Evidence& evidence) {
  const char c = bytes[at];
  const char before = at > 0 ? bytes[at - 1] : ' ';
  const char after = at + 1 < bytes.size() ? bytes[at + 1] : ' ';
  evidence.in_word_signs += is_sign_in_word(before, c, after) ? 1U : 0U;
  evidence.only_in_cp1250 |= among(c, kOnlyInCp1250) && (is_letter(before) || is_letter(after));
  evidence.not_in_cp1250 |= among(c, kNotInCp1250);
}

/// How many bytes of a run of high bytes are in Cyrillic words. Lists of
/// umlauts ("ÄÖÜ") aren't: no Cyrillic word is made of those letters alone.
std::size_t cyrillic_in(std::string_view run) {
  std::size_t total = 0;
  std::size_t length = 0;
  bool german = true;
  for (std::size_t i = 0; i <= run.size(); ++i) {
    if (i < run.size() && is_cyrillic(run[i])) {
      ++length;
      german = german && among(run[i], kGermanLetters);
      continue;
    }
    total += length >= 3 && !german ? length : 0;
    length = 0;
    german = true;
  }
  return total;
}

Evidence weigh(std::string_view bytes, std::size_t begin) {
  Evidence evidence;
  for (std::size_t at = begin; at < bytes.size(); at = skip_ascii(bytes, at)) {
    const std::size_t start = at;
    for (; at < bytes.size() && is_high(bytes[at]); ++at) {
      weigh_byte(bytes, at, evidence);
    }
    evidence.high += at - start;
    evidence.cyrillic += cyrillic_in(bytes.substr(start, at - start));
  }
  return evidence;
}

CodePage ansi_page(const Evidence& evidence) {
  if (evidence.cyrillic * 2 > evidence.high) {
    return CodePage::cp1251;
  }
  const bool signs = evidence.in_word_signs > 0 && evidence.in_word_signs * 10 >= evidence.high;
  if (!evidence.not_in_cp1250 && (evidence.only_in_cp1250 || signs)) {
    return CodePage::cp1250;
  }
  return CodePage::cp1252;
}

/// Letters of Latin script have a zero byte each, all on the same side.
bool is_utf16(std::string_view sample, CodePage& page) {
  if (sample.size() < 4) {
    return false;
  }
  std::array<std::size_t, 2> zeros{};
  for (std::size_t i = 0; i < sample.size(); ++i) {
    zeros[i % 2] += sample[i] == '\0' ? 1U : 0U;
  }
  const auto [even, odd] = zeros;
  page = odd > even ? CodePage::utf16_le : CodePage::utf16_be;
  const std::size_t pairs = sample.size() / 2;
  return std::max(even, odd) * 4 >= pairs && std::min(even, odd) * 10 <= std::max(even, odd);
}

}  // namespace

CodePage guess_code_page(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) {
    return CodePage::utf8;
  }
  if (bytes.starts_with("\xFF\xFE")) {
    return CodePage::utf16_le;
  }
  if (bytes.starts_with("\xFE\xFF")) {
    return CodePage::utf16_be;
  }
  const std::string_view head = bytes.substr(0, kSample);
  CodePage page{};
  if (head.find('\0') != std::string_view::npos && is_utf16(head, page)) {
    return page;
  }
  const std::size_t begin = skip_ascii(bytes, 0);
  const std::size_t end = begin + std::min(kSample, bytes.size() - begin);
  if (skip_valid_utf8(bytes, begin, end) >= end) {
    return CodePage::utf8;
  }
  return ansi_page(weigh(bytes.substr(0, end), begin));
}

}  // namespace ot
