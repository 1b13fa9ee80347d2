#pragma once

#include <algorithm>
#include <array>

#include "protocols/enip/code_name.hpp"

namespace ot::protocols::enip {

// The vendor ids that ODVA has given out, as Wireshark 4.0.17 lists them; reserved
// ones have no name. In three files, for the length of it.
extern const std::array<CodeName, 318> kVendorsTo400;
extern const std::array<CodeName, 360> kVendorsTo800;
extern const std::array<CodeName, 399> kVendorsFrom801;

}  // namespace ot::protocols::enip
