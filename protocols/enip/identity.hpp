#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace ot::protocols::enip {

/// The attributes of the Identity object: CIP volume 1, 5A-2.
struct Identity {
  std::uint16_t vendor = 0;
  std::uint16_t device_type = 0;
  std::uint16_t product_code = 0;
  std::uint8_t major_revision = 0;
  std::uint8_t minor_revision = 0;
  std::uint16_t status = 0;
  std::uint32_t serial_number = 0;
  std::string product_name;  ///< up to a NUL, without blanks around it

  bool operator==(const Identity&) const = default;
};

/// Reads the attributes in their order, as Get_Attributes_All and ListIdentity give
/// them. What follows the name changes while the device runs, and is not read.
Result<Identity> read_identity(ByteReader& reader);

/// What Rockwell's modules say of the chassis that they sit in: object class 66,
/// instance 1. Offsets as seen in the bodies of two chassis, of 7 and of 10 slots.
struct Backplane {
  std::uint8_t own_slot = 0;
  std::uint32_t serial_number = 0;
  std::uint8_t slots = 0;
};

/// More slots than any chassis has: 17 in a 1756-A17, and 31 modules behind a
/// CompactLogix.
constexpr std::uint8_t kMostSlots = 32;

/// Nothing from the short body that I/O modules give; malformed when it can't be a
/// chassis.
Result<std::optional<Backplane>> parse_backplane(std::string_view attributes);

}  // namespace ot::protocols::enip
