#pragma once

#include <string_view>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Notes what changed. `subject` is a path or an assetUuid.
Result<void> note(Database& database, Time at, std::string_view kind, std::string_view subject,
                  std::string_view before, std::string_view after);

/// All entries, oldest first.
Result<std::vector<JournalEntry>> read_journal(Database& database);

}  // namespace ot::store
