#pragma once

#include <optional>
#include <vector>

#include "store/fingerprint.hpp"
#include "store/identity.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Stands where a file's id does, for what all sources of an observed asset say
/// together. Observations have ids below it.
constexpr FileId kAllSources = -1;

/// For an observation, or what another rackscout says: both have ids below kAllSources.
Result<FileId> free_source(Database& database);

/// Writes what a source says about an asset, its add-ons apart. `newness` is when
/// the file was exported, or else last changed, and tells which view is shown.
/// Answers the view's fingerprint.
Result<Fingerprint> write_facts(Database& database, FileId file, const AssetRef& asset,
                                const Asset& record, std::optional<Time> exported_at, Time newness);

/// The assets that the file supports.
Result<std::vector<AssetId>> supported_by(Database& database, FileId file);

/// The source says nothing of the asset any more.
Result<void> drop_view(Database& database, FileId source, AssetId asset);

/// The file says nothing any more. The add-ons that were shown last of an asset
/// which nothing supports now stay.
Result<void> remove_facts(Database& database, FileId file);
Result<void> drop_add_ons(Database& database, FileId file, AssetId asset);

/// What one file said another says now, as a later version of it; the list
/// shows it as before.
Result<void> move_facts(Database& database, FileId from, FileId to);

/// A file without a date of its own has changed on disk.
Result<void> renew_newness(Database& database, FileId file, Time newness);

}  // namespace ot::store
