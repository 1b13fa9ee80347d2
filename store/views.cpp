#include "store/views.hpp"

#include "store/facts.hpp"

namespace ot::store {

Result<FileId> free_source(Database& database) {
  return integer_from(database,
                      "SELECT min(coalesce((SELECT min(source_id) FROM observations), -1),"
                      " coalesce((SELECT min(source_id) FROM received), -1)) - 1")
      .transform([](const auto& lowest) { return lowest.value_or(kAllSources - 1); });
}

Result<Fingerprint> write_facts(Database& database, FileId file, const AssetRef& asset,
                                const Asset& record, std::optional<Time> exported_at,
                                Time newness) {
  const std::string facts = facts_text(record);
  const Fingerprint fingerprint = fingerprint_of(record, facts);
  STORE_TRY(run(database,
                "INSERT INTO asset_facts(file_id, asset_id, exported_at, newness, fingerprint,"
                " add_on_count, facts) VALUES(?, ?, ?, ?, ?, ?, ?)",
                file, asset.id, exported_at, newness, fingerprint.value(), record.add_ons.size(),
                facts));
  return fingerprint;
}

Result<std::vector<AssetId>> supported_by(Database& database, FileId file) {
  Query query(database, "SELECT asset_id FROM asset_facts WHERE file_id = ? ORDER BY asset_id",
              file);
  std::vector<AssetId> assets;
  while (query.next()) {
    assets.push_back(query.integer());
  }
  STORE_TRY(query.end());
  return assets;
}

Result<void> remove_facts(Database& database, FileId file) {
  const auto assets = supported_by(database, file);
  if (!assets) {
    return fail(assets.error());
  }
  for (const AssetId asset : *assets) {
    STORE_TRY(run(database,
                  "DELETE FROM add_ons WHERE file_id = ?1 AND asset_id = ?2 AND NOT EXISTS"
                  " (SELECT 1 FROM assets WHERE asset_id = ?2 AND kept_file = ?1) AND NOT EXISTS"
                  " (SELECT 1 FROM configured_views WHERE asset_id = ?2 AND kept_file = ?1)",
                  file, asset));
  }
  return run(database, "DELETE FROM asset_facts WHERE file_id = ?", file);
}

Result<void> drop_view(Database& database, FileId source, AssetId asset) {
  STORE_TRY(drop_add_ons(database, source, asset));
  return run(database, "DELETE FROM asset_facts WHERE file_id = ? AND asset_id = ?", source, asset);
}

Result<void> drop_add_ons(Database& database, FileId file, AssetId asset) {
  return run(database, "DELETE FROM add_ons WHERE file_id = ? AND asset_id = ?", file, asset);
}

Result<void> move_facts(Database& database, FileId from, FileId to) {
  STORE_TRY(run(database, "UPDATE add_ons SET file_id = ? WHERE file_id = ?", to, from));
  STORE_TRY(run(database, "UPDATE asset_facts SET file_id = ? WHERE file_id = ?", to, from));
  STORE_TRY(run(database,
                "UPDATE assets SET shown_file = ?2 WHERE shown_file = ?1 AND asset_id IN"
                " (SELECT asset_id FROM asset_facts WHERE file_id = ?2)",
                from, to));
  return run(database, "UPDATE configured_views SET shown_file = ?2 WHERE shown_file = ?1", from,
             to);
}

Result<void> renew_newness(Database& database, FileId file, Time newness) {
  return run(database,
             "UPDATE asset_facts SET newness = ? WHERE file_id = ? AND exported_at IS NULL",
             newness, file);
}

}  // namespace ot::store
