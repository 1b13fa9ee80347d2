#include "base/utf8.hpp"

#include <array>
#include <cstring>

namespace ot {
namespace {

constexpr std::uint64_t kHighBits = 0x8080808080808080;

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

/// What a lead byte promises; the second byte's bounds exclude overlong forms,
/// surrogates and code points above U+10FFFF (Unicode 15, table 3-7).
struct Lead {
  std::size_t following;
  unsigned second_from;
  unsigned second_to;
};

Lead lead_of(unsigned byte) {
  if (byte < 0xC2 || byte > 0xF4) {
    return {0, 0, 0};
  }
  switch (byte) {
    case 0xE0: return {2, 0xA0, 0xBF};
    case 0xED: return {2, 0x80, 0x9F};
    case 0xF0: return {3, 0x90, 0xBF};
    case 0xF4: return {3, 0x80, 0x8F};
    default: return {byte < 0xE0 ? 1U : byte < 0xF0 ? 2U : 3U, 0x80, 0xBF};
  }
}

}  // namespace

Utf8Step decode_utf8(std::string_view bytes, std::size_t at) {
  const unsigned first = byte_at(bytes, at);
  if (first < 0x80) {
    return {first, 1, true};
  }
  const Lead lead = lead_of(first);
  if (lead.following == 0) {
    return {kReplacement, 1, false};
  }
  char32_t code = first & (0x3FU >> lead.following);
  for (std::size_t i = 1; i <= lead.following; ++i) {
    const unsigned from = i == 1 ? lead.second_from : 0x80;
    const unsigned to = i == 1 ? lead.second_to : 0xBF;
    const unsigned byte = at + i < bytes.size() ? byte_at(bytes, at + i) : 0;
    if (byte < from || byte > to) {
      return {kReplacement, i, false};
    }
    code = code << 6 | (byte & 0x3F);
  }
  return {code, lead.following + 1, true};
}

void append_utf8(std::string& out, char32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
    return;
  }
  const std::size_t following = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  std::array<char, 4> bytes{};
  for (std::size_t i = following; i > 0; --i) {
    bytes[i] = static_cast<char>(0x80 | (code & 0x3F));
    code >>= 6;
  }
  bytes[0] = static_cast<char>((0xF00U >> (following + 1) & 0xFF) | code);
  out.append(bytes.data(), following + 1);
}

std::size_t skip_ascii(std::string_view bytes, std::size_t at) {
  const char* next = bytes.data() + at;
  const char* const end = bytes.data() + bytes.size();
  std::uint64_t block[8];
  while (static_cast<std::size_t>(end - next) >= sizeof block) {
    std::memcpy(block, next, sizeof block);
    const auto any =
        block[0] | block[1] | block[2] | block[3] | block[4] | block[5] | block[6] | block[7];
    if ((any & kHighBits) != 0) {
      break;
    }
    next += sizeof block;
  }
  std::uint64_t eight = 0;
  while (static_cast<std::size_t>(end - next) >= sizeof eight) {
    std::memcpy(&eight, next, sizeof eight);
    if ((eight & kHighBits) != 0) {
      break;
    }
    next += sizeof eight;
  }
  while (next != end && static_cast<unsigned char>(*next) < 0x80) {
    ++next;
  }
  return static_cast<std::size_t>(next - bytes.data());
}

std::size_t skip_valid_utf8(std::string_view bytes, std::size_t at, std::size_t limit) {
  while (at < limit) {
    if (byte_at(bytes, at) < 0x80) {
      at = skip_ascii(bytes, at);
      continue;
    }
    const Utf8Step step = decode_utf8(bytes, at);
    if (!step.valid) {
      return at;
    }
    at += step.size;
  }
  return at;
}

}  // namespace ot
