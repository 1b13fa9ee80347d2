#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ot::parsers::step7 {

/// Finds quotes and line feeds. A file is hardly more than lines of one key and
/// one quoted value, so each block of 64 bytes is searched once for both, and
/// what is asked next is mostly known already.
class QuoteFinder {
 public:
  explicit QuoteFinder(std::string_view text) : end_(text.data() + text.size()) {}

  /// The first quote or line feed from `at` on, or the end of the text.
  const char* find(const char* at) {
    if (block_ == nullptr || at < block_ || at - block_ >= kBlock) {
      load(at);
    }
    std::uint64_t left = found_ >> (at - block_);
    while (left == 0) {
      if (end_ - block_ <= kBlock) {
        return end_;
      }
      at = block_ + kBlock;
      load(at);
      left = found_;
    }
    return at + std::countr_zero(left);
  }

 private:
  static constexpr std::ptrdiff_t kBlock = 64;

  void load(const char* at) {
    block_ = at;
    if (end_ - at >= kBlock) {
      found_ = search(at);
      return;
    }
    char rest[kBlock] = {};
    std::memcpy(rest, at, static_cast<std::size_t>(end_ - at));
    found_ = search(rest);
  }

  /// One bit a byte of the block: set for a quote and for a line feed.
  static std::uint64_t search(const char* block) {
    std::uint64_t found = 0;
#if defined(__SSE2__)
    const auto quote = _mm_set1_epi8('"');
    const auto line_feed = _mm_set1_epi8('\n');
    for (int i = 0; i < 4; ++i) {
      __m128i bytes;
      std::memcpy(&bytes, block + 16 * i, sizeof bytes);
      const auto either =
          _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, line_feed));
      found |= static_cast<std::uint64_t>(static_cast<std::uint32_t>(_mm_movemask_epi8(either)))
               << (16 * i);
    }
#else
    for (int i = 0; i < 64; ++i) {
      found |= static_cast<std::uint64_t>(block[i] == '"' || block[i] == '\n') << i;
    }
#endif
    return found;
  }

  const char* end_;
  const char* block_ = nullptr;
  std::uint64_t found_ = 0;
};

}  // namespace ot::parsers::step7
