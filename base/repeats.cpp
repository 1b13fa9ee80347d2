#include "base/repeats.hpp"

#include <algorithm>

namespace ot {
namespace {

constexpr std::size_t kMostKnown = 64;
constexpr unsigned kMostTold = 3;
constexpr std::chrono::hours kHour{1};

}  // namespace

Repeats::Verdict Repeats::take(std::string_view line, Time at) {
  const auto found = std::find_if(known_.begin(), known_.end(),
                                  [line](const Known& known) { return known.line == line; });
  if (found == known_.end()) {
    if (known_.size() == kMostKnown) {
      known_.erase(known_.begin());
    }
    known_.push_back({.line = std::string(line), .hour_began = at, .told = 1});
    return {};
  }
  std::rotate(found, found + 1, known_.end());
  Known& known = known_.back();
  // A clock that was set back must not keep a line untold for longer.
  if (at < known.hour_began || at - known.hour_began >= kHour) {
    const Verdict verdict{.is_told = true, .untold = known.untold};
    const bool goes_on = known.untold > 0;
    known = {.line = std::move(known.line), .hour_began = at, .told = goes_on ? kMostTold : 1};
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
