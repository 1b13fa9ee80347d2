#pragma once

#include <span>
#include <string_view>

#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace ot::store {

/// What tells our files from other SQLite databases: "rksc".
constexpr std::int64_t kApplicationId = 0x726b7363;

/// Every step from an empty file to the schema of today. Step n leads to
/// version n + 1. A step that was released is never edited; a new one follows it.
std::span<const std::string_view> migrations();

/// What a file holds, judged without changing it.
enum class Kind {
  empty,    ///< nothing yet
  older,    ///< ours; steps are missing
  current,  ///< ours
};
/// Fails for another program's database and for a store of a later rackscout.
Result<Kind> examine(Database& database, std::span<const std::string_view> steps = migrations());

/// Takes the missing steps, all of them or none.
Result<void> migrate(Database& database, std::span<const std::string_view> steps = migrations());

}  // namespace ot::store
