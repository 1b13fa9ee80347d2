#include "store/departures.hpp"

#include <vector>

#include "store/composed.hpp"
#include "store/facts.hpp"
#include "store/journal.hpp"
#include "store/observations.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

/// An observation of an asset that answers elsewhere now, or nowhere.
struct Earlier {
  FileId source = 0;
  AssetId asset = 0;
};

Result<std::vector<Earlier>> earlier_ones(Database& database, AssetId newcomer,
                                          const Observation& observation) {
  // One that comes late ends nothing that was seen after it.
  Query query(database,
              "SELECT source_id, asset_id FROM observations WHERE protocol = ? AND target = ?"
              " AND asset_id <> ? AND site = ? AND area = ? AND last_seen <= ?",
              observation.protocol, observation.target, newcomer, observation.place.site,
              observation.place.area, observation.at);
  std::vector<Earlier> found;
  while (query.next()) {
    found.push_back({.source = query.integer(), .asset = query.integer()});
  }
  STORE_TRY(query.end());
  return found;
}

/// The asset is what files say of it, as if no device had ever been asked; or
/// it leaves the list, and only its columns there tell what it was.
Result<void> end_observing(Database& database, AssetId asset, Time at) {
  std::optional<ShownView> view;
  Asset record;
  {
    Query query(database,
                "SELECT f.file_id, f.fingerprint, f.add_on_count, s.site, s.area, f.facts"
                " FROM configured_views v CROSS JOIN asset_facts f ON f.file_id = v.shown_file AND"
                " f.asset_id = v.asset_id CROSS JOIN files s ON s.file_id = f.file_id"
                " WHERE v.asset_id = ?",
                asset);
    if (query.next()) {
      view = ShownView{.source = query.integer(),
                       .fingerprint = query.integer(),
                       .add_on_count = query.integer(),
                       .site = query.text(),
                       .area = query.text()};
      record = facts_from(query.view());
    }
    STORE_TRY(query.end());
  }
  STORE_TRY(run(database,
                "DELETE FROM add_ons WHERE asset_id = ?1 AND file_id ="
                " (SELECT kept_file FROM configured_views WHERE asset_id = ?1)",
                asset));
  STORE_TRY(run(database, "DELETE FROM configured_views WHERE asset_id = ?", asset));
  if (!view) {
    // The composed view stays: it knows the ids of the modules, should the device return.
    STORE_TRY(run(database, "UPDATE assets SET shown_file = NULL WHERE asset_id = ?", asset));
    Query query(database, "SELECT asset_uuid, name FROM assets WHERE asset_id = ?", asset);
    const bool found = query.next();
    const Uuid uuid = found ? query.uuid() : Uuid{};
    const std::string name = found ? query.text() : std::string();
    STORE_TRY(query.end());
    return note(database, at, "asset.unsupported", uuid.text(), name, "");
  }
  STORE_TRY(drop_view(database, kAllSources, asset));
  STORE_TRY(put_shown(database, asset, *view, record));
  return run(database, "UPDATE assets SET last_updated = ? WHERE asset_id = ?", at, asset);
}

}  // namespace

Result<void> end_earlier(Database& database, AssetId newcomer, const Observation& observation) {
  const auto earlier = earlier_ones(database, newcomer, observation);
  if (!earlier) {
    return fail(earlier.error());
  }
  for (const Earlier& item : *earlier) {
    STORE_TRY(drop_view(database, item.source, item.asset));
    STORE_TRY(run(database, "DELETE FROM observations WHERE source_id = ?", item.source));
    const auto left =
        integer_from(database, "SELECT count(*) FROM observations WHERE asset_id = ?", item.asset);
    if (!left) {
      return fail(left.error());
    }
    STORE_TRY(*left == 0 ? end_observing(database, item.asset, observation.at)
                         : refresh_composed(database, item.asset, observation.at));
  }
  return {};
}

}  // namespace ot::store
