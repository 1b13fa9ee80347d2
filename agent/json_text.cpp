#include "agent/json_text.hpp"

#include <iterator>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace ot::agent {
namespace {

void append_unit(std::string& out, std::uint32_t unit) {
  fmt::format_to(std::back_inserter(out), "\\u{:04x}", unit);
}

/// RFC 8259, 7: beyond the basic plane as a pair of surrogates.
void append_json_escape(std::string& out, char32_t code) {
  if (code < 0x10000) {
    append_unit(out, code);
  } else {
    append_unit(out, 0xD800 + ((code - 0x10000) >> 10));
    append_unit(out, 0xDC00 + ((code - 0x10000) & 0x3FF));
  }
}

/// Outside of strings there is but ASCII, and what is hidden inside of strings
/// can be escaped there without changing its meaning.
std::string without_hidden_characters(std::string text) {
  if (is_ascii(text) && text.find('\x7f') == std::string::npos) {
    return text;
  }
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto step = decode_utf8(text, at);
    const auto letter = std::string_view(text).substr(at, step.size);
    if (step.code >= 0x7F && escape_for_terminal(letter) != letter) {
      append_json_escape(out, step.code);
    } else {
      out += letter;
    }
    at += step.size;
  }
  return out;
}

}  // namespace

std::string json_text(const Json& value, int indent) {
  return without_hidden_characters(value.dump(indent, ' ', false, Json::error_handler_t::replace));
}

std::string indented(std::string_view text, int depth) {
  const std::string blanks(static_cast<std::size_t>(depth), ' ');
  std::string out = blanks;
  out.reserve(text.size() + text.size() / 4);
  for (const char c : text) {
    out += c;
    if (c == '\n') {
      out += blanks;
    }
  }
  return out;
}

std::string JsonList::opening() const {
  return layout_ == Layout::assets ? "{\n  \"assets\": [" : "[";
}

void JsonList::add(const Json& element) {
  if (layout_ == Layout::lines) {
    sink_(json_text(element, -1) + "\n");
    return;
  }
  const auto before = empty_ ? opening() + "\n" : ",\n";
  empty_ = false;
  sink_(before + indented(json_text(element, 2), depth()));
}

void JsonList::finish() {
  if (layout_ == Layout::lines) {
    return;
  }
  auto text = empty_ ? opening() : std::string(layout_ == Layout::assets ? "\n  " : "\n");
  text += layout_ == Layout::assets ? "]\n}\n" : "]\n";
  sink_(text);
}

}  // namespace ot::agent
