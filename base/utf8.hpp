#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ot {

constexpr char32_t kReplacement = 0xFFFD;

/// One code point, or a broken sequence: then `code` is U+FFFD and `size` the
/// bytes it stands for (the maximal subpart, Unicode 15, table 3-8).
struct Utf8Step {
  char32_t code;
  std::size_t size;
  bool valid;
};

/// The step at `at`, which must lie inside the text.
Utf8Step decode_utf8(std::string_view bytes, std::size_t at);

void append_utf8(std::string& out, char32_t code);

/// The first byte above 0x7F from `at` on, or the text's size.
std::size_t skip_ascii(std::string_view bytes, std::size_t at);

/// The first broken sequence that begins before `limit`, or a place at or behind it.
std::size_t skip_valid_utf8(std::string_view bytes, std::size_t at, std::size_t limit);

}  // namespace ot
