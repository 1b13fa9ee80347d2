#include "store/imports.hpp"

#include <fmt/format.h>

#include "store/files.hpp"
#include "store/fingerprint.hpp"
#include "store/import_records.hpp"
#include "store/journal.hpp"
#include "store/known_files.hpp"
#include "store/shown.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

std::string text_of(const Place& place) {
  return fmt::format("site \"{}\", area \"{}\", plant location \"{}\"", place.site, place.area,
                     place.plant_location);
}

Result<FileId> start_import(Database& database, const NewImport& file, Time at) {
  const auto left = importing_row(database, file.path);
  if (!left) {
    return fail(left.error());
  }
  const FileId row = *left ? (**left).id : 0;
  if (file.same_row != 0 && file.same_row != row) {
    return fail(Errc::wrong_use,
                fmt::format("\"{}\" is not being imported in row {}", file.path, file.same_row));
  }
  if (row == 0) {
    return add_importing(database, file, at);
  }
  STORE_TRY(reuse_importing(database, row, file));
  return row;
}

/// What was there before is there still. What never could be read is not new.
bool is_same_content(const FileRow& live, const FileRow& row, const ImportOutcome& outcome) {
  const bool never_read = live.status == FileStatus::failed && live.sha256.empty();
  return live.place == row.place && (never_read || live.sha256 == outcome.digests.sha256);
}

Result<void> renew_stamp_and_newness(Database& database, const FileRow& live,
                                     const ImportOutcome& outcome, Time at) {
  STORE_TRY(renew_stamp(database, live.id, outcome));
  if (live.stamp.mtime_ns == outcome.stamp.mtime_ns) {
    return {};
  }
  STORE_TRY(renew_newness(database, live.id, changed_on_disk(outcome.stamp)));
  const auto assets = supported_by(database, live.id);
  return assets ? refresh_shown(database, *assets, at) : fail(assets.error());
}

/// The live row's content was read again.
Result<void> renew(Database& database, const FileRow& live, const FileRow& row,
                   const ImportOutcome& outcome, Time at) {
  if (live.fingerprint == fingerprint_of(outcome.project).value()) {
    STORE_TRY(drop_row(database, row.id));
    STORE_TRY(renew_stamp_and_newness(database, live, outcome, at));
    if (live.status == FileStatus::imported) {
      return {};
    }
    STORE_TRY(set_status(database, live.id, std::nullopt, at));
    return note(database, at, "file.imported", live.path, live.error, outcome.digests.sha256);
  }
  // Other records of the same content: a better parser's, or the first ones.
  // The row Importing holds the earlier ones meanwhile.
  STORE_TRY(move_facts(database, live.id, row.id));
  STORE_TRY(put_records(database, {live.id, row.id, live.path, live.place}, outcome, at));
  STORE_TRY(drop_row(database, row.id));
  return live.status == FileStatus::imported
             ? note(database, at, "file.renewed", live.path, live.parser, outcome.parser)
             : note(database, at, "file.imported", live.path, live.error, outcome.digests.sha256);
}

/// The live row's content, or nothing at all, was read, with an error: its
/// facts stay as they are.
Result<void> fail_in_place(Database& database, const FileRow& live, const FileRow& row,
                           const ImportOutcome& outcome, Time at) {
  STORE_TRY(drop_row(database, row.id));
  STORE_TRY(was_read(outcome) ? renew_stamp(database, live.id, outcome)
                              : forget_reading(database, live.id));
  const std::string error = outcome.error->text();
  const bool first_content = was_read(outcome) && live.sha256.empty();
  if (first_content) {
    STORE_TRY(store_outcome(database, live.id, outcome, at));
    STORE_TRY(set_findings(database, live.id, outcome.project.warnings, std::nullopt));
  } else if (live.status == FileStatus::failed && live.error == error) {
    return {};
  } else {
    STORE_TRY(set_status(database, live.id, outcome.error, at));
  }
  return note(database, at, "file.failed", live.path, live.sha256, error);
}

/// What was known stays listed, as what the failed row supports: its
/// assetCount says how many assets those are.
Result<void> record_failure(Database& database, const std::optional<FileRow>& live,
                            const FileRow& row, const ImportOutcome& outcome, Time at) {
  if (live) {
    STORE_TRY(move_facts(database, live->id, row.id));
    STORE_TRY(mark_deleted(database, live->id, at));
  }
  STORE_TRY(store_outcome(database, row.id, outcome, at));
  STORE_TRY(set_findings(database, row.id, outcome.project.warnings, std::nullopt));
  const auto assets = supported_by(database, row.id);
  if (!assets) {
    return fail(assets.error());
  }
  STORE_TRY(refresh_shown(database, *assets, at));
  return note(database, at, "file.failed", row.path, live ? live->sha256 : "",
              outcome.error->text());
}

Result<void> note_import(Database& database, const std::optional<FileRow>& live, const FileRow& row,
                         const ImportOutcome& outcome, Time at) {
  if (!live) {
    return note(database, at, "file.imported", row.path, "", outcome.digests.sha256);
  }
  if (live->place != row.place && live->sha256 == outcome.digests.sha256) {
    return note(database, at, "file.replaced", row.path, text_of(live->place), text_of(row.place));
  }
  return note(database, at, "file.replaced", row.path, live->sha256, outcome.digests.sha256);
}

Result<void> record_success(Database& database, const std::optional<FileRow>& live,
                            const FileRow& row, const ImportOutcome& outcome, Time at) {
  if (live) {
    STORE_TRY(mark_deleted(database, live->id, at));
  }
  STORE_TRY(put_records(database, {row.id, live ? live->id : 0, row.path, row.place}, outcome, at));
  return note_import(database, live, row, outcome, at);
}

/// No project file is at the path any more. Answers whether one was.
Result<bool> end_file(Database& database, const std::string& path, Time at) {
  const auto importing = importing_row(database, path);
  if (!importing) {
    return fail(importing.error());
  }
  if (*importing) {
    STORE_TRY(drop_row(database, (**importing).id));
  }
  const auto live = live_row(database, path);
  if (!live) {
    return fail(live.error());
  }
  if (!*live) {
    return false;
  }
  const FileId file = (**live).id;
  const auto assets = supported_by(database, file);
  if (!assets) {
    return fail(assets.error());
  }
  STORE_TRY(mark_deleted(database, file, at));
  STORE_TRY(refresh_shown(database, *assets, at));
  STORE_TRY(remove_facts(database, file));
  STORE_TRY(note(database, at, "file.deleted", path, (**live).sha256, ""));
  return true;
}

}  // namespace

Result<std::vector<FileId>> start_imports(Database& database, std::span<const NewImport> files,
                                          Time at) {
  std::vector<FileId> ids;
  for (const NewImport& file : files) {
    const auto id = start_import(database, file, at);
    if (!id) {
      return fail(id.error());
    }
    ids.push_back(*id);
  }
  return ids;
}

Result<void> end_import(Database& database, FileId file, const ImportOutcome& outcome, Time at) {
  const auto row = file_row(database, file);
  if (!row) {
    return fail(row.error());
  }
  if (!*row || (**row).status != FileStatus::importing) {
    return fail(Errc::wrong_use, fmt::format("row {} is not being imported", file));
  }
  const auto live = live_row(database, (**row).path);
  if (!live) {
    return fail(live.error());
  }
  STORE_TRY(drop_foreign(database, (**row).path));
  const bool same_content = *live && is_same_content(**live, **row, outcome);
  if (*live && outcome.error && (same_content || !was_read(outcome))) {
    return fail_in_place(database, **live, **row, outcome, at);
  }
  if (same_content) {
    return renew(database, **live, **row, outcome, at);
  }
  return outcome.error ? record_failure(database, *live, **row, outcome, at)
                       : record_success(database, *live, **row, outcome, at);
}

Result<void> replace_by_foreign(Database& database, const std::string& path, const FileStamp& stamp,
                                Time read_at, Time at) {
  const auto ended = end_file(database, path, at);
  return ended ? put_foreign(database, path, stamp, read_at) : fail(ended.error());
}

Result<std::int64_t> forget_files(Database& database, std::span<const std::string> paths, Time at) {
  std::int64_t deleted = 0;
  for (const std::string& path : paths) {
    const auto ended = end_file(database, path, at);
    if (!ended) {
      return fail(ended.error());
    }
    deleted += *ended ? 1 : 0;
    STORE_TRY(drop_foreign(database, path));
  }
  return deleted;
}

}  // namespace ot::store
