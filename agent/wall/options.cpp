#include "agent/wall/options.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace ot::agent::wall {

Strength strength_of(const Options& options) {
  if (options.strength) {
    return *options.strength;
  }
  const char* told = std::getenv("RACKSCOUT_WALL");
  return told != nullptr && std::string_view(told) == kStrengthWords[1] ? Strength::reduced
                                                                        : Strength::full;
}

std::string Confinement::text() const {
  const std::string first = seccomp ? "seccomp" : "limits alone";
  return landlock == 0 ? first : fmt::format("{}, Landlock {}", first, landlock);
}

}  // namespace ot::agent::wall
