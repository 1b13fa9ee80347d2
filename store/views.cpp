#include "store/views.hpp"

#include "store/facts.hpp"
#include "store/fingerprint.hpp"

namespace ot::store {

Result<void> write_facts(Database& database, FileId file, const AssetRef& asset,
                         const Asset& record, std::optional<Time> exported_at, Time newness) {
  const std::string facts = facts_text(record);
  Fingerprint fingerprint(facts);
  for (const AddOn& add_on : record.add_ons) {
    fingerprint.add(add_on);
  }
  return run(database,
             "INSERT INTO asset_facts(file_id, asset_id, exported_at, newness, fingerprint,"
             " add_on_count, facts) VALUES(?, ?, ?, ?, ?, ?, ?)",
             file, asset.id, exported_at, newness, fingerprint.value(), record.add_ons.size(),
             facts);
}

Result<std::optional<Asset>> read_facts(Database& database, FileId file, AssetId asset) {
  Query query(database, "SELECT facts FROM asset_facts WHERE file_id = ? AND asset_id = ?", file,
              asset);
  std::optional<Asset> record;
  if (query.next()) {
    record = facts_from(query.view());
  }
  STORE_TRY(query.end());
  return record;
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
  STORE_TRY(run(database, "DELETE FROM add_ons WHERE file_id = ?", file));
  return run(database, "DELETE FROM asset_facts WHERE file_id = ?", file);
}

Result<void> move_facts(Database& database, FileId from, FileId to) {
  STORE_TRY(run(database, "UPDATE add_ons SET file_id = ? WHERE file_id = ?", to, from));
  return run(database, "UPDATE asset_facts SET file_id = ? WHERE file_id = ?", to, from);
}

Result<void> renew_newness(Database& database, FileId file, Time newness) {
  return run(database,
             "UPDATE asset_facts SET newness = ? WHERE file_id = ? AND exported_at IS NULL",
             newness, file);
}

}  // namespace ot::store
