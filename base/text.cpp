#include "base/text.hpp"

#include <algorithm>
#include <array>

#include "base/code_pages.hpp"
#include "base/utf8.hpp"

namespace ot {
namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string repair_utf8(std::string_view bytes) {
  if (bytes.starts_with(kUtf8Mark)) {
    bytes.remove_prefix(kUtf8Mark.size());
  }
  std::string out;
  out.reserve(bytes.size());
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t end = skip_valid_utf8(bytes, at, bytes.size());
    out += bytes.substr(at, end - at);
    at = end;
    if (at < bytes.size()) {
      append_utf8(out, kReplacement);
      at += decode_utf8(bytes, at).size;
    }
  }
  return out;
}

std::string widen(std::string_view bytes, const UpperHalf& upper_half) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t end = skip_ascii(bytes, at);
    out += bytes.substr(at, end - at);
    at = end;
    for (; at < bytes.size() && static_cast<unsigned char>(bytes[at]) >= 0x80; ++at) {
      append_utf8(out, upper_half[static_cast<unsigned char>(bytes[at]) - 0x80U]);
    }
  }
  return out;
}

class Utf16 {
 public:
  Utf16(std::string_view bytes, bool big_endian)
      : bytes_(bytes), high_(big_endian ? 0 : 1), low_(big_endian ? 1 : 0) {}

  std::size_t units() const { return bytes_.size() / 2; }
  char32_t unit(std::size_t index) const {
    const auto high = static_cast<unsigned char>(bytes_[index * 2 + high_]);
    const auto low = static_cast<unsigned char>(bytes_[index * 2 + low_]);
    return static_cast<char32_t>(high << 8 | low);
  }

 private:
  std::string_view bytes_;
  std::size_t high_;
  std::size_t low_;
};

bool is_lead_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_trail_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

std::string narrow(std::string_view bytes, bool big_endian) {
  const Utf16 text(bytes, big_endian);
  const std::size_t count = text.units();
  std::string out;
  out.reserve(count);
  for (std::size_t i = count > 0 && text.unit(0) == 0xFEFF ? 1 : 0; i < count; ++i) {
    const char32_t unit = text.unit(i);
    if (is_lead_surrogate(unit) && i + 1 < count && is_trail_surrogate(text.unit(i + 1))) {
      ++i;
      append_utf8(out, 0x10000 + ((unit - 0xD800) << 10) + (text.unit(i) - 0xDC00));
    } else {
      const bool alone = is_lead_surrogate(unit) || is_trail_surrogate(unit);
      append_utf8(out, alone ? kReplacement : unit);
    }
  }
  if (bytes.size() % 2 != 0) {
    append_utf8(out, kReplacement);
  }
  return out;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view to_string(CodePage page) {
  switch (page) {
    case CodePage::utf8: return "UTF-8";
    case CodePage::utf16_le: return "UTF-16LE";
    case CodePage::utf16_be: return "UTF-16BE";
    case CodePage::cp1250: return "cp1250";
    case CodePage::cp1251: return "cp1251";
    case CodePage::cp1252: return "cp1252";
  }
  return {};
}

bool is_ascii(std::string_view bytes) {
  return skip_ascii(bytes, 0) == bytes.size();
}

bool is_utf8(std::string_view bytes) {
  return skip_valid_utf8(bytes, 0, bytes.size()) == bytes.size();
}

std::string to_utf8(std::string_view bytes, CodePage page) {
  const bool wide = page == CodePage::utf16_le || page == CodePage::utf16_be;
  if (!wide && is_ascii(bytes)) {
    return std::string(bytes);
  }
  switch (page) {
    case CodePage::utf8: break;
    case CodePage::utf16_le: return narrow(bytes, false);
    case CodePage::utf16_be: return narrow(bytes, true);
    case CodePage::cp1250: return widen(bytes, kCp1250);
    case CodePage::cp1251: return widen(bytes, kCp1251);
    case CodePage::cp1252: return widen(bytes, kCp1252);
  }
  return repair_utf8(bytes);
}

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) {
    return {};
  }
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace ot
