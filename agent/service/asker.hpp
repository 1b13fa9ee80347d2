#pragma once

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "agent/config/config.hpp"
#include "agent/probe_run.hpp"
#include "agent/service/schedule.hpp"
#include "agent/store_thread.hpp"

namespace ot::agent {

/// Asks the groups of targets when they are due, one group at a time: so no
/// target is ever asked twice at once. A run blocks a thread of its own.
class Asker {
 public:
  struct Status {
    std::string asking;  ///< a group; empty: nobody is asked now
    std::vector<Schedule::Turn> turns;
    std::map<std::string, std::string> problems;  ///< by group: why its last turn came to nothing
    std::uint64_t requests = 0;                   ///< since the start
  };

  Asker(const asio::any_io_executor& executor, StoreThread& store, const std::atomic<bool>& stop);

  /// What is known of earlier runs, before start().
  void remember(const std::vector<store::GroupRun>& runs,
                const std::vector<store::TargetState>& targets);

  /// A run that is under way ends: its exclusions may have changed.
  void configure(const Config& config);
  void start();

  /// Ends the run under way within one request, and starts none.
  void stop();

  Status status() const;

 private:
  asio::awaitable<void> work();
  /// A group's turn. What may block is done on the thread of the run.
  asio::awaitable<void> ask(std::string group);
  const TargetGroup* group_named(const std::string& name) const;
  std::function<std::string()> stop_of(const TargetGroup& group) const;
  void take_end(const std::string& group, const TargetEnd& end,
                std::vector<store::TargetState>& ends) const;
  void take_summary(const ProbeSummary& summary, store::GroupRun& run);
  Task<void> record(store::GroupRun run, std::vector<store::TargetState> ends);
  void complain(const std::string& group, const Error& error);
  std::optional<std::chrono::seconds> since_last(const std::string& group) const;

  asio::any_io_executor executor_;
  StoreThread& store_;
  const std::atomic<bool>& stop_;
  std::atomic<std::uint64_t> generation_{0};  ///< of the configuration
  Config config_;
  Schedule schedule_;
  asio::steady_timer timer_;
  asio::thread_pool pool_{1};
  std::map<std::string, Time> last_runs_;
  std::map<std::string, std::string> next_;  ///< by group: whom its next turn begins with
  std::set<std::pair<std::string, std::string>> known_;  ///< group, target: it answered once
  std::map<std::string, std::string> problems_;
  std::string asking_;
  std::uint64_t requests_ = 0;
};

}  // namespace ot::agent
