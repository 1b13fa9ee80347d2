#include "store/departures.hpp"

#include <vector>

#include "store/shown.hpp"
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

}  // namespace

Result<void> end_earlier(Database& database, AssetId newcomer, const Observation& observation) {
  const auto earlier = earlier_ones(database, newcomer, observation);
  if (!earlier) {
    return fail(earlier.error());
  }
  for (const Earlier& item : *earlier) {
    STORE_TRY(drop_view(database, item.source, item.asset));
    STORE_TRY(run(database, "DELETE FROM observations WHERE source_id = ?", item.source));
    STORE_TRY(lose_source(database, item.asset, observation.at));
  }
  return {};
}

}  // namespace ot::store
