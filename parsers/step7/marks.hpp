#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace ot::parsers::step7 {

/// The quotes and line feeds of a text, one after another: all that is needed to
/// cut it into lines and to find their values. Each block of 64 bytes is searched
/// once for both.
class Marks {
 public:
  explicit Marks(std::string_view text) : end_(text.data() + text.size()) { seek(text.data()); }

  /// Where the next one is, which is then passed; the end of the text when there is none.
  const char* next() {
    while (left_ == 0) {
      if (end_ - block_ <= kBlock) {
        return end_;
      }
      seek(block_ + kBlock);
    }
    const char* const found = block_ + std::countr_zero(left_);
    left_ &= left_ - 1;
    return found;
  }

  /// Goes on from `at`, which lies in the text or at its end.
  void seek(const char* at) {
    block_ = at;
    if (end_ - at >= kBlock) {
      left_ = search(at);
      return;
    }
    char rest[kBlock] = {};
    if (at != end_) {
      std::memcpy(rest, at, static_cast<std::size_t>(end_ - at));
    }
    left_ = search(rest);
  }

 private:
  static constexpr std::ptrdiff_t kBlock = 64;

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
  std::uint64_t left_ = 0;
};

}  // namespace ot::parsers::step7
