#pragma once

#include <span>
#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

Result<void> put_run(Database& database, const GroupRun& group,
                     std::span<const TargetState> targets);
Result<void> keep_only(Database& database, std::span<const std::string> groups);
Result<std::vector<TargetState>> read_targets(Database& database);
Result<std::vector<GroupRun>> read_runs(Database& database);

}  // namespace ot::store
