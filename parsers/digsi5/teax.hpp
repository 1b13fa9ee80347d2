#pragma once

#include <string_view>

#include "parsers/parser.hpp"

namespace ot::parsers::digsi5 {

/// Whether a member that begins so is a TEA-X export of SIPROTEC 5: by its
/// root element, or as XML under the suffix .teax.
bool is_tea_x(std::string_view name, std::string_view head);

/// The devices of a TEA-X document. How such a document is built is not
/// published: every element with a whole product code counts as a device, with
/// what else its attributes and child elements say of it.
Result<Project> read_tea_x(std::string_view xml, const Limits& limits);

}  // namespace ot::parsers::digsi5
