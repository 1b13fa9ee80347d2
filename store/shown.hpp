#pragma once

#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Shows the newest view of each asset again, and notes those that come or go
/// with their last live file.
Result<void> refresh_shown(Database& database, const std::vector<AssetId>& assets, Time at);

}  // namespace ot::store
