#pragma once

#include <vector>

#include "store/identity.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Shows the newest view of each asset again, and notes those that come or go
/// with their last live file.
Result<void> refresh_shown(Database& database, const std::vector<AssetId>& assets, Time at);

/// Whether the list shows what all sources of the asset say together: devices or other
/// rackscouts speak for it.
Result<bool> is_composed(Database& database, AssetId asset);

/// From now on it does, if it did not yet.
Result<void> begin_composing(Database& database, const AssetRef& asset, Time at);

/// A source beside the files says nothing any more. Without any, the asset is what files say
/// of it, as if nobody else had ever spoken; or it leaves the list, and only its columns there
/// tell what it was.
Result<void> lose_source(Database& database, AssetId asset, Time at);

}  // namespace ot::store
