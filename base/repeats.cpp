#include "base/repeats.hpp"

#include <algorithm>
#include <functional>

namespace ot {
namespace {

constexpr std::size_t kMostKnown = 2048;  // a line for each target that is away
constexpr unsigned kMostTold = 3;
constexpr std::chrono::hours kHour{1};

}  // namespace

Repeats::Verdict Repeats::take(std::string_view line, Time at) {
  const auto hash = std::hash<std::string_view>{}(line);
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [hash](const Known& known) { return known.line == hash; });
  if (found == known_.end()) {
    if (known_.size() == kMostKnown) {
      known_.erase(known_.begin());
    }
    known_.push_back({.line = hash, .hour_began = at, .told = 1});
    return {};
  }
  std::rotate(found, found + 1, known_.end());
  Known& known = known_.back();
  // A clock that was set back must not keep a line untold for longer.
  if (at < known.hour_began || at - known.hour_began >= kHour) {
    const Verdict verdict{.is_told = true, .untold = known.untold};
    const bool goes_on = known.untold > 0;
    known = {.line = hash, .hour_began = at, .told = goes_on ? kMostTold : 1};
    return verdict;
  }
  if (known.told < kMostTold) {
    ++known.told;
    return {};
  }
  ++known.untold;
  return {.is_told = false, .untold = known.untold};
}

}  // namespace ot
