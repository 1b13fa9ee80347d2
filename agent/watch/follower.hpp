#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/watch/event.hpp"
#include "agent/watch/notifier.hpp"
#include "agent/watch/settling.hpp"
#include "agent/watch/tree.hpp"
#include "base/result.hpp"

namespace ot::agent::watch {

/// Why a root can't be followed any longer.
enum class Loss : std::uint8_t {
  none,
  overflow,    ///< events were lost
  root,        ///< the root is not there any more
  limit,       ///< the kernel watches no more folders; error() says it
  unreadable,  ///< the root can't be looked into; error() says it
};

/// Keeps every folder below a root watched and turns what happens there into
/// dirty paths. A folder is watched first and listed then, so that nothing is
/// missed in between. Symbolic links are never followed.
class Follower {
 public:
  Follower(Notifier& notifier, Settling& settling) : notifier_(notifier), settling_(settling) {}

  /// Watches the root, which holds no symbolic link in its path; the folders
  /// below follow in work(). `left_out` are not entered. What lies there now is
  /// not dirty: who begins looks at it all.
  Loss begin(const std::string& root, std::vector<std::string> left_out);
  void clear();

  Loss on_events(std::span<const Event> events, Moment now);

  /// Whether there are folders left to watch.
  bool is_busy() const { return !waiting_.empty(); }
  /// Watches some of them.
  Loss work(Moment now);

  std::size_t folders() const { return tree_.size(); }
  const std::optional<Error>& error() const { return error_; }
  /// Of folders below the root that are not watched.
  std::optional<Error> problem() const;

 private:
  struct Waiting {
    std::string path;
    bool mark;  ///< the files in it are dirty
  };

  Loss on_event(const Event& event, Moment now);
  Loss on_own_event(const Event& event, Tree::Node folder);
  void on_folder(const Event& event, Tree::Node parent, Moment now);
  void on_file(const Event& event, Tree::Node parent, Moment now);

  Loss watch(const Waiting& folder, Moment now);
  Loss list(const Waiting& folder, Moment now);
  Loss note(const std::string& path, Error error);
  void keep(const std::string& folder, Error problem);
  void forget(Tree::Node folder);

  Notifier& notifier_;
  Settling& settling_;
  Tree tree_;
  std::string root_;
  std::vector<std::string> left_out_;
  std::vector<Waiting> waiting_;           ///< the next one last
  std::map<std::string, Error> problems_;  ///< by folder; only so many are kept
  std::optional<Error> error_;
};

}  // namespace ot::agent::watch
