#pragma once

#include <pugixml.hpp>

#include "base/records.hpp"

namespace ot::parsers::scl {

/// SIPROTEC 5 names what is plugged into port F in the logical device PortF:
/// desc="F:ETH-BD-2FO". Adds such modules, and the onboard Ethernet port as an
/// interface unless the network section has named it already.
void read_plug_ins(pugi::xml_node ied, Asset& asset);

}  // namespace ot::parsers::scl
