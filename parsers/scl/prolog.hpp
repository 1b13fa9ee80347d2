#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ot::parsers::scl {

/// What stands before the root element of an XML document.
struct Prolog {
  bool is_xml = false;                 ///< as far as it goes; an empty text is not
  std::optional<std::size_t> doctype;  ///< offset of a document type declaration
  std::string_view root;  ///< name of the root element; empty when the text ends before it
};

Prolog read_prolog(std::string_view utf8);

/// "IED" of "scl:IED".
std::string_view local_name(std::string_view name);

/// XML 1.0, production 4 in ASCII; everything beyond ASCII passes.
bool starts_name(char c);
bool continues_name(char c);

}  // namespace ot::parsers::scl
