#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ot {

enum class CodePage : std::uint8_t { utf8, utf16_le, utf16_be, cp1250, cp1251, cp1252 };
std::string_view to_string(CodePage page);

bool is_ascii(std::string_view bytes);
bool is_utf8(std::string_view bytes);

/// The code page of a text that names none: byte order mark, then valid UTF-8,
/// then UTF-16 by its zero bytes, then Cyrillic by long runs of high letters,
/// then cp1250 by its letters, else cp1252. Looks at the megabyte that begins
/// with the first byte above 0x7F. A guess, but always an answer.
CodePage guess_code_page(std::string_view bytes);

/// UTF-8 of the bytes. Never fails: what a code page does not know becomes
/// U+FFFD, as do broken UTF-8 sequences. A byte order mark is dropped.
std::string to_utf8(std::string_view bytes, CodePage page);

/// Makes a text safe to show: control characters, bidirectional overrides and
/// broken UTF-8 become \xNN or \u{NNNN}.
std::string escape_for_terminal(std::string_view utf8);

/// How many terminal columns the text takes (wide East Asian letters take two).
std::size_t display_width(std::string_view utf8);

/// The text cut to so many columns, ending in "…" where something was cut.
std::string fit_to_width(std::string_view utf8, std::size_t columns);

std::string_view trim(std::string_view text);
std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

}  // namespace ot
