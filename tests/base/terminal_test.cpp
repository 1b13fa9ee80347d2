#include <string>
#include <string_view>

#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace std::string_view_literals;

namespace ot {
namespace {

TEST_CASE("a harmless text is shown as it is", "[text][terminal]") {
  const auto text = GENERATE(as<std::string_view>{}, "", "AS01 \\ C:\\temp ~", "Füllstand",
                             "Уровень", "液位", "🏭", "e\u0301", "\u00A0\uFFFD");
  CHECK(escape_for_terminal(text) == text);
}

TEST_CASE("control characters can't reach the terminal", "[text][terminal]") {
  CHECK(escape_for_terminal("\x1B[2Jx") == "\\x1b[2Jx");
  CHECK(escape_for_terminal("a\nb\tc\rd") == "a\\nb\\tc\\x0dd");
  CHECK(escape_for_terminal("\0\x1F\x7F"sv) == "\\x00\\x1f\\x7f");
  CHECK(escape_for_terminal("\u0080\u009B") == "\\u{0080}\\u{009b}");
}

TEST_CASE("characters that reorder or hide others are made visible", "[text][terminal]") {
  CHECK(escape_for_terminal("a\u202Etxt.exe") == "a\\u{202e}txt.exe");
  CHECK(escape_for_terminal("\u061C\u200E\u200F\u202A") == "\\u{061c}\\u{200e}\\u{200f}\\u{202a}");
  CHECK(escape_for_terminal("\u2066\u2069\u2028\u2029") == "\\u{2066}\\u{2069}\\u{2028}\\u{2029}");
  CHECK(escape_for_terminal("\u200B\uFEFF\U000E0041") == "\\u{200b}\\u{feff}\\u{e0041}");
}

TEST_CASE("the neighbours of hidden characters are shown", "[text][terminal]") {
  const auto text = GENERATE(as<std::string_view>{}, "\u00A0", "\u061B", "\u200A", "\u2027",
                             "\u202F", "\u205F", "\u2070", "\uFFF8", "\uFFFC");
  CHECK(escape_for_terminal(text) == text);
}

TEST_CASE("broken UTF-8 is shown byte by byte", "[text][terminal]") {
  CHECK(escape_for_terminal("F\xFC"
                            "ll") == "F\\xfcll");
  CHECK(escape_for_terminal("\xE2\x82") == "\\xe2\\x82");
  CHECK(escape_for_terminal("\xC0\x8A") == "\\xc0\\x8a");
}

TEST_CASE("width counts columns, not bytes", "[text][terminal]") {
  CHECK(display_width("") == 0);
  CHECK(display_width("abc") == 3);
  CHECK(display_width("Füllstand") == 9);
  CHECK(display_width("液位") == 4);
  CHECK(display_width("한글ＡＢ") == 8);
  CHECK(display_width("ｱｲ") == 2);
  CHECK(display_width("e\u0301") == 1);
  CHECK(display_width("🏭") == 2);
  CHECK(display_width("\xFF\xFE") == 2);
}

TEST_CASE("a text that fits is left alone", "[text][terminal]") {
  CHECK(fit_to_width("Füll", 4) == "Füll");
  CHECK(fit_to_width("液位", 4) == "液位");
  CHECK(fit_to_width("Fu\u0308", 2) == "Fu\u0308");
  CHECK(fit_to_width("", 0).empty());
}

TEST_CASE("a text that doesn't fit ends in an ellipsis", "[text][terminal]") {
  CHECK(fit_to_width("Füllstand", 5) == "Füll…");
  CHECK(fit_to_width("ab", 1) == "…");
  CHECK(fit_to_width("ab", 0).empty());
}

TEST_CASE("a wide letter is never cut in half, nor an accent from its letter", "[text][terminal]") {
  CHECK(fit_to_width("液位计", 5) == "液位…");
  CHECK(fit_to_width("液位计", 4) == "液…");
  CHECK(fit_to_width("液位计", 2) == "…");
  CHECK(fit_to_width("u\u0308u\u0308u\u0308", 2) == "u\u0308…");
}

}  // namespace
}  // namespace ot
