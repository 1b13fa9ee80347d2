#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ot::agent::bundle {

/// What was to be looked at, of one protocol of a target.
struct WalkTrouble {
  std::string kind;      ///< "incomplete", "silent", "distressed", "safety", "failed", "note"
  std::string protocol;  ///< "fins"; may be empty
  std::string text;

  bool operator==(const WalkTrouble&) const = default;
};

/// How a target of a walk ended: a line of targets.ndjson.
struct WalkTarget {
  std::string area;
  std::string target;  ///< "10.0.0.5", "/dev/ttyUSB0"
  bool named = false;  ///< by itself, not as one of a range
  bool answered = false;
  std::string
      outcome;  ///< "answered", "incomplete", "silent", "refused", "excluded", "not asked", ...
  std::string reason;  ///< why not, or why not all
  std::vector<WalkTrouble> troubles;

  bool operator==(const WalkTarget&) const = default;
};

std::string walk_target_line(const WalkTarget& target);  ///< ended by a line feed
/// Errors: malformed, with the line.
Result<std::vector<WalkTarget>> walk_targets_from(std::string_view lines);

}  // namespace ot::agent::bundle
