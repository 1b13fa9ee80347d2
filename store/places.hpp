#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// "DPSUBSYSTEM 1, slave 5, unit 4": where an add-on sits in its asset.
std::string place_of(const AddOn& add_on);

/// The place of the n-th record in it; files may name a place more than once.
std::string numbered(std::string place, std::uint32_t occurrence);

/// What is in a place of an asset.
struct Placed {
  std::int64_t add_on_id = 0;
  std::string unit_address;
  std::string name;
  std::string model;
  std::string order_id;
  std::string serial_number;
  std::string firmware_version;
};
using Places = std::unordered_map<std::string, Placed>;

/// Gives `each` the places of one file's view of an asset, in the order of
/// their ids; stops at its first error.
Result<void> each_place(Database& database, FileId file, AssetId asset,
                        const std::function<Result<void>(std::string, Placed&&)>& each);

/// Adds the places of that view that are not known yet.
Result<void> learn_places(Database& database, FileId file, AssetId asset, Places& places);

}  // namespace ot::store
