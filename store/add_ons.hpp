#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/identity.hpp"
#include "store/places.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// An add-on with its id, and which record in its place it is.
struct PlacedAddOn {
  std::int64_t add_on_id = 0;
  std::uint32_t occurrence = 0;
  AddOn record;

  std::string place() const { return numbered(place_of(record), occurrence); }
};

/// Nothing stores it: it follows from the asset's first UUID and the place.
Uuid add_on_uuid(const Uuid& asset, const PlacedAddOn& add_on);

/// One source's add-ons of an asset, newest addOnId first.
Result<std::vector<PlacedAddOn>> read_placed(Database& database, FileId source, AssetId asset);
Result<void> write_placed(Database& database, FileId source, AssetId asset,
                          const PlacedAddOn& add_on);

/// The same with their UUIDs.
Result<std::vector<StoredAddOn>> read_add_ons(Database& database, FileId file, AssetId asset,
                                              const Uuid& asset_uuid);

/// Writes the add-ons of one source. A place that is known keeps its id.
class AddOnWriter {
 public:
  /// `previous` is the version of the file that this one replaces, 0 if there is none.
  AddOnWriter(Database& database, FileId file, FileId previous)
      : database_(database), file_(file), previous_(previous) {}

  Result<void> start();
  Result<void> write(const AssetRef& asset, const std::vector<AddOn>& add_ons);
  Result<void> finish();

 private:
  Result<std::vector<FileId>> sources_of(AssetId asset);
  Result<Places> known_places(AssetId asset);
  Database& database_;
  FileId file_;
  FileId previous_;
  std::int64_t first_id_ = 0;
  std::int64_t next_id_ = 0;
};

}  // namespace ot::store
