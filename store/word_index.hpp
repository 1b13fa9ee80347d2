#pragma once

#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

// The words of what the list shows of each asset (query/match.hpp says how they
// are kept). A trigger notes whose words are due; they are written once, when
// the transaction ends, however often the asset changed in it.

namespace ot::store {

/// Writes the words that are due. Runs inside a transaction.
Result<void> index_due(Database& database);

/// Indexes everything again if it was indexed under other rules, or never.
Result<void> index_all_if_due(Database& database);

/// Fails where what is in the index can't be relied upon: another program's
/// rules, and no right to write.
Result<void> require_words(Database& database);

/// The assets whose words are not those of what the list shows. Fails as
/// corrupt where the index contradicts itself.
Result<std::vector<AssetId>> check_words(Database& database);

}  // namespace ot::store
