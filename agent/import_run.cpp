#include "agent/import_run.hpp"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include <fmt/format.h>

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

Time written_at(const store::FileStamp& stamp) {
  return Time{std::chrono::milliseconds{stamp.mtime_ns / 1'000'000}};
}

/// A file dated into the future, by a clock that was wrong, would never be: for it the time of its
/// last change counts, which nobody sets by hand.
bool was_settled(const store::KnownFile& known) {
  const auto written = written_at(known.stamp);
  const Time changed{std::chrono::milliseconds{known.stamp.ctime_ns / 1'000'000}};
  return known.read_at >= (written > known.read_at ? changed : written) + kSettled;
}

/// Network and overlay file systems are given another number at each mount.
bool is_same_but_device(store::FileStamp known, const store::FileStamp& stamp) {
  known.device = stamp.device;
  return known == stamp;
}

}  // namespace

void ImportRun::begin(std::string name, std::vector<store::KnownFile> known, Places places) {
  name_ = std::move(name);
  known_ = std::move(known);
  seen_.assign(known_.size(), false);
  renumbered_.clear();
  places_ = places;
}

Result<void> ImportRun::take_folder(const std::string& folder) {
  Result<void> taken;
  auto report = walk(folder, [&](const std::string& path, const store::FileStamp& stamp) {
    taken = take_file(path, stamp);
    return taken.has_value() && !stop_;
  });
  summary_.links += report.links;
  if (!report.problems.empty()) {
    keep(folder);
  }
  for (auto& problem : report.problems) {
    summary_.problems.push_back({folder, std::move(problem)});
  }
  return taken;
}

void ImportRun::keep(const std::string& path) {
  for (std::size_t i = 0; i < known_.size(); ++i) {
    seen_[i] = seen_[i] || is_at_or_below(known_[i].path, path);
  }
}

/// A run that is stopped has not met all that is there.
Result<void> ImportRun::end(const std::function<bool()>& confirmed) {
  if (auto imported = import_pending(); !imported || stop_) {
    return imported;
  }
  return forget_gone(confirmed);
}

Result<IngestSummary> ImportRun::finish() {
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

const store::KnownFile* ImportRun::known_at(const std::string& path) {
  const auto at = std::lower_bound(
      known_.begin(), known_.end(), path,
      [](const store::KnownFile& known, const std::string& wanted) { return known.path < wanted; });
  if (at == known_.end() || at->path != path) {
    return nullptr;
  }
  seen_[static_cast<std::size_t>(at - known_.begin())] = true;
  return &*at;
}

store::Place ImportRun::place_of(const std::string& path, const store::KnownFile* known) const {
  auto place = known != nullptr ? known->place : store::Place{};
  if (places_ == Places::as_known) {
    return place;
  }
  const std::pair<std::string, store::Place>* innermost = nullptr;
  for (const auto& folder : options_.places) {
    const bool longer = innermost == nullptr || folder.first.size() > innermost->first.size();
    innermost = longer && is_at_or_below(path, folder.first) ? &folder : innermost;
  }
  if (innermost != nullptr) {
    return innermost->second;
  }
  place.site = options_.site.value_or(place.site);
  place.area = options_.area.value_or(place.area);
  place.plant_location = options_.plant_location.value_or(place.plant_location);
  return place;
}

bool ImportRun::is_unchanged(const store::KnownFile& known, const store::FileStamp& stamp) const {
  return !options_.rehash && is_same_but_device(known.stamp, stamp) && was_settled(known) &&
         (known.file_id == 0 ||
          (known.status != FileStatus::importing && known.place == place_of(known.path, &known)));
}

/// It has not rested yet. A time of the future is some other machine's: it says nothing.
bool ImportRun::is_being_written(const store::FileStamp& stamp) const {
  const auto age = now() - written_at(stamp);
  return age.count() >= 0 && age < options_.settle;
}

void ImportRun::count_unchanged(const store::KnownFile& known) {
  if (known.file_id == 0) {
    ++summary_.foreign;
  } else if (known.status == FileStatus::failed) {
    summary_.failed.push_back({known.path, Error(Errc::malformed, redact(known.error))});
  } else {
    ++summary_.unchanged;
  }
}

Result<void> ImportRun::take_file(const std::string& path, const store::FileStamp& stamp) {
  ++summary_.files;
  const auto* known = known_at(path);
  if (known != nullptr && is_same_but_device(known->stamp, stamp)) {
    renumbered_.emplace(known->stamp.device, stamp.device);
  }
  if (known != nullptr && is_unchanged(*known, stamp)) {
    count_unchanged(*known);
    progress_.step(path, 0);
    return {};
  }
  if (is_being_written(stamp)) {
    progress_.step(path, 0);
    summary_.unsettled.push_back(path);
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

Result<void> ImportRun::take_foreign(const std::string& path, const store::FileStamp& stamp) {
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

Result<void> ImportRun::add_pending(const std::string& path, const store::FileStamp& stamp,
                                    const store::KnownFile* known,
                                    Result<ProjectFileReader> reader) {
  const bool again = known != nullptr && known->status == FileStatus::importing;
  Pending pending;
  pending.row = {.path = path,
                 .stamp = stamp,
                 .place = place_of(path, known),
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
Result<void> ImportRun::import_pending() {
  if (stop_) {
    pending_.clear();
  }
  if (pending_.empty()) {
    return {};
  }
  // Where no file can be read, none becomes Failed for it.
  if (const auto ready = pool_.ready(); !ready) {
    return fail(ready.error());
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
    if (auto begun = begin_reading(i); !begun) {
      return begun;
    }
    if (auto imported = import_one((*ids)[i], pending_[i]); !imported) {
      return imported;
    }
  }
  pending_.clear();
  pending_bytes_ = 0;
  foreign_in_batch_ = 0;
  return store_.commit();
}

/// This file, and the one behind it: while the store takes the records of the one, a child reads
/// the other. Two large ones at once would take too much memory.
Result<void> ImportRun::begin_reading(std::size_t at) {
  const auto end = std::min(at + 2, pending_.size());
  for (auto i = at; i < end; ++i) {
    auto& pending = pending_[i];
    if (!pending.reader || (i > at && pending.row.stamp.size > kBatchBytes)) {
      continue;
    }
    if (auto begun = pending.reader->begin(pool_, options_.limits); !begun) {
      return begun;
    }
  }
  return {};
}

/// Reads the file; once more if it was just being written.
Result<ReadFile> ImportRun::read_twice(Pending& pending) {
  const auto go_on = [this](std::uint64_t) { return !stop_.load(); };
  auto read = pending.reader->read(pool_, options_.limits, go_on);
  // A child that was ended from outside says nothing of the file, the first time.
  const bool again_helps =
      !read && (read.error().code() == Errc::changed || read.error().code() == Errc::closed);
  if (!again_helps) {
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
  return pending.reader->read(pool_, options_.limits, go_on);
}

Result<void> ImportRun::import_one(store::FileId id, Pending& pending) {
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

void ImportRun::count_outcome(const std::string& path, const store::ImportOutcome& outcome) {
  summary_.bytes += outcome.stamp.size;
  if (outcome.error) {
    if (outcome.error->code() == Errc::changed) {
      summary_.unsettled.push_back(path);
    }
    summary_.failed.push_back({path, redacted(*outcome.error), true});
    return;
  }
  ++summary_.imported;
  summary_.warnings += outcome.project.warnings.size();
}

/// What was known and is not there any more. A file whose file system is not
/// mounted now is not gone.
std::vector<const store::KnownFile*> ImportRun::find_gone() {
  std::vector<const store::KnownFile*> gone;
  std::uint64_t elsewhere = 0;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const auto& known = known_[i];
    if (seen_[i] || !(is_gone(known.path) || is_behind_link(known.path))) {
      continue;
    }
    const auto above = device_above(known.path);
    if (above &&
        (*above == known.stamp.device || renumbered_.contains({known.stamp.device, *above}))) {
      gone.push_back(&known);
    } else {
      ++elsewhere;
    }
  }
  if (elsewhere > 0) {
    summary_.problems.push_back(
        {name_,
         Error(Errc::not_found,
               fmt::format("{} known files lie on a file system that is not there now", elsewhere))
             .hint("they stay in the store; mount it and ingest again")});
  }
  return gone;
}

Result<void> ImportRun::forget_gone(const std::function<bool()>& confirmed) {
  const auto gone = find_gone();
  if (gone.empty()) {
    return {};
  }
  if (confirmed && !confirmed()) {
    summary_.problems.push_back({name_, Error(Errc::not_found, "left while it was looked at")
                                            .hint("nothing below it was forgotten")});
    return {};
  }
  std::vector<std::string> paths;
  for (const auto* known : gone) {
    summary_.gone += known->file_id != 0 ? 1 : 0;
    paths.push_back(known->path);
  }
  // What one call changes is in memory until it ends, in case it fails.
  constexpr std::size_t kAtOnce = 100;
  for (std::size_t at = 0; at < paths.size(); at += kAtOnce) {
    const auto part = std::span(paths).subspan(at, std::min(kAtOnce, paths.size() - at));
    if (const auto forgotten = store_.forget_gone(part); !forgotten) {
      return fail(forgotten.error());
    }
  }
  return {};
}

}  // namespace ot::agent
