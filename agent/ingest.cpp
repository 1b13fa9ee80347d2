#include "agent/ingest.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/file_reader.hpp"
#include "agent/presence.hpp"
#include "agent/progress.hpp"
#include "agent/redact.hpp"
#include "agent/walk.hpp"

namespace ot::agent {
namespace {

/// Project files that share one pair of transactions: fewer writes on slow
/// flash, and little to do again after a crash.
constexpr std::size_t kBatchFiles = 32;
constexpr std::uint64_t kBatchBytes = 8ull << 20;
/// Foreign files remembered before a commit.
constexpr std::size_t kBatchForeign = 1000;

/// A file system's clock may be as coarse as two seconds: what was read sooner
/// after it was written may have been written again within the same tick.
constexpr std::chrono::seconds kSettled{2};

/// A project file that waits for its batch.
struct Pending {
  store::NewImport row;
  std::optional<ProjectFileReader> reader;
  std::optional<Error> error;  ///< it could not even be opened
};

bool was_settled(const store::KnownFile& known) {
  const Time written{std::chrono::milliseconds{known.stamp.mtime_ns / 1'000'000}};
  return known.read_at >= written + kSettled;
}

class Ingest {
 public:
  Ingest(store::Store& store, const IngestOptions& options, Progress& progress,
         const std::atomic<bool>& stop)
      : store_(store), options_(options), progress_(progress), stop_(stop) {}

  Result<IngestSummary> run();

 private:
  Result<std::vector<store::KnownFile>> interrupted() const;
  void count_files(std::size_t interrupted);
  Result<void> take_interrupted(std::vector<store::KnownFile> rows);
  Result<void> take_paths();
  Result<void> take_path(const std::string& path);
  Result<void> take_folder(const std::string& folder);
  Result<void> take_file(const std::string& path, const store::FileStamp& stamp);
  Result<void> take_foreign(const std::string& path, const store::FileStamp& stamp);
  Result<void> forget_gone();

  const store::KnownFile* known_at(const std::string& path);
  bool is_unchanged(const store::KnownFile& known, const store::FileStamp& stamp) const;
  store::Place place_of(const store::KnownFile* known) const;
  void count_unchanged(const store::KnownFile& known);
  Result<void> add_pending(const std::string& path, const store::FileStamp& stamp,
                           const store::KnownFile* known, Result<ProjectFileReader> reader);

  Result<void> import_pending();
  Result<void> import_one(store::FileId id, Pending& pending);
  Result<ReadFile> read_twice(Pending& pending);
  void count_outcome(const std::string& path, const store::ImportOutcome& outcome);

  store::Store& store_;
  const IngestOptions& options_;
  Progress& progress_;
  const std::atomic<bool>& stop_;
  IngestSummary summary_;
  std::string folder_;                   ///< the one being walked
  std::vector<store::KnownFile> known_;  ///< ordered by path
  std::vector<bool> seen_;               ///< parallel to known_
  std::vector<Pending> pending_;
  std::uint64_t pending_bytes_ = 0;
  std::size_t foreign_in_batch_ = 0;
  bool keep_places_ = false;  ///< the places of the options are not meant for these files
};

Result<IngestSummary> Ingest::run() {
  auto rows = interrupted();
  if (!rows) {
    return fail(rows.error());
  }
  count_files(rows->size());
  if (auto taken = take_interrupted(std::move(*rows)); !taken) {
    return fail(taken.error());
  }
  if (auto taken = take_paths(); !taken) {
    return fail(taken.error());
  }
  if (auto committed = store_.commit(); !committed) {
    return fail(committed.error());
  }
  const auto counts = store_.counts();
  if (!counts) {
    return fail(counts.error());
  }
  summary_.stored = *counts;
  summary_.stopped = stop_;
  return std::move(summary_);
}

/// The rows that an earlier run left Importing outside of the paths that are
/// walked anyway.
Result<std::vector<store::KnownFile>> Ingest::interrupted() const {
  auto rows = store_.importing();
  if (!rows) {
    return rows;
  }
  for (const auto& path : options_.paths) {
    const auto root = whole_path(path);
    const auto is_met = [&root](const auto& row) { return is_at_or_below(row.path, root); };
    rows->erase(std::remove_if(rows->begin(), rows->end(), is_met), rows->end());
  }
  return rows;
}

/// Only for the eyes of somebody at a terminal.
void Ingest::count_files(std::size_t interrupted) {
  if (!progress_.active()) {
    return;
  }
  std::uint64_t total = interrupted;
  for (const auto& path : options_.paths) {
    total += agent::count_files(path, stop_);
  }
  progress_.total(total);
}

Result<void> Ingest::take_interrupted(std::vector<store::KnownFile> rows) {
  if (rows.empty()) {
    return {};
  }
  folder_ = std::filesystem::path(rows.front().path).parent_path().string();
  known_ = std::move(rows);
  seen_.assign(known_.size(), false);
  keep_places_ = true;
  for (std::size_t i = 0; i < known_.size() && !stop_; ++i) {
    const auto& path = known_[i].path;
    const auto stamp = stamp_of(path);
    if (!stamp || is_gone(path)) {
      continue;
    }
    if (auto taken = take_file(path, *stamp); !taken) {
      return taken;
    }
  }
  if (auto imported = import_pending(); !imported) {
    return imported;
  }
  keep_places_ = false;
  return stop_ ? Result<void>{} : forget_gone();
}

Result<void> Ingest::take_paths() {
  for (const auto& path : options_.paths) {
    if (stop_) {
      break;
    }
    if (auto taken = take_path(path); !taken) {
      return taken;
    }
  }
  return {};
}

Result<void> Ingest::take_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                             &std::free);
  struct stat status {};
  if (!resolved || ::stat(resolved.get(), &status) != 0) {
    auto error = system_error(errno, "can't be found");
    summary_.problems.push_back(
        {path, std::move(error).hint("nothing below it was changed in the store")});
    return {};
  }
  const std::string whole = resolved.get();
  auto known = store_.known_below(whole);
  if (!known) {
    return fail(known.error());
  }
  known_ = std::move(*known);
  seen_.assign(known_.size(), false);
  if (S_ISDIR(status.st_mode)) {
    return take_folder(whole);
  }
  const auto stamp = stamp_of(whole);
  if (!stamp || !S_ISREG(status.st_mode)) {
    summary_.problems.push_back({path, Error(Errc::unsupported, "is no file and no folder")});
    return {};
  }
  if (auto taken = take_file(whole, *stamp); !taken) {
    return taken;
  }
  return import_pending();
}

Result<void> Ingest::take_folder(const std::string& folder) {
  folder_ = folder;
  Result<void> taken;
  auto report = walk(folder, [&](const std::string& path, const store::FileStamp& stamp) {
    taken = take_file(path, stamp);
    return taken.has_value() && !stop_;
  });
  summary_.links += report.links;
  if (!taken) {
    return taken;
  }
  if (auto imported = import_pending(); !imported) {
    return imported;
  }
  const bool listed_whole = report.problems.empty() && !stop_;
  for (auto& problem : report.problems) {
    summary_.problems.push_back({folder, std::move(problem)});
  }
  return listed_whole ? forget_gone() : Result<void>{};
}

const store::KnownFile* Ingest::known_at(const std::string& path) {
  const auto at = std::lower_bound(
      known_.begin(), known_.end(), path,
      [](const store::KnownFile& known, const std::string& wanted) { return known.path < wanted; });
  if (at == known_.end() || at->path != path) {
    return nullptr;
  }
  seen_[static_cast<std::size_t>(at - known_.begin())] = true;
  return &*at;
}

store::Place Ingest::place_of(const store::KnownFile* known) const {
  auto place = known != nullptr ? known->place : store::Place{};
  if (keep_places_) {
    return place;
  }
  place.site = options_.site.value_or(place.site);
  place.area = options_.area.value_or(place.area);
  place.plant_location = options_.plant_location.value_or(place.plant_location);
  return place;
}

bool Ingest::is_unchanged(const store::KnownFile& known, const store::FileStamp& stamp) const {
  return !options_.rehash && known.stamp == stamp && was_settled(known) &&
         (known.file_id == 0 ||
          (known.status != FileStatus::importing && known.place == place_of(&known)));
}

void Ingest::count_unchanged(const store::KnownFile& known) {
  if (known.file_id == 0) {
    ++summary_.foreign;
  } else if (known.status == FileStatus::failed) {
    summary_.failed.push_back({known.path, Error(Errc::malformed, redact(known.error))});
  } else {
    ++summary_.unchanged;
  }
}

Result<void> Ingest::take_file(const std::string& path, const store::FileStamp& stamp) {
  ++summary_.files;
  const auto* known = known_at(path);
  if (known != nullptr && is_unchanged(*known, stamp)) {
    count_unchanged(*known);
    progress_.step(path, 0);
    return {};
  }
  auto reader = ProjectFileReader::open(path, false);
  if (!reader && reader.error().code() == Errc::not_found) {
    progress_.step(path, 0);
    return {};  // gone since it was listed; the next run will see to it
  }
  if (!reader && !parsers::has_project_suffix(path)) {
    progress_.step(path, 0);
    summary_.problems.push_back({path, std::move(reader.error())});
    return {};
  }
  if (reader && reader->parser() == nullptr) {
    return take_foreign(path, reader->stamp());
  }
  return add_pending(path, stamp, known, std::move(reader));
}

Result<void> Ingest::take_foreign(const std::string& path, const store::FileStamp& stamp) {
  ++summary_.foreign;
  progress_.step(path, 0);
  if (auto remembered = store_.remember_foreign(path, stamp, now()); !remembered) {
    return remembered;
  }
  if (++foreign_in_batch_ < kBatchForeign) {
    return {};
  }
  foreign_in_batch_ = 0;
  return store_.commit();
}

Result<void> Ingest::add_pending(const std::string& path, const store::FileStamp& stamp,
                                 const store::KnownFile* known, Result<ProjectFileReader> reader) {
  const bool again = known != nullptr && known->status == FileStatus::importing;
  Pending pending;
  pending.row = {.path = path,
                 .stamp = stamp,
                 .place = place_of(known),
                 .uploaded_by = options_.uploaded_by,
                 .same_row = again ? known->file_id : 0};
  if (reader) {
    pending.row.stamp = reader->stamp();
    pending.reader = std::move(*reader);
  } else {
    pending.error = std::move(reader.error());
  }
  pending_bytes_ += pending.row.stamp.size;
  pending_.push_back(std::move(pending));
  const bool full = pending_.size() >= kBatchFiles || pending_bytes_ >= kBatchBytes;
  return full ? import_pending() : Result<void>{};
}

/// What still waits when the user stops is left as it is: no row tells of it.
Result<void> Ingest::import_pending() {
  if (stop_) {
    pending_.clear();
  }
  if (pending_.empty()) {
    return {};
  }
  std::vector<store::NewImport> rows;
  for (const auto& pending : pending_) {
    rows.push_back(pending.row);
  }
  const auto ids = store_.begin_imports(rows);
  if (!ids) {
    return fail(ids.error());
  }
  for (std::size_t i = 0; i < pending_.size() && !stop_; ++i) {
    if (auto imported = import_one((*ids)[i], pending_[i]); !imported) {
      return imported;
    }
  }
  pending_.clear();
  pending_bytes_ = 0;
  foreign_in_batch_ = 0;
  return store_.commit();
}

/// Reads the file; once more if it was just being written.
Result<ReadFile> Ingest::read_twice(Pending& pending) {
  const auto go_on = [this](std::uint64_t) { return !stop_.load(); };
  auto read = pending.reader->read(options_.limits, go_on);
  if (read || read.error().code() != Errc::changed) {
    return read;
  }
  auto again = ProjectFileReader::open(pending.row.path, false);
  if (!again) {
    return fail(again.error());
  }
  pending.reader = std::move(*again);
  if (pending.reader->parser() == nullptr) {
    return read;
  }
  return pending.reader->read(options_.limits, go_on);
}

Result<void> Ingest::import_one(store::FileId id, Pending& pending) {
  store::ImportOutcome outcome{.stamp = pending.row.stamp, .read_at = now()};
  outcome.error = std::move(pending.error);
  if (pending.reader) {
    auto read = read_twice(pending);
    if (!read && read.error().code() == Errc::cancelled) {
      return {};  // the row stays Importing and is read at the next start
    }
    outcome.parser = pending.reader->parser() != nullptr ? pending.reader->parser()->name : "";
    pending.reader.reset();  // a huge file's bytes need not be there while its records are stored
    if (read) {
      outcome.stamp = read->stamp;
      outcome.read_at = read->read_at;
      outcome.digests = std::move(read->digests);
      outcome.project = std::move(read->project);
      outcome.error = std::move(read->error);
    } else {
      outcome.error = std::move(read.error());
    }
  }
  progress_.step(pending.row.path, pending.row.stamp.size);
  count_outcome(pending.row.path, outcome);
  return store_.finish_import(id, outcome);
}

void Ingest::count_outcome(const std::string& path, const store::ImportOutcome& outcome) {
  summary_.bytes += outcome.stamp.size;
  if (outcome.error) {
    summary_.failed.push_back({path, redacted(*outcome.error)});
    return;
  }
  ++summary_.imported;
  summary_.warnings += outcome.project.warnings.size();
}

/// What was known below the folder and is not there any more. A file whose file
/// system is not mounted now is not gone.
Result<void> Ingest::forget_gone() {
  std::vector<std::string> gone;
  std::uint64_t elsewhere = 0;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const auto& known = known_[i];
    if (seen_[i] || !is_gone(known.path)) {
      continue;
    }
    if (device_above(known.path) != known.stamp.device) {
      ++elsewhere;
      continue;
    }
    summary_.gone += known.file_id != 0 ? 1 : 0;
    gone.push_back(known.path);
  }
  if (elsewhere > 0) {
    summary_.problems.push_back(
        {folder_,
         Error(Errc::not_found,
               fmt::format("{} known files lie on a file system that is not there now", elsewhere))
             .hint("they stay in the store; mount it and ingest again")});
  }
  if (gone.empty()) {
    return {};
  }
  const auto forgotten = store_.forget_gone(gone);
  return forgotten ? Result<void>{} : fail(forgotten.error());
}

}  // namespace

Result<IngestSummary> ingest(store::Store& store, const IngestOptions& options, Progress& progress,
                             const std::atomic<bool>& stop) {
  return Ingest(store, options, progress, stop).run();
}

}  // namespace ot::agent
