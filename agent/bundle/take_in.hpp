#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/bundle.hpp"
#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent::bundle {

struct TakenIn {
  std::uint64_t applied = 0;
  std::uint64_t known = 0;  ///< were there already
  std::vector<std::string> rejected;
  std::string sensor;  ///< under which the store knows what the bundle brought
};

/// Takes the records of a bundle into a store, with the times of the walk, and commits. The same
/// bundle again changes nothing; bundles of one plant may come in any order.
Result<TakenIn> take_in(store::Store& store, const Bundle& bundle);

/// What take_in() reads of a bundle.
struct WalkTexts {
  const Manifest& manifest;
  std::string_view records;       ///< records.ndjson
  std::string_view observations;  ///< observations.ndjson: which answers were whole
};
Result<TakenIn> take_in(store::Store& store, const WalkTexts& walk);

/// "survey Linz 2026-11-03 4da66005": under which a store knows what a walk brought.
std::string sensor_of(const Manifest& manifest);

}  // namespace ot::agent::bundle
