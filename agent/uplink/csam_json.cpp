#include "agent/uplink/csam_json.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kLongestLetter = 4;  // bytes

/// A byte within a letter of several, in UTF-8.
bool continues_letter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

std::string cut_to(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) {
    return std::string(text);
  }
  auto end = bytes;
  while (end > 0 && bytes - end < kLongestLetter && continues_letter(text[end])) {
    --end;
  }
  return std::string(text.substr(0, continues_letter(text[end]) ? bytes : end));
}

void put_text(Json& object, const char* key, std::string_view value) {
  if (!value.empty()) {
    object[key] = cut_to(value, kLongestCsamText);
  }
}

void put_filled(Json& object, const char* key, Json value) {
  if (!value.empty()) {
    object[key] = std::move(value);
  }
}

std::string joined_words(std::initializer_list<std::string_view> words) {
  std::string text;
  for (const auto word : words) {
    if (!word.empty()) {
      text += text.empty() ? "" : " ";
      text += word;
    }
  }
  return text;
}

}  // namespace ot::agent
