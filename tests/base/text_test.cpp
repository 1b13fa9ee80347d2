#include "base/text.hpp"

#include <string>
#include <string_view>

#include "base/hash.hpp"
#include "tests/catch.hpp"

using namespace std::string_view_literals;

namespace ot {
namespace {

/// Every byte once, decoded and hashed: the tables as another implementation has them.
std::string digest_of_all(CodePage page) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) {
    bytes += static_cast<char>(byte);
  }
  FileHasher hasher;
  hasher.add(to_utf8(bytes, page));
  return hasher.finish().sha256;
}

TEST_CASE("code pages carry the names people know", "[text]") {
  CHECK(to_string(CodePage::utf8) == "UTF-8");
  CHECK(to_string(CodePage::utf16_le) == "UTF-16LE");
  CHECK(to_string(CodePage::utf16_be) == "UTF-16BE");
  CHECK(to_string(CodePage::cp1250) == "cp1250");
  CHECK(to_string(CodePage::cp1251) == "cp1251");
  CHECK(to_string(CodePage::cp1252) == "cp1252");
}

TEST_CASE("a single high byte anywhere makes a text more than ASCII", "[text]") {
  CHECK(is_ascii(""));
  const std::string plain(67, 'a');
  CHECK(is_ascii(plain));
  for (std::size_t i = 0; i < plain.size(); ++i) {
    std::string text = plain;
    text[i] = '\x80';
    CAPTURE(i);
    CHECK_FALSE(is_ascii(text));
  }
}

TEST_CASE("well-formed UTF-8 is recognised up to the last code point", "[text]") {
  CHECK(is_utf8(""));
  CHECK(is_utf8("Füllstand, Уровень, 液位, 🏭"));
  CHECK(is_utf8("\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"));
  CHECK(is_utf8("\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"));
}

TEST_CASE("broken UTF-8 isn't taken for UTF-8", "[text]") {
  const auto bytes = GENERATE(as<std::string_view>{}, "\x80", "\xBF", "\xC0\x80", "\xC1\xBF",
                              "\xE0\x9F\xBF", "\xF0\x8F\xBF\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
                              "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xC3",
                              "\xE2\x82", "\xF0\x9F\x8F", "\xC3(", "eight by\xC3", "\xE2\x28\xA1");
  CAPTURE(hex(bytes));
  CHECK_FALSE(is_utf8(bytes));
}

TEST_CASE("each broken sequence of UTF-8 becomes one replacement character", "[text]") {
  const auto repaired = [](std::string_view bytes) { return to_utf8(bytes, CodePage::utf8); };
  CHECK(repaired("a\x80z") == "a\uFFFDz");
  CHECK(repaired("a\xE2\x82z") == "a\uFFFDz");
  CHECK(repaired("\xF0\x9F\x8F") == "\uFFFD");
  CHECK(repaired("\xC0\xAF") == "\uFFFD\uFFFD");
  CHECK(repaired("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(repaired("\xF0\x9F\xC3\xBC") == "\uFFFDü");
  CHECK(repaired("sound: ü 🏭") == "sound: ü 🏭");
}

TEST_CASE("a byte order mark is dropped, a later one is a character", "[text]") {
  CHECK(to_utf8("\xEF\xBB\xBF"
                "abc",
                CodePage::utf8) == "abc");
  CHECK(to_utf8("a\xEF\xBB\xBF", CodePage::utf8) == "a\uFEFF");
  CHECK(to_utf8("\xFF\xFE"
                "a\0"sv,
                CodePage::utf16_le) == "a");
  CHECK(to_utf8("\xFE\xFF\0a"sv, CodePage::utf16_be) == "a");
  CHECK(to_utf8("\xEF\xBB\xBF", CodePage::utf8).empty());
}

TEST_CASE("UTF-16 is read in both byte orders and beyond the first plane", "[text]") {
  CHECK(to_utf8("F\0\xFC\0\x23\x04\x3C\xD8\xED\xDF"sv, CodePage::utf16_le) == "FüУ🏭");
  CHECK(to_utf8("\0F\0\xFC\x04\x23\xD8\x3C\xDF\xED"sv, CodePage::utf16_be) == "FüУ🏭");
  CHECK(to_utf8("", CodePage::utf16_le).empty());
}

TEST_CASE("surrogates without their partner become replacement characters", "[text]") {
  CHECK(to_utf8("\x3C\xD8"sv, CodePage::utf16_le) == "\uFFFD");
  CHECK(to_utf8("\xED\xDF"
                "a\0"sv,
                CodePage::utf16_le) == "\uFFFDa");
  CHECK(to_utf8("\x3C\xD8"
                "a\0"sv,
                CodePage::utf16_le) == "\uFFFDa");
  CHECK(to_utf8("\x3C\xD8\x3C\xD8\xED\xDF"sv, CodePage::utf16_le) == "\uFFFD🏭");
}

TEST_CASE("an odd last byte of UTF-16 becomes a replacement character", "[text]") {
  CHECK(to_utf8("a\0b"sv, CodePage::utf16_le) == "a\uFFFD");
  CHECK(to_utf8("\xFF"sv, CodePage::utf16_be) == "\uFFFD");
}

TEST_CASE("each code page reads its own words", "[text]") {
  CHECK(to_utf8("pocz\xB9tek, \xBF\xF3\xB3w, oblas\x9D", CodePage::cp1250) ==
        "początek, żółw, oblasť");
  CHECK(to_utf8("\xD3\xF0\xEE\xE2\xE5\xED\xFC \xB9 2", CodePage::cp1251) == "Уровень № 2");
  CHECK(to_utf8("F\xFCllstand 5 \x80, c\x9Cur", CodePage::cp1252) == "Füllstand 5 €, cœur");
}

TEST_CASE("bytes a code page doesn't define become replacement characters", "[text]") {
  CHECK(to_utf8("\x81\x83\x88\x90\x98", CodePage::cp1250) == "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(to_utf8("\x98", CodePage::cp1251) == "\uFFFD");
  CHECK(to_utf8("\x81\x8D\x8F\x90\x9D", CodePage::cp1252) == "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST_CASE("the tables of the code pages agree with another implementation's", "[text]") {
  CHECK(digest_of_all(CodePage::cp1250) ==
        "a47e566628c5a1ace4418a68396c57b2531cf1ce5bc217a107b950a9063e3b8c");
  CHECK(digest_of_all(CodePage::cp1251) ==
        "4bf36e4dc399f85df83092c605fb1151b8e51953ddcfd3cb2ab1b86ef0153371");
  CHECK(digest_of_all(CodePage::cp1252) ==
        "8fa2fce59ae757275b6ec9d002c948cf71b6ca3d59c47aca2e9bb3db315ea36a");
}

TEST_CASE("blanks are trimmed at both ends only", "[text]") {
  CHECK(trim(" \t\r\n a b\v\f ") == "a b");
  CHECK(trim("ab") == "ab");
  CHECK(trim(" \n ").empty());
  CHECK(trim("").empty());
}

TEST_CASE("case matters for ASCII letters alone", "[text]") {
  CHECK(to_lower_ascii("AZaz09[@`{ÄÖ") == "azaz09[@`{ÄÖ");
  CHECK(equals_ignoring_case("Station.CFG", "sTATION.cfg"));
  CHECK(equals_ignoring_case("", ""));
  CHECK_FALSE(equals_ignoring_case("ab", "abc"));
  CHECK_FALSE(equals_ignoring_case("@", "`"));
  CHECK_FALSE(equals_ignoring_case("Ä", "ä"));
}

}  // namespace
}  // namespace ot
