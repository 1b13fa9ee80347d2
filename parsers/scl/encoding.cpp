#include "parsers/scl/encoding.hpp"

#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::parsers::scl {
namespace {

using namespace std::string_view_literals;

struct Named {
  std::string_view name;
  CodePage page;
};

/// ISO 8859-1 is read as its superset cp1252, as browsers do.
constexpr std::array<Named, 8> kNamed = {{
    {"iso-8859-1", CodePage::cp1252},
    {"iso8859-1", CodePage::cp1252},
    {"latin1", CodePage::cp1252},
    {"windows-1252", CodePage::cp1252},
    {"cp1252", CodePage::cp1252},
    {"windows-1250", CodePage::cp1250},
    {"windows-1251", CodePage::cp1251},
    {"us-ascii", CodePage::utf8},
}};

std::optional<CodePage> utf16(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE"sv) || (bytes.size() > 1 && bytes[0] == '<' && bytes[1] == 0)) {
    return CodePage::utf16_le;
  }
  if (bytes.starts_with("\xFE\xFF"sv) || bytes.starts_with("\0<"sv)) {
    return CodePage::utf16_be;
  }
  return std::nullopt;
}

bool utf32(std::string_view bytes) {
  return bytes.starts_with("\xFF\xFE\0\0"sv) || bytes.starts_with("\0\0\xFE\xFF"sv) ||
         bytes.starts_with("<\0\0\0"sv) || bytes.starts_with("\0\0\0<"sv);
}

/// The encoding that an XML declaration names, in lower case; empty if none does.
std::string declared_encoding(std::string_view text) {
  constexpr std::string_view kName = "encoding";
  const auto end = text.starts_with("<?xml") ? text.substr(0, 512).find("?>") : text.npos;
  if (end == text.npos) {
    return {};
  }
  const auto declaration = text.substr(0, end);
  auto at = declaration.find(kName);
  at = at == text.npos ? at : declaration.find_first_of("\"'", at);
  if (at == text.npos) {
    return {};
  }
  const auto close = declaration.find(declaration[at], at + 1);
  return close == text.npos ? std::string()
                            : to_lower_ascii(declaration.substr(at + 1, close - at - 1));
}

std::string remark_on(std::string_view declared) {
  constexpr std::string_view kLost = "letters that could not be read became U+FFFD";
  if (declared.empty() || declared == "utf-8") {
    return fmt::format("the text is not valid UTF-8: {}", kLost);
  }
  return fmt::format("the encoding \"{}\" is not known: {}",
                     escape_for_terminal(fit_to_width(declared, 40)), kLost);
}

Decoded decode_declared(std::string_view bytes) {
  const auto declared = declared_encoding(bytes);
  for (const auto& [name, page] : kNamed) {
    if (name == declared && page != CodePage::utf8 && !is_ascii(bytes)) {
      return {to_utf8(bytes, page), {}};
    }
  }
  if (is_utf8(bytes)) {
    return Decoded(bytes);
  }
  return {to_utf8(bytes, CodePage::utf8), remark_on(declared)};
}

}  // namespace

Result<Decoded> decode(std::string_view bytes) {
  constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
  if (utf32(bytes)) {
    return fail(
        Error(Errc::unsupported, "the text is UTF-32, which is not read").hint("save it as UTF-8"));
  }
  if (const auto page = utf16(bytes)) {
    return Decoded(to_utf8(bytes, *page), {});
  }
  if (bytes.starts_with(kUtf8Mark)) {
    bytes.remove_prefix(kUtf8Mark.size());
  }
  return decode_declared(bytes);
}

}  // namespace ot::parsers::scl
