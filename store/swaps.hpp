#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/places.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// What tells one module in a place from the next one there.
struct Module {
  std::string_view name;
  std::string_view model;
  std::string_view order_id;
  std::string_view serial_number;
  std::string_view firmware_version = {};
};
Module module_of(const Placed& placed);

/// What the asset itself is called among its places.
inline constexpr std::string_view kHead = "the asset itself";

/// "rack 0, slot 4: 6ES7421-1BL01-0AA0": for the journal.
std::string describe(std::string_view place, const Module& module);

/// Whether the two have different order or serial numbers. A number that only
/// one of them states proves nothing; without order numbers the models decide.
bool is_swap(const Module& before, const Module& after);

/// Notes a swap if it is one.
Result<void> note_swap(Database& database, Time at, const Uuid& asset, std::string_view place,
                       const Module& before, const Module& after);

/// In the order of their ids, so that the same change always notes the same.
std::vector<const Places::value_type*> by_id(const Places& places);

/// Notes every difference between two files' views of the asset's add-ons:
/// swaps, and modules that appeared or vanished.
Result<void> note_changes(Database& database, Time at, AssetId asset, const Uuid& uuid,
                          FileId before, FileId after);

}  // namespace ot::store
