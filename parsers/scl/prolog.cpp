#include "parsers/scl/prolog.hpp"

#include <algorithm>

namespace ot::parsers::scl {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Drops everything up to and including `end`; all of it where there is none.
void drop_through(std::string_view& text, std::string_view end, std::size_t from) {
  const auto at = text.find(end, from);
  text.remove_prefix(at == text.npos ? text.size() : at + end.size());
}

/// Drops one comment, processing instruction, quoted literal or character of a DTD.
void drop_dtd_piece(std::string_view& text) {
  if (text.starts_with("<!--")) {
    drop_through(text, "-->", 4);
  } else if (text.starts_with("<?")) {
    drop_through(text, "?>", 2);
  } else if (text[0] == '"' || text[0] == '\'') {
    drop_through(text, text.substr(0, 1), 1);
  } else {
    text.remove_prefix(1);
  }
}

/// Drops a document type declaration with its internal subset (XML 1.0, production 28).
void drop_doctype(std::string_view& text) {
  bool subset = false;
  while (!text.empty()) {
    if (text[0] == '>' && !subset) {
      text.remove_prefix(1);
      return;
    }
    subset = text[0] == '[' || (subset && text[0] != ']');
    drop_dtd_piece(text);
  }
}

/// Sets the root's name, unless the text ends within it.
void read_root(Prolog& prolog, std::string_view text) {
  if (text.size() < 2 || text[0] != '<' || !starts_name(text[1])) {
    prolog.is_xml = prolog.is_xml && text.empty();
    return;
  }
  prolog.is_xml = true;
  text.remove_prefix(1);
  const auto end = std::find_if_not(text.begin(), text.end(), continues_name);
  if (end != text.end()) {
    prolog.root = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  }
}

}  // namespace

bool starts_name(char c) {
  const auto code = static_cast<unsigned char>(c);
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_' ||
         code == ':' || code >= 0x80;
}

bool continues_name(char c) {
  return starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == name.npos ? name : name.substr(colon + 1);
}

Prolog read_prolog(std::string_view utf8) {
  Prolog prolog;
  auto text = utf8;
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
    if (text.starts_with("<?")) {
      drop_through(text, "?>", 2);
    } else if (text.starts_with("<!--")) {
      drop_through(text, "-->", 4);
    } else if (text.starts_with("<!DOCTYPE")) {
      prolog.doctype = utf8.size() - text.size();
      drop_doctype(text);
    } else {
      break;
    }
    prolog.is_xml = true;
  }
  read_root(prolog, text);
  return prolog;
}

}  // namespace ot::parsers::scl
