#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ot::agent::watch {

/// One record of inotify(7).
struct Event {
  int watch = -1;          ///< of the folder it happened in; -1 for a lost event
  std::uint32_t mask = 0;  ///< IN_...
  std::string_view name;   ///< in that folder; empty where the folder itself is meant

  bool has(std::uint32_t bits) const { return (mask & bits) != 0; }
};

/// The records of one read. The names point into the bytes. Fails where they
/// are cut off, which the kernel does not do.
Result<std::vector<Event>> decode(std::span<const char> bytes);

}  // namespace ot::agent::watch
