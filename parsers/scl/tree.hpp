#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include <pugixml.hpp>

namespace ot::parsers::scl {

/// Names and name plates end at 255 characters (IEC 61850-6, tName; 61850-7-3,
/// VISIBLE STRING255). What is longer counts as absent: values may be shared by
/// very many records.
constexpr std::size_t kLongestName = 255;

/// The same for paths and the like, which no two records share.
constexpr std::size_t kLongestText = 1024;

/// An attribute without the blanks around it; empty if absent or over-long.
std::string_view attribute_of(pugi::xml_node element, const char* name);

/// The text of an element without the blanks around it; empty if absent or over-long.
std::string text_of(pugi::xml_node element, std::size_t longest = kLongestText);

/// The child <Private type="..."> of that type, where - and _ are the same letter.
pugi::xml_node private_of(pugi::xml_node element, std::string_view type);

}  // namespace ot::parsers::scl
