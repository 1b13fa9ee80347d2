#pragma once

#include <pugixml.hpp>

#include "base/records.hpp"
#include "parsers/scl/name_plate.hpp"
#include "parsers/scl/network.hpp"

namespace ot::parsers::scl {

constexpr std::string_view kSiemens = "Siemens";
constexpr std::string_view kSel = "SEL";
constexpr std::string_view kAbb = "ABB";

/// One IED element as a record, with its interfaces and plug-in modules. Private
/// elements are believed only where the manufacturer is the one who wrote them.
Asset read_ied(pugi::xml_node ied, const NamePlates& plates, Network& network);

}  // namespace ot::parsers::scl
