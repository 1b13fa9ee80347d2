#pragma once

#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

Result<void> put_foreign(Database& database, const std::string& path, const FileStamp& stamp,
                         Time read_at);
Result<void> drop_foreign(Database& database, const std::string& path);

/// The live project files and foreign files at or below the path, ordered by path.
Result<std::vector<KnownFile>> read_known(Database& database, const std::string& path);

/// The rows Importing, ordered by path.
Result<std::vector<KnownFile>> read_importing(Database& database);

}  // namespace ot::store
