#pragma once

#include <pugixml.hpp>

#include "base/records.hpp"

namespace ot::parsers::scl {

/// Fills in what the document says of itself: project name, tool, vendor, date.
/// The project's assets must be there already: some of it follows from them.
void read_header(pugi::xml_node scl, Project& project);

}  // namespace ot::parsers::scl
