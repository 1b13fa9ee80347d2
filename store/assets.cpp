#include "store/assets.hpp"

#include "store/add_ons.hpp"
#include "store/composed.hpp"
#include "store/facts.hpp"
#include "store/observations.hpp"
#include "store/received.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

/// What is left of an asset that no live file supports: the columns of the list.
Result<Asset> last_known(Database& database, AssetId asset) {
  Query query(database,
              "SELECT name, station, vendor, model, product_name, category, order_id,"
              " serial_number, firmware_version, address, mac FROM assets WHERE asset_id = ?",
              asset);
  Asset record;
  if (query.next()) {
    record.name = query.text();
    record.station = query.text();
    record.hardware = {.vendor = query.text(),
                       .model = query.text(),
                       .product_name = query.text(),
                       .category = category_from(query.view())};
    record.order_id = query.text();
    record.serial_number = query.text();
    record.firmware_version = query.text();
    Interface attachment;
    attachment.address = query.text();
    attachment.mac_address = query.text();
    if (attachment != Interface{}) {
      record.interfaces.push_back(std::move(attachment));
    }
  }
  STORE_TRY(query.end());
  return record;
}

/// The file that the list would show if no device had been asked.
Result<FileId> configured_file(Database& database, AssetId asset) {
  return integer_from(database, "SELECT shown_file FROM configured_views WHERE asset_id = ?", asset)
      .transform([](const auto& file) { return file.value_or(0); });
}

/// What other rackscouts say of it; the newest stands for all where nothing was found here.
Result<void> add_received(Database& database, StoredAsset& asset) {
  auto rows = received_of(database, asset.asset_id);
  if (!rows) {
    return fail(rows.error());
  }
  bool is_compared = false;
  for (ReceivedRow& row : *rows) {
    auto sightings = sightings_of_source(database, row.source, asset.asset_id);
    if (!sightings) {
      return fail(sightings.error());
    }
    asset.sightings.insert(asset.sightings.end(), sightings->begin(), sightings->end());
    asset.configured |= row.configured;
    if (asset.shown.path.empty() && !row.path.empty()) {
      asset.shown.path = std::move(row.path);
      asset.shown.exported_at = row.exported_at;
    }
    if (!is_compared) {
      asset.stated = std::move(row.differences);
    }
    // A walk that heard the device and read its project says also that they agree.
    is_compared |= !asset.stated.empty() || (row.walked && row.configured && !sightings->empty());
  }
  return {};
}

/// All that was observed, together with the newest file, whose path it bears.
Result<void> add_composed(Database& database, StoredAsset& asset) {
  auto rows = observations_of(database, asset.asset_id);
  if (!rows) {
    return fail(rows.error());
  }
  for (ObservationRow& row : *rows) {
    asset.sightings.push_back(std::move(row.sighting));
  }
  const auto file = configured_file(database, asset.asset_id);
  if (!file) {
    return fail(file.error());
  }
  auto sides = read_sides(database, asset.asset_id);
  if (!sides) {
    return fail(sides.error());
  }
  asset.sides = std::move(*sides);
  asset.configured = *file != 0;
  asset.shown.file_id = *file;
  Query query(database,
              "SELECT s.path, f.exported_at FROM asset_facts f"
              " CROSS JOIN files s ON s.file_id = f.file_id WHERE f.file_id = ? AND f.asset_id = ?",
              *file, asset.asset_id);
  if (query.next()) {
    asset.shown.path = query.text();
    asset.shown.exported_at = query.optional_time();
  }
  STORE_TRY(query.end());
  return add_received(database, asset);
}

Result<void> add_shown(Database& database, FileId file, StoredAsset& asset) {
  if (file == 0) {
    auto record = last_known(database, asset.asset_id);
    if (!record) {
      return fail(record.error());
    }
    asset.shown.record = std::move(*record);
    return {};
  }
  auto source = read_source(database, file, asset.asset_id, asset.asset_uuid);
  if (!source) {
    return fail(source.error());
  }
  if (*source) {
    asset.shown = std::move(**source);
  }
  return file == kAllSources ? add_composed(database, asset) : Result<void>{};
}

Result<std::optional<SourcedAsset>> read_facts(Database& database, FileId source, AssetId asset) {
  Query query(database,
              "SELECT max(f.file_id, 0), coalesce(s.path, ''), f.exported_at, f.facts"
              " FROM asset_facts f LEFT JOIN files s ON s.file_id = f.file_id"
              " WHERE f.file_id = ? AND f.asset_id = ?",
              source, asset);
  std::optional<SourcedAsset> found;
  if (query.next()) {
    found = SourcedAsset{.file_id = query.integer(),
                         .path = query.text(),
                         .exported_at = query.optional_time(),
                         .sighting = {},
                         .record = facts_from(query.view()),
                         .add_ons = {}};
  }
  STORE_TRY(query.end());
  return found;
}

}  // namespace

Result<std::optional<SourcedAsset>> read_source(Database& database, FileId file, AssetId asset,
                                                const Uuid& asset_uuid) {
  auto source = read_facts(database, file, asset);
  if (source && *source) {
    auto add_ons = read_add_ons(database, file, asset, asset_uuid);
    if (!add_ons) {
      return fail(add_ons.error());
    }
    (**source).add_ons = std::move(*add_ons);
  }
  return source;
}

Result<std::optional<StoredAsset>> read_asset(Database& database, AssetId asset) {
  std::optional<StoredAsset> found;
  FileId shown_file = 0;
  Query query(database,
              "SELECT asset_id, asset_uuid, site, area, created, last_updated, sensor, shown_file"
              " FROM assets WHERE asset_id = ?",
              asset);
  if (query.next()) {
    found = StoredAsset{.asset_id = query.integer(),
                        .asset_uuid = query.uuid(),
                        .site = query.text(),
                        .area = query.text(),
                        .created = query.time(),
                        .last_updated = query.time(),
                        .shown = {},
                        .sightings = {},
                        .sides = {},
                        .sensor = query.text(),
                        .stated = {}};
    shown_file = query.optional_integer().value_or(0);
  }
  STORE_TRY(query.end());
  if (found) {
    STORE_TRY(add_shown(database, shown_file, *found));
  }
  return found;
}

}  // namespace ot::store
