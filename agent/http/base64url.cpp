#include "agent/http/base64url.hpp"

#include <cstdint>

namespace ot::agent::http {
namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr unsigned kBits = 6;
constexpr std::uint32_t kMask = 0x3F;

}  // namespace

std::string base64url(std::string_view bytes) {
  std::string text;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char byte : bytes) {
    pending = pending << 8 | static_cast<std::uint8_t>(byte);
    for (bits += 8; bits >= kBits; bits -= kBits) {
      text += kAlphabet[pending >> (bits - kBits) & kMask];
    }
  }
  if (bits > 0) {
    text += kAlphabet[pending << (kBits - bits) & kMask];
  }
  return text;
}

std::optional<std::string> from_base64url(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() * kBits / 8);
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char letter : text) {
    const auto value = kAlphabet.find(letter);
    if (value == kAlphabet.npos) {
      return std::nullopt;
    }
    pending = pending << kBits | static_cast<std::uint32_t>(value);
    bits += kBits;
    if (bits >= 8) {
      bits -= 8;
      bytes += static_cast<char>(pending >> bits & 0xFF);
    }
  }
  const auto rest = pending & ((1U << bits) - 1);
  return bits < kBits && rest == 0 ? std::optional(std::move(bytes)) : std::nullopt;
}

}  // namespace ot::agent::http
