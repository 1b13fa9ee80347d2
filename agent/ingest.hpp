#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/wall/options.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"
#include "store/store.hpp"

namespace ot::agent {

class Progress;

struct IngestOptions {
  std::vector<std::string> paths;
  /// What is not given leaves known files where they are and new ones empty.
  std::optional<std::string> site;
  std::optional<std::string> area;
  std::optional<std::string> plant_location;
  /// Folders and where each stands, which wins over the three above: of several
  /// that hold a file the innermost counts.
  std::vector<std::pair<std::string, store::Place>> places;
  std::string uploaded_by;
  bool rehash = false;  ///< read everything, whatever the stamps say
  /// What was written less than that ago is not read but left `unsettled`.
  std::chrono::milliseconds settle{0};
  parsers::Limits limits;
  wall::Options wall;
};

/// A file or folder that something went wrong with, and what.
struct Failure {
  std::string path;
  Error error;
  bool is_new = false;  ///< a file that was read now, not one that is as it was
};

struct IngestSummary {
  std::uint64_t files = 0;             ///< regular files met
  std::uint64_t imported = 0;          ///< project files read
  std::uint64_t unchanged = 0;         ///< project files that are as they were
  std::uint64_t foreign = 0;           ///< files that are no project files
  std::uint64_t gone = 0;              ///< project files that are there no more
  std::uint64_t links = 0;             ///< symbolic links, not followed
  std::uint64_t warnings = 0;          ///< in the files read
  std::uint64_t bytes = 0;             ///< of the project files read
  std::vector<Failure> failed;         ///< project files with the status Failed
  std::vector<Failure> problems;       ///< paths that could not be looked at
  std::vector<std::string> unsettled;  ///< files to come back to when they have rested
  store::Counts stored;                ///< what the store holds afterwards
  bool stopped = false;
};

/// Brings the store up to date with what lies at and below the paths. Fails only when the store
/// does, or when no file at all can be read (wall::Pool::ready); a file that can't be read is in
/// the summary.
Result<IngestSummary> ingest(store::Store& store, const IngestOptions& options, Progress& progress,
                             const std::atomic<bool>& stop);

/// Paths at and below one folder that are worth a look.
struct ChangedPaths {
  std::string root;                  ///< the folder that is watched
  std::vector<std::string> changed;  ///< files, or whole folders
  std::vector<std::string> gone;     ///< files and folders that seem to have left
};

/// Brings the store up to date with those paths alone (`options.paths` does not
/// count). The disk decides: a path that is there is read whoever said it were
/// gone, and nothing is forgotten while the root can't be listed.
Result<IngestSummary> ingest_changes(store::Store& store, const IngestOptions& options,
                                     const ChangedPaths& paths, Progress& progress,
                                     const std::atomic<bool>& stop);

}  // namespace ot::agent
