#pragma once

#include <cstdint>
#include <vector>

#include "store/identity.hpp"
#include "store/places.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// One source's add-ons of an asset, newest addOnId first.
Result<std::vector<StoredAddOn>> read_add_ons(Database& database, FileId file, AssetId asset,
                                              const Uuid& asset_uuid);

/// Writes the add-ons of one import. A place that is known keeps its id.
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
  Result<void> insert(AssetId asset, std::int64_t id, std::uint32_t occurrence,
                      const AddOn& add_on);

  Database& database_;
  FileId file_;
  FileId previous_;
  std::int64_t first_id_ = 0;
  std::int64_t next_id_ = 0;
};

}  // namespace ot::store
