#pragma once

#include <functional>
#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

Result<void> each_file(Database& database, const Page& page,
                       const std::function<bool(const StoredFile&)>& each);
Result<void> each_asset(Database& database, const Page& page,
                        const std::function<bool(const StoredAsset&)>& each);

/// Of all pages together.
Result<std::int64_t> count_files(Database& database, const Page& page);
Result<std::int64_t> count_assets(Database& database, const Page& page);
Result<std::vector<FileId>> matching_files(Database& database, const Page& page);
Result<std::vector<AssetId>> matching_assets(Database& database, const Page& page);

Result<Counts> count_live(Database& database);

Result<std::vector<StoredAsset>> find_assets(Database& database, const std::string& selector);
Result<std::vector<StoredFile>> find_files(Database& database, const std::string& selector);
Result<std::vector<SourcedAsset>> sources_of(Database& database, AssetId asset);
Result<std::vector<StoredAsset>> assets_of(Database& database, FileId file);

}  // namespace ot::store
