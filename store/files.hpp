#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// What an import has to know of a row of a project file.
struct FileRow {
  FileId id = 0;
  std::string path;
  FileStatus status = FileStatus::importing;
  FileStamp stamp;
  Place place;
  std::string sha256;
  std::string parser;
  std::string error;
  std::optional<std::int64_t> fingerprint;  ///< of what the parser said of this content
};

/// Whether the file's content was read; what it held may still be an error.
bool was_read(const ImportOutcome& outcome);

Result<std::optional<FileRow>> file_row(Database& database, FileId file);
/// The row Imported or Failed of the path.
Result<std::optional<FileRow>> live_row(Database& database, const std::string& path);
/// The row Importing of the path.
Result<std::optional<FileRow>> importing_row(Database& database, const std::string& path);

Result<FileId> add_importing(Database& database, const NewImport& file, Time at);
/// Takes an Importing row that an earlier run left behind.
Result<void> reuse_importing(Database& database, FileId row, const NewImport& file);

/// The file is the same as when it was read; only when that was is new.
Result<void> renew_stamp(Database& database, FileId file, const ImportOutcome& outcome);
/// Ends the row's life as Importing: Imported, or Failed when there was an error.
Result<void> store_outcome(Database& database, FileId file, const ImportOutcome& outcome, Time at);
/// What was odd, and the fingerprint of all that the parser said.
Result<void> set_findings(Database& database, FileId file, const std::vector<Warning>& warnings,
                          std::optional<std::int64_t> fingerprint);
/// The same content can't be read any more, or can be read again (no error):
/// all that it said stays.
Result<void> set_status(Database& database, FileId file, const std::optional<Error>& error,
                        Time at);
/// The next run must read the file, whatever its stamp says.
Result<void> forget_reading(Database& database, FileId file);
/// How many assets the row supports now.
Result<void> count_assets_of(Database& database, FileId file);
Result<void> mark_deleted(Database& database, FileId file, Time at);
Result<void> drop_row(Database& database, FileId file);

Result<std::optional<StoredFile>> read_file(Database& database, FileId file);

}  // namespace ot::store
