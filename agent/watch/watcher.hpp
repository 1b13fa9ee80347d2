#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "agent/config/config.hpp"
#include "agent/watch/changes.hpp"
#include "base/async_task.hpp"

namespace ot::agent::watch {

/// Watches folders with all below them and says what is worth a look. All calls
/// and callbacks happen on the executor's one thread.
///
/// For each folder at most one Changes is out: answer it with looked(), or
/// nothing more comes of that folder. What happens meanwhile is kept, within
/// bounds: many changes become one rescan.
class Watcher {
 public:
  using OnChanges = std::function<void(Changes)>;

  /// Paths are told once they were left alone for the settle time.
  Watcher(const asio::any_io_executor& executor, std::vector<WatchedFolder> folders,
          std::chrono::milliseconds settle, OnChanges on_changes);
  Watcher(const Watcher&) = delete;
  Watcher& operator=(const Watcher&) = delete;
  ~Watcher();

  /// The first Changes of each folder is a rescan: what changed while nobody
  /// watched.
  void start();
  /// No callback comes afterwards.
  void stop();

  /// Folders that stay are watched on; one whose place changed is looked at anew.
  void reconfigure(const std::vector<WatchedFolder>& folders, std::chrono::milliseconds settle);

  /// What became of the folder's Changes.
  void looked(const Looked& looked);

  std::vector<RootStatus> status() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace ot::agent::watch
