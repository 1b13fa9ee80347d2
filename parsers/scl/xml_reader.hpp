#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ot::parsers::scl {

struct XmlAttribute {
  std::string_view name;
  std::string_view value;  ///< as written: references are not replaced
};

struct XmlToken {
  enum class Kind : std::uint8_t { start, end, text, finish };

  Kind kind = Kind::finish;
  std::size_t offset = 0;
  std::string_view name;  ///< of a start or end tag
  std::string_view raw;   ///< attributes of a start tag, or a text, as written
  bool empty = false;     ///< of a start tag: <name/>
};

/// Cuts an XML text into tags and texts without building anything, and checks
/// each for well-formedness. Comments and processing instructions are passed
/// over; a document type declaration is refused, and with it every entity
/// but the five predefined ones. Whether tags match is the caller's business.
class XmlReader {
 public:
  explicit XmlReader(std::string_view utf8) : text_(utf8) {}

  Result<XmlToken> next();

  /// Of the last start tag.
  const std::vector<XmlAttribute>& attributes() const { return attributes_; }

  std::size_t size() const { return text_.size(); }
  Position line_at(std::size_t offset) const;

  /// An error at that place, with what the reader can do about it.
  Error malformed(std::size_t offset, std::string message) const;

 private:
  bool at(std::string_view expected) const { return text_.substr(at_).starts_with(expected); }
  void skip_blanks();
  std::string_view take_name();
  /// "<IED" or "end of file", for messages.
  std::string here() const;

  Result<void> skip_through(std::string_view what, std::size_t opening, std::string_view end);
  Result<void> check_references(std::string_view raw) const;
  Result<XmlToken> take_text();
  Result<XmlToken> take_cdata();
  Result<XmlToken> take_start();
  Result<XmlToken> take_end();
  Result<void> take_attribute(std::string_view element);
  Result<std::string_view> take_value(std::string_view attribute);

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<XmlAttribute> attributes_;
};

/// Hands each token to the handler's open, close or text, and the last to its
/// finish; ends with the first error.
template <class Handler>
Result<void> walk(XmlReader& reader, Handler& handler) {
  for (;;) {
    const auto token = reader.next();
    if (!token) {
      return fail(token.error());
    }
    Result<void> taken;
    switch (token->kind) {
      case XmlToken::Kind::start: taken = handler.open(*token); break;
      case XmlToken::Kind::end: taken = handler.close(*token); break;
      case XmlToken::Kind::text: taken = handler.text(*token); break;
      case XmlToken::Kind::finish: return handler.finish(*token);
    }
    if (!taken) {
      return taken;
    }
  }
}

/// A text from the file for a message: quoted, and cut where it is long.
std::string quoted(std::string_view text);

}  // namespace ot::parsers::scl
