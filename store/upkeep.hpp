#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Removes a part of it, to be called until nothing is removed.
Result<std::int64_t> trim_history(Database& database, const Retention& retention, Time now);
Result<std::vector<std::string>> find_damage(Database& database);
Result<void> copy_to(Database& database, const std::string& path);
Result<void> remove_asset(Database& database, AssetId asset, Time at);
Result<std::uint64_t> size_on_disk(const std::string& path);

}  // namespace ot::store
