#pragma once

#include <optional>
#include <vector>

#include "store/identity.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Writes what a file says about an asset, its add-ons apart. `newness` is when
/// the file was exported, or else last changed, and tells which view is shown.
Result<void> write_facts(Database& database, FileId file, const AssetRef& asset,
                         const Asset& record, std::optional<Time> exported_at, Time newness);

/// What a file says about an asset, its add-ons apart.
Result<std::optional<Asset>> read_facts(Database& database, FileId file, AssetId asset);

/// The assets that the file supports.
Result<std::vector<AssetId>> supported_by(Database& database, FileId file);

/// The file says nothing any more.
Result<void> remove_facts(Database& database, FileId file);

/// What one file said another says now, as a later version of it.
Result<void> move_facts(Database& database, FileId from, FileId to);

/// A file without a date of its own has changed on disk.
Result<void> renew_newness(Database& database, FileId file, Time newness);

}  // namespace ot::store
