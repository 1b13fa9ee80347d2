#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/records.hpp"

namespace ot::protocols::enip {

constexpr std::uint16_t kRockwell = 1;
constexpr std::uint16_t kOmron = 47;

/// "Rockwell Automation/Allen-Bradley"; "CIP vendor 1400" where the id has no name.
std::string vendor_name(std::uint16_t vendor);

constexpr std::uint16_t kProgrammableLogicController = 0x0E;

/// "Communications Adapter"; "device type 73" where the type has no name.
std::string device_type_name(std::uint16_t device_type);

/// What the platform calls it; the vendor decides on the types from 64 hex on.
Category category_of(std::uint16_t vendor, std::uint16_t device_type);

/// Safety analog I/O, and drives with safety functions.
bool is_safety_controller(std::uint16_t device_type);

/// "1756-L72S" of "1756-L72S/B LOGIX5572S": the catalogue number of a GuardLogix, which
/// has the device type of any controller; empty for all other products.
std::string_view safety_model(std::string_view product_name);

}  // namespace ot::protocols::enip
