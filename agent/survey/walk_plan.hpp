#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "agent/records_json.hpp"
#include "agent/survey/walk_folder.hpp"
#include "base/result.hpp"

namespace ot::agent::survey {

/// What a walk would do: for each leg how many targets, how many requests at most, how long.
struct LegPlan {
  std::string area;
  std::uint64_t targets = 0;  ///< that are asked
  std::uint64_t excluded = 0;
  std::uint64_t requests = 0;            ///< at most, without retries
  bool done = false;                     ///< walked already
  std::chrono::seconds if_silent{0};     ///< nobody answers
  std::chrono::seconds if_answering{0};  ///< everybody does, with a rack of ordinary size
};
Result<std::vector<LegPlan>> plan_of(const Walk& walk);

std::string plan_text(const Walk& walk, const std::vector<LegPlan>& plan);
Json plan_json(const Walk& walk, const std::vector<LegPlan>& plan);

}  // namespace ot::agent::survey
