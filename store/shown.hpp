#pragma once

#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Shows the newest view of each asset again, and notes those that come or go
/// with their last live file.
Result<void> refresh_shown(Database& database, const std::vector<AssetId>& assets, Time at);

/// No observation of the asset is left: it is what files say of it, as if no
/// device had ever been asked; or it leaves the list, and only its columns
/// there tell what it was.
Result<void> end_observing(Database& database, AssetId asset, Time at);

}  // namespace ot::store
