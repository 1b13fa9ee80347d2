#include "store/upkeep.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/file_names.hpp"
#include "store/journal.hpp"
#include "store/keys.hpp"
#include "store/word_index.hpp"

namespace ot::store {
namespace {

/// What an entry takes beside its texts, about.
constexpr std::int64_t kEntryOverhead = 32;
/// What a transaction deletes is in memory until it ends, in case it fails.
constexpr std::int64_t kTrimmedAtOnce = 10'000;

Result<void> erase_asset(Database& database, AssetId asset) {
  // Its id is never given again: somebody may have kept it.
  STORE_TRY(
      run(database,
          "REPLACE INTO meta(name, value) SELECT 'last_asset_id', max(asset_id) FROM assets"));
  STORE_TRY(run(database, "DELETE FROM add_ons WHERE asset_id = ?", asset));
  STORE_TRY(run(database, "DELETE FROM asset_facts WHERE asset_id = ?", asset));
  STORE_TRY(run(database, "DELETE FROM observations WHERE asset_id = ?", asset));
  STORE_TRY(run(database, "DELETE FROM received WHERE asset_id = ?", asset));
  STORE_TRY(run(database, "DELETE FROM received_sightings WHERE asset_id = ?", asset));
  STORE_TRY(run(database, "DELETE FROM configured_views WHERE asset_id = ?", asset));
  STORE_TRY(run(database, "DELETE FROM asset_keys WHERE asset_id = ?", asset));
  STORE_TRY(run(database, "DELETE FROM asset_uuids WHERE asset_id = ?", asset));
  // First it leaves the list, and with it the index.
  STORE_TRY(run(database, "UPDATE assets SET shown_file = NULL WHERE asset_id = ?", asset));
  return run(database, "DELETE FROM assets WHERE asset_id = ?", asset);
}

/// Nothing has supported them for that long; the journal that told of them is gone as well.
Result<std::int64_t> trim_assets(Database& database, Time oldest) {
  std::vector<AssetId> assets;
  {
    Query query(database,
                "SELECT asset_id FROM assets WHERE shown_file IS NULL AND last_updated < ?",
                oldest);
    while (query.next()) {
      assets.push_back(query.integer());
    }
    STORE_TRY(query.end());
  }
  for (const auto asset : assets) {
    STORE_TRY(erase_asset(database, asset));
  }
  return static_cast<std::int64_t>(assets.size());
}

Result<std::int64_t> trim_age(Database& database, Time oldest) {
  STORE_TRY(run(database,
                "DELETE FROM journal WHERE entry_id IN"
                " (SELECT entry_id FROM journal WHERE at < ? ORDER BY entry_id LIMIT ?)",
                oldest, kTrimmedAtOnce));
  std::int64_t removed = database.changes();
  STORE_TRY(run(database,
                "DELETE FROM files WHERE file_id IN (SELECT file_id FROM files"
                " WHERE status = 'Deleted' AND last_updated < ? LIMIT ?)",
                oldest, kTrimmedAtOnce));
  removed += database.changes();
  auto assets = trim_assets(database, oldest);
  return assets ? Result<std::int64_t>(removed + *assets) : assets;
}

/// A tool that saves a file each minute leaves a row of each content: so many are kept.
Result<std::int64_t> trim_deleted(Database& database) {
  constexpr std::int64_t kMost = 20'000;
  STORE_TRY(run(database,
                "DELETE FROM files WHERE file_id IN (SELECT file_id FROM files"
                " WHERE status = 'Deleted' ORDER BY last_updated DESC LIMIT ? OFFSET ?)",
                kTrimmedAtOnce, kMost));
  return database.changes();
}

/// A station that is renamed or moved ever again leaves its old places behind. Of each kind of
/// place so many are kept, those that a record bore last; where that is not known (0), all.
Result<void> trim_places(Database& database) {
  constexpr std::int64_t kMost = 256;
  std::vector<std::pair<AssetId, std::int64_t>> many;
  {
    Query query(database,
                "SELECT asset_id, kind FROM asset_keys WHERE said_at > 0 GROUP BY asset_id, kind"
                " HAVING kind >= ? AND count(*) > ?",
                KeyKind::address, kMost);
    while (query.next()) {
      const auto asset = query.integer();
      many.emplace_back(asset, query.integer());
    }
    STORE_TRY(query.end());
  }
  for (const auto& [asset, kind] : many) {
    STORE_TRY(run(database,
                  "DELETE FROM asset_keys WHERE (kind, value) IN"
                  " (SELECT kind, value FROM asset_keys WHERE asset_id = ? AND kind = ?"
                  " AND said_at > 0 ORDER BY said_at DESC LIMIT -1 OFFSET ?)",
                  asset, kind, kMost));
  }
  return {};
}

/// Removals that every sink was told of are of no use; those that are too old, or too many, are
/// dropped although a sink was not. It begins anew then: what it is told after that is all there
/// is, so nothing that was dropped is missed.
Result<void> trim_removals(Database& database, std::chrono::hours age, Time now) {
  constexpr std::int64_t kMost = 100'000;
  STORE_TRY(run(database,
                "DELETE FROM changes WHERE gone IS NOT NULL AND change <="
                " coalesce((SELECT min(told) FROM sinks), 9223372036854775807)"));
  const auto oldest = age.count() > 0 ? now - age : Time::min();
  const auto cut = integer_from(database,
                                "SELECT max(coalesce((SELECT max(change) FROM changes"
                                " WHERE gone IS NOT NULL AND at < ?1), 0), coalesce("
                                "(SELECT change FROM changes WHERE gone IS NOT NULL"
                                " ORDER BY change DESC LIMIT 1 OFFSET ?2), 0))",
                                oldest, kMost);
  if (!cut || cut->value_or(0) == 0) {
    return cut ? Result<void>{} : fail(cut.error());
  }
  STORE_TRY(run(database,
                "INSERT INTO journal(at, kind, subject, before, after) SELECT ?1, 'sink.renewed',"
                " sink, 'removals were not told in time', 'everything is told anew' FROM sinks"
                " WHERE (told > 0 OR flight <> '') AND told < ?2",
                now, **cut));
  STORE_TRY(run(database,
                "DELETE FROM set_aside WHERE sink IN (SELECT sink FROM sinks"
                " WHERE (told > 0 OR flight <> '') AND told < ?)",
                **cut));
  STORE_TRY(run(database,
                "UPDATE sinks SET epoch = lower(hex(randomblob(16))), told = 0, sequence = 0,"
                " flight = '', upto = 0, complete = 0, fresh = 1 WHERE (told > 0 OR flight <> '') "
                "AND told < ?",
                **cut));
  return run(database, "DELETE FROM changes WHERE gone IS NOT NULL AND change <= ?", **cut);
}

Result<std::int64_t> trim_size(Database& database, std::uint64_t most) {
  Query query(database,
              "SELECT entry_id, length(CAST(kind || subject || before || after AS BLOB)) + ?"
              " FROM journal ORDER BY entry_id DESC",
              kEntryOverhead);
  std::uint64_t total = 0;
  std::int64_t first_too_old = 0;
  while (first_too_old == 0 && query.next()) {
    const auto entry = query.integer();
    total += static_cast<std::uint64_t>(query.integer());
    first_too_old = total > most ? entry : 0;
  }
  STORE_TRY(query.end());
  if (first_too_old == 0) {
    return 0;
  }
  STORE_TRY(run(database,
                "DELETE FROM journal WHERE entry_id IN"
                " (SELECT entry_id FROM journal WHERE entry_id <= ? ORDER BY entry_id LIMIT ?)",
                first_too_old, kTrimmedAtOnce));
  return database.changes();
}

/// Rows of the query, a line each, behind what is wrong with them.
Result<void> complain(Database& database, Sql sql, std::string_view what,
                      std::vector<std::string>& lines) {
  constexpr std::size_t kMost = 20;
  Query query(database, sql);
  for (std::size_t found = 0; query.next(); ++found) {
    if (found == kMost) {
      lines.push_back(fmt::format("{}: and more", what));
      return {};
    }
    lines.push_back(fmt::format("{}: {}", what, query.view()));
  }
  return query.end();
}

/// Who goes on with a copy is another one than who sent so far: all is told anew.
Result<void> renew_epochs(const std::string& path) {
  auto copy = Database::open(path, Database::Access::read_write);
  if (!copy) {
    return fail(std::move(copy).error());
  }
  return copy->execute(
      "DELETE FROM set_aside;"
      "UPDATE sinks SET epoch = lower(hex(randomblob(16))), told = 0, sequence = 0, flight = '',"
      " upto = 0, complete = 0, fresh = 1");
}

}  // namespace

Result<std::int64_t> trim_history(Database& database, const Retention& retention, Time now) {
  STORE_TRY(trim_places(database));
  STORE_TRY(trim_removals(database, retention.removals, now));
  auto deleted = trim_deleted(database);
  if (!deleted) {
    return deleted;
  }
  std::int64_t removed = *deleted;
  if (retention.age.count() > 0) {
    auto aged = trim_age(database, now - retention.age);
    if (!aged) {
      return aged;
    }
    removed += *aged;
  }
  if (retention.journal_size > 0) {
    auto cut = trim_size(database, retention.journal_size);
    if (!cut) {
      return cut;
    }
    removed += *cut;
  }
  return removed;
}

Result<std::vector<std::string>> find_damage(Database& database) {
  std::vector<std::string> lines;
  STORE_TRY(complain(database,
                     "SELECT integrity_check FROM pragma_integrity_check(20)"
                     " WHERE integrity_check <> 'ok'",
                     "SQLite", lines));
  STORE_TRY(complain(database,
                     "SELECT asset_id FROM assets a WHERE shown_file IS NOT NULL AND NOT EXISTS"
                     " (SELECT 1 FROM asset_facts f WHERE f.file_id = a.shown_file"
                     " AND f.asset_id = a.asset_id)",
                     "asset without the facts that the list shows", lines));
  STORE_TRY(complain(database,
                     "SELECT DISTINCT f.file_id FROM asset_facts f WHERE f.file_id > 0 AND"
                     " NOT EXISTS (SELECT 1 FROM files s WHERE s.file_id = f.file_id)",
                     "facts of a file that is not there", lines));
  STORE_TRY(complain(database,
                     "SELECT DISTINCT f.asset_id FROM asset_facts f WHERE NOT EXISTS"
                     " (SELECT 1 FROM assets a WHERE a.asset_id = f.asset_id)",
                     "facts of an asset that is not there", lines));
  STORE_TRY(complain(database,
                     "SELECT asset_id FROM asset_keys k WHERE NOT EXISTS"
                     " (SELECT 1 FROM assets a WHERE a.asset_id = k.asset_id)",
                     "key of an asset that is not there", lines));
  STORE_TRY(complain(database,
                     "SELECT asset_id FROM assets a WHERE shown_file IS NOT NULL AND add_on_count"
                     " <> (SELECT count(*) FROM add_ons x WHERE x.file_id = a.shown_file"
                     " AND x.asset_id = a.asset_id)",
                     "asset with another number of add-ons than it says", lines));
  const auto unfound = check_words(database);
  if (!unfound) {
    lines.push_back("word index: " + unfound.error().text());
    return lines;
  }
  for (const AssetId asset : *unfound) {
    lines.push_back(fmt::format("asset that filters don't find as it is: {}", asset));
  }
  return lines;
}

Result<void> copy_to(Database& database, const std::string& path) {
  const auto can_not = [&path](int number) {
    return fail(system_error(number, fmt::format("backup \"{}\"", path))
                    .hint("name a file that is not there yet, in a folder that is"));
  };
  struct stat there {};
  if (::lstat(path.c_str(), &there) == 0) {
    return can_not(EEXIST);
  }
  // What bears the name is a whole copy, on the disk.
  auto beside = path + ".XXXXXX";
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);  // O_EXCL, mode 0600
  if (file < 0) {
    return can_not(errno);
  }
  auto copied = run(database, "VACUUM INTO ?", beside);
  if (copied) {
    copied = renew_epochs(beside);
  }
  if (copied && (::fsync(file) != 0 || !give_name(beside, path, IfThere::keep))) {
    copied = can_not(errno);
  }
  ::close(file);
  if (!copied) {
    ::unlink(beside.c_str());
    return fail(std::move(copied).error().during(fmt::format("backup \"{}\"", path)));
  }
  return keep_name(path) ? Result<void>{} : can_not(errno);
}

Result<void> remove_asset(Database& database, AssetId asset, Time at) {
  std::optional<std::pair<Uuid, std::string>> known;
  {
    Query query(database, "SELECT asset_uuid, name FROM assets WHERE asset_id = ?", asset);
    if (query.next()) {
      const auto uuid = query.uuid();
      known = std::pair(uuid, query.text());
    }
    STORE_TRY(query.end());
  }
  if (!known) {
    return fail(Errc::not_found, fmt::format("there is no asset {}", asset));
  }
  STORE_TRY(erase_asset(database, asset));
  return note(database, at, "asset.forgotten", known->first.text(), known->second, "");
}

Result<std::uint64_t> size_on_disk(const std::string& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);
  if (failed) {
    return fail(system_error(failed.value(), fmt::format("store \"{}\"", path)));
  }
  const auto log = std::filesystem::file_size(path + "-wal", failed);
  return failed ? size : size + log;
}

}  // namespace ot::store
