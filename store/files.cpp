#include "store/files.hpp"

#include <fmt/format.h>

#include "store/columns.hpp"
#include "store/facts.hpp"

namespace ot::store {
namespace {

struct Name {
  std::string_view stem;
  std::string_view extension;  ///< with its dot
};

Name name_of(std::string_view path) {
  const std::string_view base = path.substr(path.rfind('/') + 1);
  const auto dot = base.rfind('.');
  return dot == 0 || dot == std::string_view::npos ? Name{base, {}}
                                                   : Name{base.substr(0, dot), base.substr(dot)};
}

Result<std::optional<FileRow>> first_row(Query& query) {
  std::optional<FileRow> row;
  if (query.next()) {
    row = FileRow{.id = query.integer(),
                  .path = query.text(),
                  .status = status_from(query.view()),
                  .stamp = take_stamp(query),
                  .place = take_place(query),
                  .sha256 = query.text(),
                  .parser = query.text(),
                  .error = query.text(),
                  .fingerprint = query.optional_integer()};
  }
  STORE_TRY(query.end());
  return row;
}

// The time keeps the UUIDs of two stores apart.
Uuid file_uuid(const std::string& path, FileId file, Time at) {
  return uuid_v5(kRackscoutNamespace,
                 fmt::format("file\n{}\n{}\n{}", path, file, at.time_since_epoch().count()));
}

Result<void> set_uuid(Database& database, const NewImport& file, FileId row, Time at) {
  return run(database, "UPDATE files SET file_uuid = ? WHERE file_id = ?",
             file_uuid(file.path, row, at), row);
}

Result<std::optional<FileRow>> row_at(Database& database, const std::string& path, bool importing) {
  Query query(database,
              "SELECT file_id, path, status, device, inode, size, mtime_ns, ctime_ns, site, area,"
              " plant_location, sha256, parser, error, fingerprint FROM files"
              " WHERE path = ? AND (status = 'Importing') = ? AND sensor = ''"
              " AND status <> 'Deleted'",
              path, importing);
  return first_row(query);
}

}  // namespace

bool was_read(const ImportOutcome& outcome) {
  return !outcome.error || !outcome.digests.sha256.empty();
}

Result<std::optional<FileRow>> file_row(Database& database, FileId file) {
  Query query(database,
              "SELECT file_id, path, status, device, inode, size, mtime_ns, ctime_ns, site, area,"
              " plant_location, sha256, parser, error, fingerprint FROM files WHERE file_id = ?",
              file);
  return first_row(query);
}

Result<std::optional<FileRow>> live_row(Database& database, const std::string& path) {
  return row_at(database, path, false);
}

Result<std::optional<FileRow>> importing_row(Database& database, const std::string& path) {
  return row_at(database, path, true);
}

Result<FileId> add_importing(Database& database, const NewImport& file, Time at) {
  const Name name = name_of(file.path);
  STORE_TRY(run(database,
                "INSERT INTO files(file_uuid, path, name, extension, status, device, inode, size,"
                " mtime_ns, ctime_ns, site, area, plant_location, uploaded_by, last_updated)"
                " VALUES(x'', ?, ?, ?, 'Importing', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                file.path, name.stem, name.extension, file.stamp.device, file.stamp.inode,
                file.stamp.size, file.stamp.mtime_ns, file.stamp.ctime_ns, file.place.site,
                file.place.area, file.place.plant_location, file.uploaded_by, at));
  const FileId row = database.last_insert_id();
  STORE_TRY(set_uuid(database, file, row, at));
  return row;
}

Result<void> reuse_importing(Database& database, FileId row, const NewImport& file) {
  return run(database,
             "UPDATE files SET device = ?, inode = ?, size = ?, mtime_ns = ?, ctime_ns = ?,"
             " site = ?, area = ?, plant_location = ?, uploaded_by = ? WHERE file_id = ?",
             file.stamp.device, file.stamp.inode, file.stamp.size, file.stamp.mtime_ns,
             file.stamp.ctime_ns, file.place.site, file.place.area, file.place.plant_location,
             file.uploaded_by, row);
}

Result<void> renew_stamp(Database& database, FileId file, const ImportOutcome& outcome) {
  const FileStamp& stamp = outcome.stamp;
  return run(database,
             "UPDATE files SET device = ?, inode = ?, size = ?, mtime_ns = ?, ctime_ns = ?,"
             " read_at = ? WHERE file_id = ?",
             stamp.device, stamp.inode, stamp.size, stamp.mtime_ns, stamp.ctime_ns,
             was_read(outcome) ? outcome.read_at : Time{}, file);
}

Result<void> store_outcome(Database& database, FileId file, const ImportOutcome& outcome, Time at) {
  const Project& project = outcome.project;
  STORE_TRY(renew_stamp(database, file, outcome));
  STORE_TRY(run(database,
                "UPDATE files SET status = ?, vendor = ?, tool_name = ?, tool_version = ?,"
                " tool_confidence = ?, project_name = ?, exported_text = ?, exported_at = ?,"
                " md5 = ?, sha256 = ?, parser = ?, details = ?, error = ?, last_updated = ?"
                " WHERE file_id = ?",
                to_string(outcome.error ? FileStatus::failed : FileStatus::imported),
                project.vendor, project.engineering_tool_name, project.engineering_tool_version,
                project.tool_confidence, project.project_name, project.exported_text,
                project.exported_at, outcome.digests.md5, outcome.digests.sha256, outcome.parser,
                details_text(project.details),
                outcome.error ? outcome.error->text() : std::string(), at, file));
  return count_assets_of(database, file);
}

Result<void> set_findings(Database& database, FileId file, const std::vector<Warning>& warnings,
                          std::optional<std::int64_t> fingerprint) {
  return run(database, "UPDATE files SET warnings = ?, fingerprint = ? WHERE file_id = ?",
             warnings_text(warnings), fingerprint, file);
}

Result<void> set_status(Database& database, FileId file, const std::optional<Error>& error,
                        Time at) {
  return run(database, "UPDATE files SET status = ?, error = ?, last_updated = ? WHERE file_id = ?",
             to_string(error ? FileStatus::failed : FileStatus::imported),
             error ? error->text() : std::string(), at, file);
}

Result<void> forget_reading(Database& database, FileId file) {
  return run(database, "UPDATE files SET read_at = 0 WHERE file_id = ?", file);
}

Result<void> count_assets_of(Database& database, FileId file) {
  return run(database,
             "UPDATE files SET asset_count = (SELECT count(*) FROM asset_facts"
             " WHERE file_id = ?1) WHERE file_id = ?1",
             file);
}

Result<void> mark_deleted(Database& database, FileId file, Time at) {
  return run(database, "UPDATE files SET status = 'Deleted', last_updated = ? WHERE file_id = ?",
             at, file);
}

Result<void> drop_row(Database& database, FileId file) {
  return run(database, "DELETE FROM files WHERE file_id = ?", file);
}

Result<std::optional<StoredFile>> read_file(Database& database, FileId file) {
  Query query(database,
              "SELECT file_id, file_uuid, path, name, extension, status, site, area,"
              " plant_location, vendor, asset_count, tool_name, tool_version, tool_confidence,"
              " project_name, exported_text, exported_at, md5, sha256, uploaded_by, last_updated,"
              " size, parser, details, warnings, error, seen_by FROM files WHERE file_id = ?",
              file);
  std::optional<StoredFile> found;
  if (query.next()) {
    found = StoredFile{.file_id = query.integer(),
                       .file_uuid = query.uuid(),
                       .path = query.text(),
                       .name = query.text(),
                       .extension = query.text(),
                       .status = status_from(query.view()),
                       .place = take_place(query),
                       .vendor = query.text(),
                       .asset_count = query.integer(),
                       .engineering_tool_name = query.text(),
                       .engineering_tool_version = query.text(),
                       .tool_confidence = query.code<Confidence>(),
                       .project_name = query.text(),
                       .exported_text = query.text(),
                       .exported_at = query.optional_time(),
                       .digests = {.md5 = query.text(), .sha256 = query.text()},
                       .uploaded_by = query.text(),
                       .last_updated = query.time(),
                       .size = static_cast<std::uint64_t>(query.integer()),
                       .parser = query.text(),
                       .details = details_from(query.view()),
                       .warnings = warnings_from(query.view()),
                       .error = query.text(),
                       .sensor = query.text()};
  }
  STORE_TRY(query.end());
  return found;
}

}  // namespace ot::store
