#pragma once

#include <optional>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// One source's view of an asset with its add-ons; of an observation without
/// when it was.
Result<std::optional<SourcedAsset>> read_source(Database& database, FileId file, AssetId asset,
                                                const Uuid& asset_uuid);

/// An asset that no live file supports has the facts shown last, and file_id 0.
Result<std::optional<StoredAsset>> read_asset(Database& database, AssetId asset);

}  // namespace ot::store
