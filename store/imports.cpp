#include "store/imports.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "store/add_ons.hpp"
#include "store/files.hpp"
#include "store/identity.hpp"
#include "store/journal.hpp"
#include "store/known_files.hpp"
#include "store/shown.hpp"
#include "store/swaps.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

Time changed_on_disk(const FileStamp& stamp) {
  return std::chrono::floor<std::chrono::milliseconds>(
      std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(stamp.mtime_ns)));
}

Time newness_of(const ImportOutcome& outcome) {
  return outcome.project.exported_at.value_or(changed_on_disk(outcome.stamp));
}

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

/// Whether reading the file again gave what the live row holds already.
bool is_unchanged(const FileRow& live, const FileRow& row, const ImportOutcome& outcome) {
  const bool same_end =
      outcome.error ? live.status == FileStatus::failed && live.error == outcome.error->text()
                    : live.status == FileStatus::imported;
  return same_end && live.sha256 == outcome.digests.sha256 && live.parser == outcome.parser &&
         live.place == row.place;
}

Result<void> renew(Database& database, const FileRow& live, const FileRow& row,
                   const ImportOutcome& outcome, Time at) {
  STORE_TRY(renew_stamp(database, live.id, outcome));
  STORE_TRY(drop_row(database, row.id));
  // The facts of a failed file are those of an earlier state of it.
  if (outcome.error || live.stamp.mtime_ns == outcome.stamp.mtime_ns) {
    return {};
  }
  STORE_TRY(renew_newness(database, live.id, changed_on_disk(outcome.stamp)));
  const auto assets = supported_by(database, live.id);
  return assets ? refresh_shown(database, *assets, at) : fail(assets.error());
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
  STORE_TRY(set_warnings(database, row.id, outcome.project.warnings));
  const auto assets = supported_by(database, row.id);
  if (!assets) {
    return fail(assets.error());
  }
  STORE_TRY(refresh_shown(database, *assets, at));
  return note(database, at, "file.failed", row.path, live ? live->sha256 : "",
              outcome.error->text());
}

/// The asset itself is what sits in its head's place.
Result<void> compare_head(Database& database, FileId previous, const AssetRef& asset,
                          const Asset& record, Time at) {
  const auto before = read_facts(database, previous, asset.id);
  if (!before) {
    return fail(before.error());
  }
  if (!*before) {
    return {};
  }
  const Asset& old = **before;
  return note_swap(database, at, asset.uuid, "the asset itself",
                   {old.name, old.order_id, old.serial_number},
                   {record.name, record.order_id, record.serial_number});
}

/// Writes all records; answers which assets they are and what was odd.
struct Written {
  std::vector<AssetId> assets;
  std::vector<Warning> warnings;
};
Result<Written> write_records(Database& database, FileId previous, const FileRow& row,
                              const ImportOutcome& outcome, Time at) {
  Identifier identifier(database, row.path, row.place, at);
  AddOnWriter add_ons(database, row.id, previous, at);
  STORE_TRY(add_ons.start());
  Written written;
  for (const Asset& record : outcome.project.assets) {
    const auto asset = identifier.asset_of(record);
    if (!asset) {
      return fail(asset.error());
    }
    STORE_TRY(compare_head(database, previous, *asset, record, at));
    STORE_TRY(add_ons.write(*asset, record.add_ons));
    STORE_TRY(write_facts(database, row.id, *asset, record, outcome.project.exported_at,
                          newness_of(outcome)));
    written.assets.push_back(asset->id);
  }
  STORE_TRY(add_ons.finish());
  written.warnings = identifier.take_warnings();
  return written;
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
  auto written = write_records(database, live ? live->id : 0, row, outcome, at);
  if (!written) {
    return fail(written.error());
  }
  std::vector<AssetId>& assets = written->assets;
  if (live) {
    const auto before = supported_by(database, live->id);
    if (!before) {
      return fail(before.error());
    }
    assets.insert(assets.end(), before->begin(), before->end());
    STORE_TRY(remove_facts(database, live->id));
    STORE_TRY(mark_deleted(database, live->id, at));
  }
  std::sort(assets.begin(), assets.end());
  assets.erase(std::unique(assets.begin(), assets.end()), assets.end());
  STORE_TRY(store_outcome(database, row.id, outcome, at));
  std::vector<Warning> warnings = outcome.project.warnings;
  warnings.insert(warnings.end(), written->warnings.begin(), written->warnings.end());
  STORE_TRY(set_warnings(database, row.id, warnings));
  STORE_TRY(refresh_shown(database, assets, at));
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
  STORE_TRY(remove_facts(database, file));
  STORE_TRY(mark_deleted(database, file, at));
  STORE_TRY(refresh_shown(database, *assets, at));
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
  if (*live && is_unchanged(**live, **row, outcome)) {
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
