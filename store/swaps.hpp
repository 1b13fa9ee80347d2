#pragma once

#include <string>
#include <string_view>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// What tells one module in a place from the next one there.
struct Module {
  std::string_view name;
  std::string_view order_id;
  std::string_view serial_number;
};

/// "rack 0, slot 4: 6ES7421-1BL01-0AA0": for the journal.
std::string describe(std::string_view place, const Module& module);

/// Notes a swap when the two have different order or serial numbers. A number
/// that only one of them states proves nothing.
Result<void> note_swap(Database& database, Time at, const Uuid& asset, std::string_view place,
                       const Module& before, const Module& after);

/// Notes every difference between two files' views of the asset's add-ons:
/// swaps, and modules that appeared or vanished.
Result<void> note_changes(Database& database, Time at, AssetId asset, const Uuid& uuid,
                          FileId before, FileId after);

}  // namespace ot::store
