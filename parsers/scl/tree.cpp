#include "parsers/scl/tree.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ot::parsers::scl {
namespace {

bool is_same_type(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return x == y || (x == '_' && y == '-'); });
}

}  // namespace

std::string_view attribute_of(pugi::xml_node element, const char* name) {
  const auto value = trim(element.attribute(name).value());
  return value.size() > kLongestName ? std::string_view{} : value;
}

std::string text_of(pugi::xml_node element, std::size_t longest) {
  std::string text;
  for (const auto piece : element.children()) {
    if (piece.type() == pugi::node_pcdata || piece.type() == pugi::node_cdata) {
      text += piece.value();
    }
  }
  const auto value = trim(text);
  return value.size() > longest ? std::string{} : std::string(value);
}

pugi::xml_node private_of(pugi::xml_node element, std::string_view type) {
  for (const auto candidate : element.children("Private")) {
    if (is_same_type(attribute_of(candidate, "type"), type)) {
      return candidate;
    }
  }
  return {};
}

}  // namespace ot::parsers::scl
