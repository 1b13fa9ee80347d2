#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "agent/config/config.hpp"
#include "agent/ingest.hpp"
#include "agent/store_thread.hpp"
#include "agent/wall/options.hpp"
#include "agent/watch/changes.hpp"
#include "base/time.hpp"

namespace ot::agent {

/// Reads what the watcher says has changed, one folder at a time, on the store's thread.
class Intake {
 public:
  /// Told when a folder's changes were looked at, or could not be.
  using OnLooked = std::function<void(const watch::Looked&)>;

  struct Totals {
    std::uint64_t imported = 0;
    std::uint64_t failed = 0;
    std::uint64_t gone = 0;
  };
  struct Status {
    std::string wall;                   ///< "full: seccomp, Landlock 4"; empty: not known yet
    std::string no_wall;                ///< why no file can be read
    std::string busy_with;              ///< a watched folder; empty: nothing to do
    std::vector<std::string> waiting;   ///< folders
    Totals totals;                      ///< since the start
    std::optional<Time> last_change;    ///< when something was last imported or gone
    std::vector<std::string> failures;  ///< of the last looks that had some, newest last
  };

  Intake(const asio::any_io_executor& executor, StoreThread& store, const std::atomic<bool>& stop,
         OnLooked on_looked);

  void configure(const Config& config);
  void take(watch::Changes changes);
  Status status() const;

 private:
  asio::awaitable<void> work();
  asio::awaitable<void> try_wall();
  asio::awaitable<void> look(watch::Changes changes);
  void note(const watch::Changes& changes, const IngestSummary& summary);
  void note_failed(const std::vector<Failure>& failed);
  void note_problems(const watch::Changes& changes, const std::vector<Failure>& problems);
  void keep(std::string text);
  IngestOptions options_for(const std::string& root) const;

  asio::any_io_executor executor_;
  StoreThread& store_;
  const std::atomic<bool>& stop_;
  OnLooked on_looked_;
  std::vector<WatchedFolder> folders_;
  std::chrono::milliseconds settle_{0};
  wall::Options wall_;
  Result<std::string> wall_status_;
  std::deque<watch::Changes> queue_;
  std::deque<std::string> failures_;
  std::map<std::string, std::set<std::string>> told_;  ///< by folder: what can't be looked at
  std::string busy_with_;
  Totals totals_;
  std::optional<Time> last_change_;
  bool working_ = false;
};

}  // namespace ot::agent
