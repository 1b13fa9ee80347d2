#pragma once

#include <optional>
#include <string>
#include <vector>

#include "protocols/enip/identity.hpp"
#include "protocols/probe.hpp"

namespace ot::protocols::enip {

/// A module, and the slot in which it answered.
struct Module {
  std::optional<std::uint8_t> slot;  ///< unknown for the device itself, at first
  Identity identity;
};

/// What a conversation has found so far.
struct Findings {
  std::optional<Identity> device;  ///< the one that was asked
  std::optional<std::uint8_t> own_slot;
  std::optional<Backplane> backplane;
  std::vector<Module> modules;  ///< in the other slots
  std::vector<std::string> notes;
  bool whole = true;  ///< as in the Observation
  std::optional<Error> incomplete;
};

/// Why the device that was asked counts as a safety controller; empty when it does not.
std::string safety_text(const Identity& identity);

/// The CPU in the lowest slot is the asset, every other module its add-on; without a
/// CPU the device itself is. There must be a device.
Observation observation_of(Findings found);

}  // namespace ot::protocols::enip
