#include "store/known_files.hpp"

#include <algorithm>

#include "store/columns.hpp"

namespace ot::store {
namespace {

KnownFile take_known(Query& query) {
  return {.path = query.text(),
          .stamp = take_stamp(query),
          .read_at = query.time(),
          .file_id = query.integer(),
          .status = status_from(query.view()),
          .place = take_place(query),
          .sha256 = query.text(),
          .error = query.text()};
}

/// A path has at most one entry: the row Importing tells more than the row
/// beside it, and a project file more than a foreign one.
void keep_one_a_path(std::vector<KnownFile>& known) {
  std::stable_sort(known.begin(), known.end(),
                   [](const KnownFile& a, const KnownFile& b) { return a.path < b.path; });
  const auto same_path = [](const KnownFile& a, const KnownFile& b) { return a.path == b.path; };
  known.erase(std::unique(known.begin(), known.end(), same_path), known.end());
}

}  // namespace

Result<void> put_foreign(Database& database, const std::string& path, const FileStamp& stamp,
                         Time read_at) {
  return run(database, "REPLACE INTO foreign_files VALUES(?, ?, ?, ?, ?, ?, ?)", path, stamp.device,
             stamp.inode, stamp.size, stamp.mtime_ns, stamp.ctime_ns, read_at);
}

Result<void> drop_foreign(Database& database, const std::string& path) {
  return run(database, "DELETE FROM foreign_files WHERE path = ?", path);
}

Result<std::vector<KnownFile>> read_known(Database& database, const std::string& path) {
  // '0' follows '/': the range holds what begins with "path/" and nothing else.
  const std::string folder = path.substr(0, path.find_last_not_of('/') + 1);
  const std::string first = folder + "/";
  const std::string end = folder + "0";
  std::vector<KnownFile> known;
  Query files(
      database,
      "SELECT path, device, inode, size, mtime_ns, ctime_ns, read_at, file_id, status,"
      " site, area, plant_location, sha256, error FROM files"
      " WHERE status <> 'Deleted' AND path >= ?1 AND path < ?3 AND (path = ?1 OR path >= ?2)"
      " AND sensor = '' ORDER BY (status = 'Importing') DESC",
      folder, first, end);
  while (files.next()) {
    known.push_back(take_known(files));
  }
  STORE_TRY(files.end());
  Query foreign(database,
                "SELECT path, device, inode, size, mtime_ns, ctime_ns, read_at, 0, 'Imported',"
                " '', '', '', '', '' FROM foreign_files"
                " WHERE path >= ?1 AND path < ?3 AND (path = ?1 OR path >= ?2)",
                folder, first, end);
  while (foreign.next()) {
    known.push_back(take_known(foreign));
  }
  STORE_TRY(foreign.end());
  keep_one_a_path(known);
  return known;
}

Result<std::vector<KnownFile>> read_importing(Database& database) {
  Query query(database,
              "SELECT path, device, inode, size, mtime_ns, ctime_ns, read_at, file_id, status,"
              " site, area, plant_location, sha256, error FROM files"
              " WHERE status <> 'Deleted' AND (status = 'Importing') = 1 AND sensor = ''"
              " ORDER BY path");
  std::vector<KnownFile> importing;
  while (query.next()) {
    importing.push_back(take_known(query));
  }
  STORE_TRY(query.end());
  return importing;
}

}  // namespace ot::store
