#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/store.hpp"

namespace ot::agent {

/// In what a project file and the device itself contradict each other.
struct Difference {
  enum class Kind : std::uint8_t {
    missing,    ///< in the project, not in the rack
    unplanned,  ///< in the rack, not in the project
    vendor,
    model,
    order_id,
    serial_number,
    firmware_version,
  };
  Kind kind;
  std::string place;  ///< "rack 0, slot 4"; empty for the asset itself
  std::string configured;
  std::string observed;

  bool operator==(const Difference&) const = default;
};

/// Only what both state is compared. A module counts as missing only where the
/// device named all that it bears, on the same bus.
std::vector<Difference> differences(const store::Sides& sides);

/// "missing", "firmwareVersion": the kind for programs.
std::string_view to_string(Difference::Kind kind);

/// `rack 0, slot 4: firmware "2.01", in the project "2.00"`
std::string words(const Difference& difference);

}  // namespace ot::agent
