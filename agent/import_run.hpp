#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agent/file_reader.hpp"
#include "agent/ingest.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// One pass over files: compares each with what the store knows of it, reads
/// what changed in batches, and forgets what is gone. Who calls it decides
/// which files are looked at.
class ImportRun {
 public:
  ImportRun(store::Store& store, const IngestOptions& options, Progress& progress,
            const std::atomic<bool>& stop)
      : store_(store), options_(options), progress_(progress), stop_(stop), pool_(options.wall) {}

  enum class Places : std::uint8_t {
    as_told,   ///< what the options say, else as known
    as_known,  ///< those of the options are not meant for these files
  };

  /// From here on the files looked at are among those known, ordered by path.
  /// `name` is what a problem with all of them is told of.
  void begin(std::string name, std::vector<store::KnownFile> known,
             Places places = Places::as_told);

  Result<void> take_file(const std::string& path, const store::FileStamp& stamp);

  /// Every file at and below the folder. What can't be listed to the end is a
  /// problem in the summary, and nothing below the folder counts as gone.
  Result<void> take_folder(const std::string& folder);

  /// What is known at or below the path does not count as gone.
  void keep(const std::string& path);

  /// Imports what waits, then forgets what was known and was not met, if it is
  /// really gone. `confirmed` is asked when that is found out; false: nothing is
  /// forgotten.
  Result<void> end(const std::function<bool()>& confirmed = {});

  /// Everything done so far lasts.
  Result<IngestSummary> finish();

  IngestSummary& summary() { return summary_; }
  const std::vector<store::KnownFile>& known() const { return known_; }
  bool stopped() const { return stop_; }

 private:
  /// A project file that waits for its batch.
  struct Pending {
    store::NewImport row;
    std::optional<ProjectFileReader> reader;
    std::optional<Error> error;  ///< it could not even be opened
  };

  Result<void> take_foreign(const std::string& path, const store::FileStamp& stamp);
  std::vector<const store::KnownFile*> find_gone();
  Result<void> forget_gone(const std::function<bool()>& confirmed);

  const store::KnownFile* known_at(const std::string& path);
  bool is_unchanged(const store::KnownFile& known, const store::FileStamp& stamp) const;
  bool is_being_written(const store::FileStamp& stamp) const;
  store::Place place_of(const std::string& path, const store::KnownFile* known) const;
  void count_unchanged(const store::KnownFile& known);
  Result<void> add_pending(const std::string& path, const store::FileStamp& stamp,
                           const store::KnownFile* known, Result<ProjectFileReader> reader);

  Result<void> import_pending();
  Result<void> begin_reading(std::size_t at);
  Result<void> import_one(store::FileId id, Pending& pending);
  Result<ReadFile> read_twice(Pending& pending);
  void count_outcome(const std::string& path, const store::ImportOutcome& outcome);

  store::Store& store_;
  const IngestOptions& options_;
  Progress& progress_;
  const std::atomic<bool>& stop_;
  wall::Pool pool_;  ///< before what waits, which has jobs of it
  IngestSummary summary_;
  std::string name_;
  std::vector<store::KnownFile> known_;  ///< ordered by path
  std::vector<bool> seen_;               ///< parallel to known_
  /// Devices as files were known by them, and as the same files have them now.
  std::set<std::pair<std::uint64_t, std::uint64_t>> renumbered_;
  std::vector<Pending> pending_;
  std::uint64_t pending_bytes_ = 0;
  std::size_t foreign_in_batch_ = 0;
  Places places_ = Places::as_told;
};

}  // namespace ot::agent
