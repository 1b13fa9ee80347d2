#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "base/records.hpp"

namespace ot::agent {

/// One step on the way to where something sits: "rack 0", "DPSUBSYSTEM 1",
/// "address 3", "slot 4", "port F". Steps sort as people expect them.
struct Step {
  enum class Kind : std::uint8_t { interface, rack, bus, member, unit, subslot, part };

  Kind kind;
  std::uint64_t number = 0;
  std::string text;  ///< what the number does not say
  int copy = 0;      ///< from 1 on: another one in the same place

  std::string label() const;
  bool operator<(const Step& other) const {
    return std::tie(kind, number, text, copy) <
           std::tie(other.kind, other.number, other.text, other.copy);
  }
};

using Place = std::vector<Step>;

/// In its rack or on its bus; empty for a device that is its own root.
Place place_of(const Asset& asset);

/// In the asset's station: below the asset itself where it has no rack or bus of its own.
Place place_of(const AddOn& add_on, const Asset& asset);

/// Below the module it belongs to, if its slot is known, else below the asset.
Place place_of(const Interface& interface, const Asset& asset);

/// "rack 0, slot 4, sub-slot 2"
std::string place_text(const Place& place);

}  // namespace ot::agent
