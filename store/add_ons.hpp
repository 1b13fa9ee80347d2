#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "store/identity.hpp"
#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// "DPSUBSYSTEM 1, slave 5, unit 4": where an add-on sits in its asset.
std::string place_of(const AddOn& add_on);

/// One source's add-ons of an asset, newest addOnId first.
Result<std::vector<StoredAddOn>> read_add_ons(Database& database, FileId file, AssetId asset,
                                              const Uuid& asset_uuid);

/// Writes the add-ons of one import, and what changed since the version of the
/// file that it replaces.
class AddOnWriter {
 public:
  /// `previous` is that version, 0 if there is none.
  AddOnWriter(Database& database, FileId file, FileId previous, Time at)
      : database_(database), file_(file), previous_(previous), at_(at) {}

  Result<void> start();
  Result<void> write(const AssetRef& asset, const std::vector<AddOn>& add_ons);
  Result<void> finish();

 private:
  struct Known {
    std::int64_t add_on_id = 0;
    bool previous = false;  ///< the replaced version had it
    bool met = false;       ///< the new version has it
    std::uint32_t records = 0;
    std::string name;
    std::string order_id;
    std::string serial_number;
  };
  using Places = std::unordered_map<std::string, Known>;

  Result<void> learn(Places& places, FileId source, AssetId asset);
  Result<Places> known_places(AssetId asset);
  Result<bool> had_asset(AssetId asset);
  Result<void> insert(AssetId asset, std::int64_t id, std::uint32_t occurrence,
                      const AddOn& add_on);
  Result<void> write_one(const AssetRef& asset, Places& places, bool compare, const AddOn& add_on);
  Result<void> compare_one(const AssetRef& asset, const std::string& place, const Known& known,
                           const AddOn& add_on);
  Result<void> note_vanished(const AssetRef& asset, const Places& places);

  Database& database_;
  FileId file_;
  FileId previous_;
  Time at_;
  std::int64_t first_id_ = 0;
  std::int64_t next_id_ = 0;
};

}  // namespace ot::store
