#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <sys/types.h>

#include "agent/config/config.hpp"
#include "agent/watch/changes.hpp"
#include "agent/watch/event.hpp"
#include "agent/watch/follower.hpp"
#include "agent/watch/mounts.hpp"
#include "agent/watch/notifier.hpp"
#include "agent/watch/path_watch.hpp"
#include "agent/watch/settling.hpp"

namespace ot::agent::watch {

/// One watched folder with all below it: how it is watched, what to do when it
/// leaves or can't be watched, and when it is looked at as a whole. Knows no
/// clock and no executor. At most one of its Changes is out; the next one comes
/// after looked().
class RootWatch {
 public:
  /// The second notifier is for the folders that the path leads through.
  RootWatch(WatchedFolder folder, std::unique_ptr<Notifier> notifier,
            std::unique_ptr<Notifier> path_notifier, Span settle);

  const WatchedFolder& folder() const { return folder_; }

  /// Begins, or begins anew.
  void open(SharedMounts mounts, Moment now, Reason why);
  void configure(WatchedFolder folder, Span settle, Moment now);
  void on_mounts(SharedMounts mounts, Moment now);
  void on_events(std::span<const Event> events, Moment now);
  /// Of the second notifier. Whether they concern the root: most do not.
  bool on_path_events(std::span<const Event> events, Moment now);

  /// Watching a large tree takes several turns.
  bool has_work() const { return follower_.is_busy(); }
  void work(Moment now);

  /// When take() has something to do, if nothing else happens.
  std::optional<Moment> due() const;
  std::optional<Changes> take(Moment now);
  void looked(const Looked& looked, Moment now, Time at);

  RootStatus status() const;

 private:
  struct Wish {
    Moment at;
    Reason why;
  };
  /// Which folder it is, whatever its name.
  struct Identity {
    dev_t device = 0;
    ino_t inode = 0;

    bool operator==(const Identity&) const = default;
  };
  /// Where something has to appear for a missing root to be back.
  struct Awaited {
    int watch = -1;
    std::string name;
  };

  void close();
  void reopen(Moment now, Reason why);
  void follow(Moment now, Reason why);
  void poll(Moment now, Reason why, std::optional<Error> problem);
  void miss(Moment now, Error error);
  void watch_above(Moment now);
  void on_loss(Loss loss, Moment now);
  void report(std::optional<Error> problem);
  void tell_restless(Moment now);

  bool is_remote(const std::string& path) const;
  bool is_there() const;
  bool may_watch_more(Moment now) const;
  std::chrono::seconds interval() const;
  void wish(Wish rescan);
  Changes rescan(Moment now);

  WatchedFolder folder_;
  std::unique_ptr<Notifier> notifier_;
  Settling settling_;
  Follower follower_;
  PathWatch path_watch_;
  SharedMounts mounts_;

  RootMode mode_ = RootMode::stopped;
  std::string whole_path_;  ///< symbolic links resolved
  Identity identity_;
  Awaited awaited_;
  std::optional<Wish> reopen_;
  std::optional<Wish> rescan_;
  bool out_ = false;                    ///< a Changes is being worked on
  bool rescan_out_ = false;             ///< and it is a rescan
  std::optional<std::uint64_t> limit_;  ///< of the kernel's watches, when it was reached
  std::optional<Moment> try_at_;        ///< there was no inotify: when to ask again
  std::optional<Time> last_rescan_;
  std::optional<Error> problem_;         ///< of watching
  std::optional<Error> looked_problem_;  ///< of the last look
};

}  // namespace ot::agent::watch
