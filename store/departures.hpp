#pragma once

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// Another asset answered at the target before: what it said there holds no
/// more. One that nothing else speaks for leaves the list. Runs inside a transaction.
Result<void> end_earlier(Database& database, AssetId newcomer, const Observation& observation);

}  // namespace ot::store
