#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/time.hpp"

namespace ot {

/// Which lines a log can do without: what comes again and again says nothing new, and a gateway's
/// flash is worn by each line.
class Repeats {
 public:
  struct Verdict {
    bool is_told = true;
    std::uint64_t untold = 0;  ///< how often the line came since it was told last
  };

  /// A line is told three times within an hour, then once an hour.
  Verdict take(std::string_view line, Time at);

 private:
  struct Known {
    std::size_t line = 0;  ///< its hash
    Time hour_began;
    unsigned told = 0;
    std::uint64_t untold = 0;
  };

  std::vector<Known> known_;  ///< the one that came last is the last one
};

}  // namespace ot
