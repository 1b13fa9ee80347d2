#pragma once

#include <string>
#include <vector>

#include "agent/bundle/manifest.hpp"
#include "base/result.hpp"

namespace ot::agent::survey {

/// A folder of project files, and the area that they are of.
struct ProjectFolder {
  std::string path;
  std::string area;

  bool operator==(const ProjectFolder&) const = default;
};

/// What a walk was asked to do, and how far it came: what it needs to be gone on with.
struct Walk {
  bundle::Manifest manifest;  ///< who, when, where, and its legs; of those done the end is set
  std::vector<ProjectFolder> projects;
  bool include_files = false;
  bool keep_open = false;  ///< further areas are to come
  std::string recipient;   ///< whom the bundle is encrypted for, as it was named; empty: nobody

  /// A leg that was not walked to its end.
  bundle::Leg* unfinished();
};

/// Where a walk keeps what it has, beside the bundle that it becomes: "plant.rsb.walk". Each entry
/// of the ledger is there before anything else is sent.
class WalkFolder {
 public:
  /// Errors: wrong_use where the bundle or a walk to it is there already.
  static Result<void> is_free(const std::string& bundle);

  /// Begins a walk, where it is free.
  static Result<WalkFolder> create(const std::string& bundle, const Walk& walk);
  /// One that was begun. Errors: wrong_use where there is none of ours, or the bundle is there.
  static Result<WalkFolder> find(const std::string& bundle);
  /// Errors: malformed, io.
  Result<void> read(Walk& walk) const;

  Result<void> save(const Walk& walk) const;

  std::string ledger_path() const { return path_ + "/exchanges.ndjson"; }
  std::string store_path() const { return path_ + "/rackscout.db"; }
  const std::string& path() const { return path_; }

  /// When the bundle is there.
  Result<void> remove() const;

 private:
  explicit WalkFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

/// Whether its bundle can be written, and the walk gone on with. Errors: wrong_use for texts that
/// are too long or no UTF-8.
Result<void> check_sound(const Walk& walk);

/// A random UUID (RFC 4122, version 4).
Result<std::string> random_uuid();

}  // namespace ot::agent::survey
