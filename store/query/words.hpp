#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ot::store::query {

/// The text as it compares: every letter in one case, broken UTF-8 as U+FFFD.
std::string fold(std::string_view utf8);

/// The words of a folded text: its runs of letters and digits.
std::vector<std::string_view> words_of(std::string_view folded);

/// Order numbers are written with and without blanks, and compare without.
std::string without_blanks(std::string_view text);

/// Tells how texts are folded and split here. It depends on the C library's
/// tables, and what was indexed under another number must be indexed again.
std::int64_t word_version();

}  // namespace ot::store::query
