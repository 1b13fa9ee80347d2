#pragma once

#include <optional>
#include <string>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// A view that the list shows.
struct ShownView {
  FileId source = 0;
  std::int64_t fingerprint = 0;
  std::int64_t add_on_count = 0;
  std::string site;
  std::string area;
  std::string sensor;  ///< who found it; empty: it was found here
};
/// Repeats the record in the columns by which the list is sorted and searched.
Result<void> put_shown(Database& database, AssetId asset, const ShownView& view,
                       const Asset& record);

/// Puts together again what all sources say of an asset that not only files speak of.
/// Writes nothing when no source says anything else than before.
Result<void> refresh_composed(Database& database, AssetId asset, Time at);

/// The files' side and the devices' side of an asset that has both.
Result<std::optional<Sides>> read_sides(Database& database, AssetId asset);

}  // namespace ot::store
