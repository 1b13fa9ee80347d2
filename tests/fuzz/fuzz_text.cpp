#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"

namespace {

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

bool shows_no_controls(std::string_view text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      return false;
    }
  }
  return true;
}

void check_page(std::string_view bytes, ot::CodePage page) {
  const std::string text = ot::to_utf8(bytes, page);
  require(ot::is_utf8(text));
  const std::string shown = ot::escape_for_terminal(text);
  require(ot::is_utf8(shown) && shows_no_controls(shown));
  require(ot::escape_for_terminal(shown) == shown);
}

void check_fit(std::string_view bytes, std::size_t columns) {
  const std::string fitted = ot::fit_to_width(bytes, columns);
  require(ot::display_width(fitted) <= columns);
  require(!ot::is_utf8(bytes) || ot::is_utf8(fitted));
  require(ot::display_width(bytes) > columns || fitted == bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const ot::CodePage guess = ot::guess_code_page(bytes);
  require(!ot::is_ascii(bytes) || ot::is_utf8(bytes));
  require(guess != ot::CodePage::utf8 || ot::is_utf8(bytes) ||
          bytes.substr(0, 3) == "\xEF\xBB\xBF");
  for (const auto page : {ot::CodePage::utf8, ot::CodePage::utf16_le, ot::CodePage::utf16_be,
                          ot::CodePage::cp1250, ot::CodePage::cp1251, ot::CodePage::cp1252}) {
    check_page(bytes, page);
  }
  const std::string shown = ot::escape_for_terminal(bytes);
  require(ot::is_utf8(shown) && shows_no_controls(shown));
  check_fit(bytes, size % 40);
  check_fit(shown, size % 40);
  return 0;
}
