#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace ot {
namespace {

struct Range {
  char32_t from;
  char32_t to;
};

template <std::size_t Count>
bool within(char32_t code, const std::array<Range, Count>& ranges) {
  const auto next = std::upper_bound(ranges.begin(), ranges.end(), code,
                                     [](char32_t c, const Range& range) { return c < range.from; });
  return next != ranges.begin() && code <= std::prev(next)->to;
}

/// Code points that show nothing themselves but change what is shown around them.
constexpr std::array<Range, 9> kHidden = {{
    {0x0080, 0x009F},    // C1 controls
    {0x061C, 0x061C},    // Arabic letter mark
    {0x200B, 0x200B},    // zero-width space
    {0x200E, 0x200F},    // direction marks
    {0x2028, 0x202E},    // separators, embeddings, overrides
    {0x2060, 0x206F},    // invisible operators, isolates
    {0xFEFF, 0xFEFF},    // byte order mark
    {0xFFF9, 0xFFFB},    // interlinear annotations
    {0xE0000, 0xE007F},  // tags
}};

/// Combining marks of the common scripts, and format characters.
constexpr std::array<Range, 28> kNoColumn = {{
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x0610, 0x061A}, {0x061C, 0x061C}, {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x0900, 0x0902}, {0x093C, 0x093C}, {0x0941, 0x0948},
    {0x094D, 0x094D}, {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1ACE},
    {0x1DC0, 0x1DFF}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F}, {0x20D0, 0x20F0},
    {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF},
}};

/// East Asian wide and full-width blocks, and the emoji (Unicode 14, UAX 11).
constexpr std::array<Range, 17> kTwoColumns = {{
    {0x1100, 0x115F},
    {0x231A, 0x231B},
    {0x2E80, 0x303E},
    {0x3041, 0x3247},
    {0x3250, 0x4DBF},
    {0x4E00, 0xA4CF},
    {0xA960, 0xA97C},
    {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},
    {0xFE30, 0xFE6B},
    {0xFF01, 0xFF60},
    {0xFFE0, 0xFFE6},
    {0x1B000, 0x1B2FB},
    {0x1F300, 0x1F320},
    {0x1F32D, 0x1F64F},
    {0x1F900, 0x1F9FF},
    {0x20000, 0x3FFFD},
}};

std::size_t columns_of(char32_t code) {
  if (code < kNoColumn.front().from) {
    return 1;
  }
  if (within(code, kNoColumn)) {
    return 0;
  }
  return within(code, kTwoColumns) ? 2 : 1;
}

void append_bytes_escaped(std::string& out, std::string_view bytes) {
  for (const char c : bytes) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
  }
}

void append_escaped(std::string& out, std::string_view bytes, const Utf8Step& step) {
  if (!step.valid || step.code < 0x20 || step.code == 0x7F) {
    if (step.code == '\n') {
      out += "\\n";
    } else if (step.code == '\t') {
      out += "\\t";
    } else {
      append_bytes_escaped(out, bytes);
    }
  } else if (within(step.code, kHidden)) {
    fmt::format_to(std::back_inserter(out), "\\u{{{:04x}}}", static_cast<std::uint32_t>(step.code));
  } else {
    out += bytes;
  }
}

}  // namespace

std::string escape_for_terminal(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const Utf8Step step = decode_utf8(utf8, at);
    append_escaped(out, utf8.substr(at, step.size), step);
    at += step.size;
  }
  return out;
}

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const Utf8Step step = decode_utf8(utf8, at);
    width += columns_of(step.code);
    at += step.size;
  }
  return width;
}

std::string fit_to_width(std::string_view utf8, std::size_t columns) {
  std::size_t width = 0;
  std::size_t kept = 0;  // what fits beside the ellipsis
  for (std::size_t at = 0; at < utf8.size();) {
    const Utf8Step step = decode_utf8(utf8, at);
    width += columns_of(step.code);
    at += step.size;
    if (width > columns) {
      return columns == 0 ? std::string() : std::string(utf8.substr(0, kept)) + "…";
    }
    if (width < columns) {
      kept = at;
    }
  }
  return std::string(utf8);
}

}  // namespace ot
