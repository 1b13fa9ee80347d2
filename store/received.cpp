#include "store/received.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "store/add_ons.hpp"
#include "store/composed.hpp"
#include "store/identity.hpp"
#include "store/received_files.hpp"
#include "store/shown.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

using Json = nlohmann::json;

/// A record of the sensor that is known already.
struct Known {
  FileId source = 0;
  AssetId asset = 0;
  std::int64_t fingerprint = 0;
  std::int64_t generation = 0;
};

/// A list of lists of four texts; behind them an object, where it is the word of a walk.
std::string differences_text(const SentAsset& asset) {
  Json out = Json::array();
  for (const auto& item : asset.differences) {
    out.push_back({item.place, item.kind, item.configured, item.observed});
  }
  if (asset.walked) {
    out.push_back({{"whole", asset.walked->whole}, {"named", asset.walked->named}});
  }
  return out.empty() ? std::string() : out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<std::string> texts_of(const Json& in, const char* name) {
  std::vector<std::string> texts;
  const auto list = in.find(name);
  for (const auto& item : list == in.end() ? Json::array() : *list) {
    if (item.is_string()) {
      texts.push_back(item.get<std::string>());
    }
  }
  return texts;
}

std::optional<Walked> walked_from(std::string_view text) {
  // Few are a walk's: the rest is not read twice.
  const auto in = text.ends_with("}]") ? Json::parse(text, nullptr, false) : Json();
  if (!in.is_array() || in.empty() || !in.back().is_object()) {
    return std::nullopt;
  }
  return Walked{.whole = texts_of(in.back(), "whole"), .named = texts_of(in.back(), "named")};
}

std::vector<StatedDifference> differences_from(std::string_view text) {
  std::vector<StatedDifference> differences;
  const auto in = Json::parse(text, nullptr, false);
  for (const auto& item : in.is_array() ? in : Json::array()) {
    const bool sound =
        item.is_array() && item.size() == 4 &&
        std::all_of(item.begin(), item.end(), [](const Json& value) { return value.is_string(); });
    if (sound) {
      differences.push_back({item[0].get<std::string>(), item[1].get<std::string>(),
                             item[2].get<std::string>(), item[3].get<std::string>()});
    }
  }
  return differences;
}

Result<std::optional<Known>> find_known(Database& database, const std::string& sensor,
                                        const Uuid& uuid) {
  Query query(database,
              "SELECT source_id, asset_id, fingerprint, generation FROM received"
              " WHERE sensor = ? AND uuid = ?",
              sensor, uuid);
  std::optional<Known> known;
  if (query.next()) {
    known = Known{.source = query.integer(),
                  .asset = query.integer(),
                  .fingerprint = query.integer(),
                  .generation = query.integer()};
  }
  STORE_TRY(query.end());
  return known;
}

Result<void> remove(Database& database, const Known& known, Time at) {
  STORE_TRY(drop_view(database, known.source, known.asset));
  STORE_TRY(run(database, "DELETE FROM received_sightings WHERE asset_id = ? AND source_id = ?",
                known.asset, known.source));
  STORE_TRY(run(database, "DELETE FROM received WHERE source_id = ?", known.source));
  return lose_source(database, known.asset, at);
}

Result<Receipt::Status> remove_asset(Database& database, const Sender& sender,
                                     const SentRecord& record) {
  const auto known = find_known(database, sender.sensor, record.uuid);
  if (!known) {
    return fail(known.error());
  }
  if (!*known) {
    return Receipt::Status::duplicate;
  }
  STORE_TRY(remove(database, **known, sender.arrived_at));
  return Receipt::Status::applied;
}

Result<void> write_row(Database& database, const Sender& sender, const SentRecord& record,
                       const Known& at) {
  const auto& asset = *record.asset;
  return run(database,
             "REPLACE INTO received(source_id, sensor, uuid, asset_id, generation, fingerprint,"
             " seen_by, site, area, observed_at, configured, path, exported_at, differences)"
             " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
             at.source, sender.sensor, record.uuid, at.asset, sender.generation, record.fingerprint,
             record.seen_by.empty() ? sender.sensor : record.seen_by, asset.site, asset.area,
             std::min(record.observed_at, sender.arrived_at), asset.configured, asset.path,
             asset.exported_at, differences_text(asset));
}

Result<void> write_sightings(Database& database, const std::vector<Sighting>& sightings,
                             const Known& at) {
  STORE_TRY(run(database, "DELETE FROM received_sightings WHERE asset_id = ? AND source_id = ?",
                at.asset, at.source));
  for (const auto& sighting : sightings) {
    STORE_TRY(run(database,
                  "REPLACE INTO received_sightings(source_id, asset_id, protocol, target, address,"
                  " first_seen, last_seen) VALUES(?, ?, ?, ?, ?, ?, ?)",
                  at.source, at.asset, sighting.protocol, sighting.target, sighting.address,
                  sighting.first_seen, sighting.last_seen));
  }
  return {};
}

Result<void> write_view(Database& database, const AssetRef& asset, FileId source,
                        const SentRecord& record, Time newness) {
  STORE_TRY(drop_view(database, source, asset.id));
  AddOnWriter add_ons(database, source, 0);
  STORE_TRY(add_ons.start());
  STORE_TRY(add_ons.write(asset, record.asset->record.add_ons));
  STORE_TRY(add_ons.finish());
  const auto written = write_facts(database, source, asset, record.asset->record,
                                   record.asset->exported_at, newness);
  return written ? Result<void>{} : fail(written.error());
}

Result<Time> last_update_of(Database& database, AssetId asset) {
  Query query(database, "SELECT last_updated FROM assets WHERE asset_id = ?", asset);
  const Time at = query.next() ? query.time() : Time{};
  STORE_TRY(query.end());
  return at;
}

/// Where nothing was found here, the times are those of who did; of several, of the one who saw a
/// change last, in whatever order they come.
Result<void> take_times(Database& database, const AssetRef& asset, const SentAsset& sent,
                        Time arrived_at, Time before) {
  STORE_TRY(run(database,
                "UPDATE assets SET last_updated = CASE WHEN ?4 OR NOT EXISTS (SELECT 1 FROM"
                " received WHERE asset_id = ?3 LIMIT 1 OFFSET 1) THEN ?1 ELSE max(?5, ?1) END,"
                " created = CASE WHEN ?4 THEN ?2 ELSE min(created, ?2) END"
                " WHERE asset_id = ?3 AND sensor <> ''",
                std::min(sent.last_updated, arrived_at), std::min(sent.created, arrived_at),
                asset.id, asset.is_new, before));
  STORE_TRY(run(database,
                "UPDATE assets SET last_updated = ?1 WHERE asset_id = ?2 AND sensor = ''"
                " AND last_updated < ?1",
                before, asset.id));
  // What is told of it upward may have changed although the asset itself did not.
  return run(database, "REPLACE INTO changes(kind, id, at) SELECT 2, ?, now FROM clock", asset.id);
}

Result<Receipt::Status> put_asset(Database& database, const Sender& sender,
                                  const SentRecord& record) {
  auto known = find_known(database, sender.sensor, record.uuid);
  if (!known) {
    return fail(known.error());
  }
  if (*known && (**known).fingerprint == record.fingerprint) {
    STORE_TRY(run(database,
                  "UPDATE received SET generation = ? WHERE source_id = ?"
                  " AND generation <> ?",
                  sender.generation, (**known).source, sender.generation));
    return Receipt::Status::duplicate;
  }
  const auto& sent = *record.asset;
  const Time at = std::min(record.observed_at, sender.arrived_at);
  Identifier identifier(database, {sent.site, sent.area, {}}, at);
  const SentIdentity identity{.sensor = sender.sensor,
                              .uuid = record.uuid,
                              .keys = sent.keys,
                              .observed = !sent.sightings.empty(),
                              .configured = sent.configured,
                              .walk = sent.walked.has_value(),
                              .known = *known ? std::optional((**known).asset) : std::nullopt};
  const auto asset = identifier.asset_of(identity);
  const auto source = *known ? Result<FileId>((**known).source) : free_source(database);
  if (!asset || !source) {
    return fail(asset ? source.error() : asset.error());
  }
  const auto before = last_update_of(database, asset->id);
  if (!before) {
    return fail(before.error());
  }
  const Known place{.source = *source, .asset = asset->id};
  STORE_TRY(begin_composing(database, *asset, at));
  STORE_TRY(write_row(database, sender, record, place));
  STORE_TRY(write_sightings(database, sent.sightings, place));
  STORE_TRY(write_view(database, *asset, *source, record, at));
  STORE_TRY(refresh_composed(database, asset->id, at));
  STORE_TRY(take_times(database, *asset, sent, sender.arrived_at, *before));
  return Receipt::Status::applied;
}

}  // namespace

Result<std::vector<ReceivedRow>> received_of(Database& database, AssetId asset) {
  Query query(
      database,
      "SELECT source_id, seen_by, site, area, observed_at, configured, path, exported_at,"
      " differences FROM received WHERE asset_id = ? ORDER BY observed_at DESC, sensor, source_id",
      asset);
  std::vector<ReceivedRow> rows;
  while (query.next()) {
    auto& row = rows.emplace_back(ReceivedRow{.source = query.integer(),
                                              .seen_by = query.text(),
                                              .site = query.text(),
                                              .area = query.text(),
                                              .observed_at = query.time(),
                                              .configured = query.integer() != 0,
                                              .path = query.text(),
                                              .exported_at = query.optional_time(),
                                              .differences = {},
                                              .walked = {}});
    const auto differences = query.view();
    row.differences = differences_from(differences);
    row.walked = walked_from(differences);
  }
  STORE_TRY(query.end());
  return rows;
}

Result<std::vector<Sighting>> sightings_of_source(Database& database, FileId source,
                                                  AssetId asset) {
  Query query(database,
              "SELECT protocol, target, address, first_seen, last_seen FROM received_sightings"
              " WHERE asset_id = ? AND source_id = ? ORDER BY first_seen, protocol, target",
              asset, source);
  std::vector<Sighting> sightings;
  while (query.next()) {
    sightings.push_back({.protocol = query.text(),
                         .target = query.text(),
                         .address = query.text(),
                         .first_seen = query.time(),
                         .last_seen = query.time()});
  }
  STORE_TRY(query.end());
  return sightings;
}

Result<Receipt::Status> put_received(Database& database, const Sender& sender,
                                     const SentRecord& record) {
  if (record.kind == RecordKind::file) {
    return put_received_file(database, sender, record);
  }
  return record.gone() ? remove_asset(database, sender, record)
                       : put_asset(database, sender, record);
}

Result<void> drop_older(Database& database, const Sender& sender) {
  std::vector<Known> older;
  {
    Query query(database,
                "SELECT source_id, asset_id FROM received WHERE sensor = ? AND generation < ?",
                sender.sensor, sender.generation);
    while (query.next()) {
      const auto source = query.integer();
      older.push_back({.source = source, .asset = query.integer()});
    }
    STORE_TRY(query.end());
  }
  for (const auto& known : older) {
    STORE_TRY(remove(database, known, sender.arrived_at));
  }
  return run(database, "DELETE FROM files WHERE sensor = ? AND sensor <> '' AND generation < ?",
             sender.sensor, sender.generation);
}

}  // namespace ot::store
