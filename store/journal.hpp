#pragma once

#include <string_view>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Notes what changed. `subject` is a path or an assetUuid.
Result<void> note(Database& database, Time at, std::string_view kind, std::string_view subject,
                  std::string_view before, std::string_view after);

/// Calls `each` for every entry since then, oldest first, until it returns false.
Result<void> each_entry(Database& database, Time since,
                        const std::function<bool(const JournalEntry&)>& each);

}  // namespace ot::store
