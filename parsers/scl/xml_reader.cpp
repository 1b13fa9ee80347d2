#include "parsers/scl/xml_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parsers/scl/prolog.hpp"

namespace ot::parsers::scl {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::size_t kLongestReference = 12;

std::optional<std::uint32_t> digit(char c, std::uint32_t base) {
  std::uint32_t value = base;
  if (c >= '0' && c <= '9') {
    value = static_cast<std::uint32_t>(c - '0');
  } else if (c >= 'a' && c <= 'f') {
    value = static_cast<std::uint32_t>(c - 'a') + 10;
  } else if (c >= 'A' && c <= 'F') {
    value = static_cast<std::uint32_t>(c - 'A') + 10;
  }
  return value < base ? std::optional(value) : std::nullopt;
}

/// Whether "#x41" or "#65" names a character; the text is kept short by the caller.
bool is_character(std::string_view reference) {
  reference.remove_prefix(1);
  const std::uint32_t base = reference.starts_with('x') ? 16 : 10;
  reference.remove_prefix(base == 16 ? 1 : 0);
  std::uint64_t code = 0;
  for (const char c : reference) {
    const auto value = digit(c, base);
    if (!value) {
      return false;
    }
    code = code * base + *value;
  }
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code > 0 && code <= 0x10FFFF && !surrogate;
}

bool is_known(std::string_view reference) {
  constexpr std::array<std::string_view, 5> kPredefined = {"amp", "lt", "gt", "quot", "apos"};
  return reference.starts_with('#')
             ? is_character(reference)
             : std::find(kPredefined.begin(), kPredefined.end(), reference) != kPredefined.end();
}

}  // namespace

std::string quoted(std::string_view text) {
  return '"' + escape_for_terminal(fit_to_width(text, 60)) + '"';
}

Position XmlReader::line_at(std::size_t offset) const {
  const auto before = text_.substr(0, offset);
  return Position::line(1 +
                        static_cast<std::uint64_t>(std::count(before.begin(), before.end(), '\n')));
}

Error XmlReader::malformed(std::size_t offset, std::string message) const {
  const bool cut_off = offset >= text_.size();
  return Error(Errc::malformed, std::move(message))
      .at(line_at(offset))
      .hint(cut_off ? "the file is cut off: copy or export it again"
                    : "the file is damaged: export it again from its engineering tool");
}

std::string XmlReader::here() const {
  if (at_ >= text_.size()) {
    return "end of file";
  }
  auto piece = text_.substr(at_, 60);
  return quoted(piece.substr(0, std::max<std::size_t>(1, piece.find_first_of(" \t\r\n>"))));
}

void XmlReader::skip_blanks() {
  at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size());
}

std::string_view XmlReader::take_name() {
  const auto from = at_;
  if (at_ < text_.size() && starts_name(text_[at_])) {
    while (at_ < text_.size() && continues_name(text_[at_])) {
      ++at_;
    }
  }
  return text_.substr(from, at_ - from);
}

Result<void> XmlReader::skip_through(std::string_view what, std::size_t opening,
                                     std::string_view end) {
  const auto found = text_.find(end, at_ + opening);
  if (found == text_.npos) {
    const auto line = line_at(at_).value;
    return fail(malformed(
        text_.size(),
        fmt::format("expected {} to end the {} of line {}, got end of file", end, what, line)));
  }
  at_ = found + end.size();
  return {};
}

Result<void> XmlReader::check_references(std::string_view raw) const {
  for (auto from = raw.find('&'); from != raw.npos; from = raw.find('&', from + 1)) {
    const auto reference = raw.substr(from + 1, kLongestReference);
    const auto end = reference.find(';');
    if (end == reference.npos || !is_known(reference.substr(0, end))) {
      const auto offset = static_cast<std::size_t>(raw.data() - text_.data()) + from;
      return fail(malformed(
          offset, fmt::format("expected &amp; or another predefined entity, got {}",
                              quoted(raw.substr(from, end == reference.npos ? 8 : end + 2)))));
    }
  }
  return {};
}

Result<XmlToken> XmlReader::next() {
  Result<void> skipped;
  while (at_ < text_.size() && skipped) {
    if (text_[at_] != '<') {
      return take_text();
    }
    if (at("<!--")) {
      skipped = skip_through("comment", 4, "-->");
    } else if (at("<?")) {
      skipped = skip_through("processing instruction", 2, "?>");
    } else if (at("<![CDATA[")) {
      return take_cdata();
    } else if (at("<!DOCTYPE")) {
      return fail(
          Error(Errc::unsupported, "the file carries a document type declaration (DTD)")
              .at(line_at(at_))
              .hint("none is needed, and its entities can be abused: remove <!DOCTYPE ...>"));
    } else {
      return at("</") ? take_end() : take_start();
    }
  }
  if (!skipped) {
    return fail(std::move(skipped).error());
  }
  return XmlToken{.kind = XmlToken::Kind::finish, .offset = at_, .name = {}, .raw = {}};
}

Result<XmlToken> XmlReader::take_text() {
  const auto from = at_;
  at_ = std::min(text_.find('<', at_), text_.size());
  const auto raw = text_.substr(from, at_ - from);
  if (auto checked = check_references(raw); !checked) {
    return fail(std::move(checked).error());
  }
  return XmlToken{.kind = XmlToken::Kind::text, .offset = from, .name = {}, .raw = raw};
}

Result<XmlToken> XmlReader::take_cdata() {
  const auto from = at_;
  if (auto skipped = skip_through("CDATA section", 9, "]]>"); !skipped) {
    return fail(std::move(skipped).error());
  }
  return XmlToken{.kind = XmlToken::Kind::text,
                  .offset = from,
                  .name = {},
                  .raw = text_.substr(from, at_ - from)};
}

Result<XmlToken> XmlReader::take_end() {
  const auto from = at_;
  at_ += 2;
  const auto name = take_name();
  skip_blanks();
  if (name.empty() || !at(">")) {
    return fail(malformed(at_, fmt::format("expected > to end </{}, got {}", name, here())));
  }
  ++at_;
  return XmlToken{.kind = XmlToken::Kind::end, .offset = from, .name = name, .raw = {}};
}

Result<XmlToken> XmlReader::take_start() {
  XmlToken token{.kind = XmlToken::Kind::start, .offset = at_, .name = {}, .raw = {}};
  ++at_;
  token.name = take_name();
  if (token.name.empty()) {
    return fail(malformed(at_, fmt::format("expected a name after <, got {}", here())));
  }
  attributes_.clear();
  const auto from = at_;
  for (;;) {
    const auto before = at_;
    skip_blanks();
    if (at(">") || at("/>")) {
      break;
    }
    if (at_ == before) {
      return fail(
          malformed(at_, fmt::format("expected > to end <{}>, got {}", token.name, here())));
    }
    if (auto taken = take_attribute(token.name); !taken) {
      return fail(std::move(taken).error());
    }
  }
  token.raw = text_.substr(from, at_ - from);
  token.empty = at("/>");
  at_ += token.empty ? 2 : 1;
  return token;
}

Result<void> XmlReader::take_attribute(std::string_view element) {
  const auto name = take_name();
  if (name.empty()) {
    return fail(
        malformed(at_, fmt::format("expected an attribute or > in <{}>, got {}", element, here())));
  }
  skip_blanks();
  if (!at("=")) {
    return fail(
        malformed(at_, fmt::format("expected = after the attribute {}, got {}", name, here())));
  }
  ++at_;
  skip_blanks();
  auto value = take_value(name);
  if (!value) {
    return fail(std::move(value).error());
  }
  attributes_.push_back({name, *value});
  return {};
}

Result<std::string_view> XmlReader::take_value(std::string_view attribute) {
  if (!at("\"") && !at("'")) {
    return fail(malformed(at_, fmt::format("expected a quoted value of the attribute {}, got {}",
                                           attribute, here())));
  }
  const auto from = at_ + 1;
  const char quote = text_[at_];
  at_ = std::min(text_.find(quote, from), text_.size());
  const auto bracket = text_.substr(from, at_ - from).find('<');
  if (at_ == text_.size() || bracket != text_.npos) {
    at_ = bracket == text_.npos ? at_ : from + bracket;
    return fail(
        malformed(at_, fmt::format("expected {} to end the value of the attribute {}, got {}",
                                   quote, attribute, here())));
  }
  ++at_;
  const auto value = text_.substr(from, at_ - 1 - from);
  if (auto checked = check_references(value); !checked) {
    return fail(std::move(checked).error());
  }
  return value;
}

}  // namespace ot::parsers::scl
