#include <string>
#include <string_view>

#include "base/text.hpp"
#include "tests/catch.hpp"

using namespace std::string_view_literals;

namespace ot {
namespace {

TEST_CASE("a byte order mark decides", "[text][guess]") {
  CHECK(guess_code_page("\xEF\xBB\xBF"
                        "F\xFC") == CodePage::utf8);
  CHECK(guess_code_page("\xFF\xFE"
                        "a\0"sv) == CodePage::utf16_le);
  CHECK(guess_code_page("\xFE\xFF\0a"sv) == CodePage::utf16_be);
}

TEST_CASE("ASCII and sound UTF-8 are UTF-8", "[text][guess]") {
  CHECK(guess_code_page("") == CodePage::utf8);
  CHECK(guess_code_page("STATION S7300 , \"AS01\"\r\n") == CodePage::utf8);
  CHECK(guess_code_page("Füllstand, Уровень") == CodePage::utf8);
  CHECK(guess_code_page("\0"sv) == CodePage::utf8);
  CHECK(guess_code_page("one zero byte \0 in a text"sv) == CodePage::utf8);
  CHECK(guess_code_page(std::string(64, '\0')) == CodePage::utf8);
}

TEST_CASE("UTF-16 without a mark shows by its zero bytes", "[text][guess]") {
  CHECK(guess_code_page("S\0T\0A\0T\0\xFC\0"sv) == CodePage::utf16_le);
  CHECK(guess_code_page("\0S\0T\0A\0T\0\xFC"sv) == CodePage::utf16_be);
  CHECK(guess_code_page("N\0a\0m\0e\0=\0\x23\x04\x40\x04\x3E\x04"sv) == CodePage::utf16_le);
}

TEST_CASE("texts of Western Europe are cp1252", "[text][guess]") {
  const auto text = GENERATE(as<std::string_view>{}, "F\xFCllstandsmessung",
                             "D\xE9"
                             "bit \xE0 c\xF4t\xE9 de l'\xE9l\xE9vateur",
                             "c\x9Cur, \x8Cuvre",
                             "12 Nm\xB3h, 3 m\xB3/h, 20 \xB0"
                             "C, \xB1"
                             "5 \xB5m, \xBD\"",
                             "\xBFQu\xE9? \xA1Se\xF1"
                             "al!",
                             "\xC4\xD6\xDC\xE4\xF6\xFC\xDF",
                             "Wei\xDF, Gr\xFC\xDF"
                             "e",
                             "\x84Pumpe\x93 \x96 5 \x80",
                             "\xA3"
                             "5, \xA5"
                             "100",
                             "L'HA\x9F",
                             "r\xE9"
                             "e\xEFlu, cr\xE9\xE9"
                             "e");
  CAPTURE(text);
  CHECK(guess_code_page(text) == CodePage::cp1252);
}

TEST_CASE("Cyrillic words are cp1251", "[text][guess]") {
  const auto text = GENERATE(as<std::string_view>{},
                             "NAME \"\xD3\xF0\xEE\xE2\xE5\xED\xFC \xE2 \xC5"
                             "1\\\xC0\"",
                             "\xED\xE0\xF1\xEE\xF1 \xB9"
                             "2",
                             "LT1_\xF3\xF0\xEE\xE2\xE5\xED\xFC", "\xB8\xEB\xEA\xE8");
  CAPTURE(text);
  CHECK(guess_code_page(text) == CodePage::cp1251);
}

TEST_CASE("Central European letters inside words are cp1250", "[text][guess]") {
  const auto text =
      GENERATE(as<std::string_view>{}, "G\xB3\xF3wny zaw\xF3r", "pocz\xB9tek, \xBF\xF3\xB3w",
               "oblas\x9D", "p\xF8\xEDli\x9A \x9Elu\x9Dou\xE8k\xFD k\xF9\xF2", "wyra\x9Fny",
               "\x8D"
               "a\x9Ek\xFD");
  CAPTURE(text);
  CHECK(guess_code_page(text) == CodePage::cp1250);
}

TEST_CASE("one odd word doesn't outweigh a text full of umlauts", "[text][guess]") {
  const auto odd = GENERATE(as<std::string_view>{}, "x\xB9y ", "\xE9\xE8\xE0 ");
  std::string text(odd);
  for (int i = 0; i < 20; ++i) {
    text += "F\xFCllstand ";
  }
  CHECK(guess_code_page(odd) != CodePage::cp1252);
  CHECK(guess_code_page(text) == CodePage::cp1252);
}

TEST_CASE("two accents side by side aren't a Cyrillic word yet", "[text][guess]") {
  CHECK(guess_code_page("cr\xE9\xE9"
                        "e") == CodePage::cp1252);
}

TEST_CASE("bytes that cp1250 lacks speak against it", "[text][guess]") {
  CHECK(guess_code_page("oblas\x9D \x88") == CodePage::cp1252);
}

TEST_CASE("letters behind megabytes of ASCII still count", "[text][guess]") {
  const std::string ascii(3U << 20, 'a');
  CHECK(guess_code_page(ascii + " F\xFCllstand") == CodePage::cp1252);
  CHECK(guess_code_page(ascii + " \xD3\xF0\xEE\xE2\xE5\xED\xFC") == CodePage::cp1251);
  CHECK(guess_code_page(ascii + " Füllstand") == CodePage::utf8);
}

TEST_CASE("the end of the sample doesn't cut a UTF-8 letter in two", "[text][guess]") {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string text = "ü" + std::string(shift, 'a');
    while (text.size() < (1U << 20) + 16) {
      text += "液🏭";
    }
    CHECK(guess_code_page(text) == CodePage::utf8);
  }
}

}  // namespace
}  // namespace ot
