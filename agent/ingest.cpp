#include "agent/ingest.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include <sys/stat.h>
#include <unistd.h>

#include "agent/import_run.hpp"
#include "agent/presence.hpp"
#include "agent/progress.hpp"
#include "agent/walk.hpp"

namespace ot::agent {
namespace {

Failure unreachable(const std::string& path, Error error) {
  return {path, std::move(error).hint("nothing below it was changed in the store")};
}

/// The path without symbolic links, and what is there.
struct Resolved {
  std::string path;
  struct stat status;
};

Result<Resolved> resolve(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                             &std::free);
  Resolved found{};
  if (!resolved || ::stat(resolved.get(), &found.status) != 0) {
    return fail(system_error(errno, "can't be found"));
  }
  found.path = resolved.get();
  return found;
}

/// A folder that can be listed.
Result<Resolved> resolve_root(const std::string& path) {
  auto root = resolve(path);
  if (root && !S_ISDIR(root->status.st_mode)) {
    return fail(Errc::unsupported, "is no folder");
  }
  if (root && ::access(root->path.c_str(), R_OK | X_OK) != 0) {
    return fail(system_error(errno, "can't be listed"));
  }
  return root;
}

bool is_same(const Resolved& root, const Result<Resolved>& now) {
  return now && now->path == root.path && now->status.st_dev == root.status.st_dev &&
         now->status.st_ino == root.status.st_ino;
}

/// Looks at whole paths, one after the other.
class Ingest {
 public:
  Ingest(store::Store& store, const IngestOptions& options, Progress& progress,
         const std::atomic<bool>& stop)
      : store_(store),
        options_(options),
        progress_(progress),
        stop_(stop),
        run_(store, options, progress, stop) {}

  Result<IngestSummary> all();
  Result<IngestSummary> only(const ChangedPaths& paths);

 private:
  Result<std::vector<store::KnownFile>> interrupted() const;
  void count_files(std::size_t interrupted);
  Result<void> take_interrupted(std::vector<store::KnownFile> rows);
  Result<void> take_path(const std::string& path);
  Result<std::vector<store::KnownFile>> known_below(const std::set<std::string>& paths);
  Result<void> take_changed(const Resolved& root, const std::set<std::string>& paths);
  Result<void> take_one(const std::string& path);

  store::Store& store_;
  const IngestOptions& options_;
  Progress& progress_;
  const std::atomic<bool>& stop_;
  ImportRun run_;
};

Result<IngestSummary> Ingest::all() {
  auto rows = interrupted();
  if (!rows) {
    return fail(rows.error());
  }
  count_files(rows->size());
  if (auto taken = take_interrupted(std::move(*rows)); !taken) {
    return fail(taken.error());
  }
  for (const auto& path : options_.paths) {
    if (stop_) {
      break;
    }
    if (auto taken = take_path(path); !taken) {
      return fail(taken.error());
    }
  }
  return run_.finish();
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
  auto folder = std::filesystem::path(rows.front().path).parent_path().string();
  run_.begin(std::move(folder), std::move(rows), ImportRun::Places::as_known);
  for (const auto& row : run_.known()) {
    const auto stamp = stamp_of(row.path);
    if (stop_ || !stamp || is_gone(row.path)) {
      continue;
    }
    if (auto taken = run_.take_file(row.path, *stamp); !taken) {
      return taken;
    }
  }
  return run_.end();
}

Result<void> Ingest::take_path(const std::string& path) {
  auto found = resolve(path);
  if (!found) {
    run_.summary().problems.push_back(unreachable(path, std::move(found.error())));
    return {};
  }
  auto known = store_.known_below(found->path);
  if (!known) {
    return fail(known.error());
  }
  run_.begin(found->path, std::move(*known));
  if (S_ISDIR(found->status.st_mode)) {
    const auto taken = run_.take_folder(found->path);
    return taken ? run_.end() : taken;
  }
  const auto stamp = stamp_of(found->path);
  if (!stamp || !S_ISREG(found->status.st_mode)) {
    run_.summary().problems.push_back({path, Error(Errc::unsupported, "is no file and no folder")});
    return {};
  }
  const auto taken = run_.take_file(found->path, *stamp);
  return taken ? run_.end() : taken;
}

/// Whatever is there now. What is not there is left to what was known.
Result<void> Ingest::take_one(const std::string& path) {
  if (is_behind_link(path)) {
    return {};
  }
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) {
      auto error = system_error(errno, "can't be examined");
      run_.summary().problems.push_back(unreachable(path, std::move(error)));
      run_.keep(path);
    }
    return {};
  }
  if (S_ISDIR(status.st_mode)) {
    return run_.take_folder(path);
  }
  const auto stamp = stamp_of(path);
  return stamp && S_ISREG(status.st_mode) ? run_.take_file(path, *stamp) : Result<void>{};
}

/// One of the folders above the path, up to the root, is among the paths.
bool is_nested(const std::set<std::string>& paths, const std::string& root, std::string path) {
  while (path.size() > root.size()) {
    path.resize(std::max(path.rfind('/'), root.size()));
    if (paths.contains(path)) {
      return true;
    }
  }
  return false;
}

/// The paths at and below the root, each once: what lies below another of them
/// is met there.
std::set<std::string> outermost(const std::string& root, const ChangedPaths& paths) {
  std::set<std::string> all;
  for (const auto* some : {&paths.changed, &paths.gone}) {
    for (const auto& path : *some) {
      if (is_at_or_below(path, root)) {
        all.insert(path);
      }
    }
  }
  auto kept = all;
  std::erase_if(kept, [&](const std::string& path) { return is_nested(all, root, path); });
  return kept;
}

Result<IngestSummary> Ingest::only(const ChangedPaths& paths) {
  auto root = resolve_root(paths.root);
  if (!root) {
    run_.summary().problems.push_back(unreachable(paths.root, std::move(root.error())));
    return run_.finish();
  }
  const auto looked_at = outermost(root->path, paths);
  auto known = known_below(looked_at);
  if (!known) {
    return fail(known.error());
  }
  run_.begin(paths.root, std::move(*known));
  if (auto taken = take_changed(*root, looked_at); !taken) {
    return fail(taken.error());
  }
  return run_.finish();
}

Result<std::vector<store::KnownFile>> Ingest::known_below(const std::set<std::string>& paths) {
  std::vector<store::KnownFile> known;
  for (const auto& path : paths) {
    auto below = store_.known_below(path);
    if (!below) {
      return below;
    }
    std::move(below->begin(), below->end(), std::back_inserter(known));
  }
  std::sort(known.begin(), known.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return known;
}

Result<void> Ingest::take_changed(const Resolved& root, const std::set<std::string>& paths) {
  for (const auto& path : paths) {
    if (stop_) {
      break;
    }
    if (auto taken = take_one(path); !taken) {
      return taken;
    }
  }
  // A root that leaves meanwhile takes its files along: that says nothing of them.
  return run_.end([&root] { return is_same(root, resolve_root(root.path)); });
}

}  // namespace

Result<IngestSummary> ingest(store::Store& store, const IngestOptions& options, Progress& progress,
                             const std::atomic<bool>& stop) {
  return Ingest(store, options, progress, stop).all();
}

Result<IngestSummary> ingest_changes(store::Store& store, const IngestOptions& options,
                                     const ChangedPaths& paths, Progress& progress,
                                     const std::atomic<bool>& stop) {
  return Ingest(store, options, progress, stop).only(paths);
}

}  // namespace ot::agent
