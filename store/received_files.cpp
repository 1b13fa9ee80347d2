#include "store/received_files.hpp"

#include <algorithm>

#include "store/facts.hpp"

namespace ot::store {
namespace {

struct Known {
  FileId id = 0;
  std::optional<std::int64_t> fingerprint;
};

Result<std::optional<Known>> find_known(Database& database, const Sender& sender,
                                        const Uuid& uuid) {
  Query query(database,
              "SELECT file_id, fingerprint FROM files WHERE sensor = ? AND sensor <> ''"
              " AND sensor_uuid = ?",
              sender.sensor, uuid);
  std::optional<Known> known;
  if (query.next()) {
    known = Known{.id = query.integer(), .fingerprint = query.optional_integer()};
  }
  STORE_TRY(query.end());
  return known;
}

const std::string& seen_by(const Sender& sender, const SentRecord& record) {
  return record.seen_by.empty() ? sender.sensor : record.seen_by;
}

/// A path is live once where it was found, also where the word of what was there before comes
/// later: that is looked at again then.
Result<void> end_others(Database& database, const Sender& sender, const SentRecord& record) {
  if (record.file->status == FileStatus::deleted) {
    return {};
  }
  return run(database,
             "UPDATE files SET status = 'Deleted', fingerprint = NULL WHERE path = ?"
             " AND (status = 'Importing') = 0 AND sensor = ? AND seen_by = ?"
             " AND status <> 'Deleted' AND sensor_uuid <> ?",
             record.file->path, sender.sensor, seen_by(sender, record), record.uuid);
}

/// A row for it, with what never changes.
Result<FileId> add_row(Database& database, const Sender& sender, const SentRecord& record) {
  const auto& file = *record.file;
  STORE_TRY(run(database,
                "INSERT INTO files(file_uuid, path, name, extension, status, device, inode, size,"
                " mtime_ns, ctime_ns, site, area, plant_location, uploaded_by, last_updated,"
                " sensor, seen_by, sensor_uuid)"
                " VALUES(?, ?, ?, ?, 'Importing', 0, 0, 0, 0, 0, '', '', '', ?, 0, ?, ?, ?)",
                record.uuid, file.path, file.name, file.extension, file.uploaded_by, sender.sensor,
                seen_by(sender, record), record.uuid));
  return database.last_insert_id();
}

Result<void> write(Database& database, FileId row, const Sender& sender, const SentRecord& record) {
  const auto& file = *record.file;
  return run(database,
             "UPDATE files SET path = ?, name = ?, extension = ?, status = ?, size = ?, site = ?,"
             " area = ?, plant_location = ?, vendor = ?, asset_count = ?, tool_name = ?,"
             " tool_version = ?, tool_confidence = ?, project_name = ?, exported_text = ?,"
             " exported_at = ?, md5 = ?, sha256 = ?, uploaded_by = ?, last_updated = ?,"
             " parser = ?, fingerprint = ?, details = ?, warnings = ?, error = ?, seen_by = ?,"
             " generation = ? WHERE file_id = ?",
             file.path, file.name, file.extension, to_string(file.status), file.size,
             file.place.site, file.place.area, file.place.plant_location, file.vendor,
             file.asset_count, file.engineering_tool_name, file.engineering_tool_version,
             file.tool_confidence, file.project_name, file.exported_text, file.exported_at,
             file.digests.md5, file.digests.sha256, file.uploaded_by,
             std::min(file.last_updated, sender.arrived_at), file.parser, record.fingerprint,
             details_text(file.details), warnings_text(file.warnings), file.error,
             seen_by(sender, record), sender.generation, row);
}

}  // namespace

Result<Receipt::Status> put_received_file(Database& database, const Sender& sender,
                                          const SentRecord& record) {
  const auto known = find_known(database, sender, record.uuid);
  if (!known) {
    return fail(known.error());
  }
  if (record.gone()) {
    if (!*known) {
      return Receipt::Status::duplicate;
    }
    STORE_TRY(run(database, "DELETE FROM files WHERE file_id = ?", (**known).id));
    return Receipt::Status::applied;
  }
  if (*known && (**known).fingerprint == record.fingerprint) {
    STORE_TRY(run(database, "UPDATE files SET generation = ? WHERE file_id = ?", sender.generation,
                  (**known).id));
    return Receipt::Status::duplicate;
  }
  STORE_TRY(end_others(database, sender, record));
  const auto row = *known ? Result<FileId>((**known).id) : add_row(database, sender, record);
  if (!row) {
    return fail(row.error());
  }
  STORE_TRY(write(database, *row, sender, record));
  return Receipt::Status::applied;
}

}  // namespace ot::store
