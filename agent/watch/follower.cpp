#include "agent/watch/follower.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <sys/inotify.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/walk.hpp"
#include "base/system_time.hpp"

namespace ot::agent::watch {
namespace {

constexpr std::uint32_t kBelow = IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                 IN_MOVED_TO | IN_ATTRIB | IN_ONLYDIR | IN_DONT_FOLLOW |
                                 IN_EXCL_UNLINK;
constexpr std::uint32_t kRoot = kBelow | IN_DELETE_SELF | IN_MOVE_SELF;

/// Folders watched in one turn; then others have theirs.
constexpr int kFoldersAtOnce = 64;
constexpr std::size_t kMostProblems = 100;
/// A file that was last written longer ago was not made by opening it just now.
constexpr std::chrono::seconds kFresh{5};

std::size_t depth_below(const std::string& root, const std::string& path) {
  return static_cast<std::size_t>(
      std::count(path.begin() + static_cast<std::ptrdiff_t>(root.size()), path.end(), '/'));
}

/// Whoever makes a file by opening it closes it later, and that is told. What
/// came by a hard link, or is no regular file, is never closed.
Sign sign_of_new(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink > 1) {
    return Sign::closed;
  }
  const std::chrono::nanoseconds written{file_nanoseconds(status.st_mtim)};
  const auto age = ot::now().time_since_epoch() - written;
  return age > kFresh ? Sign::closed : Sign::opened;
}

}  // namespace

Loss Follower::begin(const std::string& root, std::vector<std::string> left_out) {
  clear();
  root_ = root;
  left_out_ = std::move(left_out);
  const auto watch = notifier_.add(root, kRoot);
  if (!watch) {
    return note(root, watch.error());
  }
  tree_.reset(root, *watch);
  waiting_.push_back({root, false});
  return Loss::none;
}

void Follower::clear() {
  tree_.clear();
  waiting_ = {};
  problems_.clear();
  error_.reset();
}

Loss Follower::on_events(std::span<const Event> events, Moment now) {
  for (const auto& event : events) {
    if (const auto loss = on_event(event, now); loss != Loss::none) {
      return loss;
    }
  }
  return Loss::none;
}

Loss Follower::on_event(const Event& event, Moment now) {
  if (event.has(IN_Q_OVERFLOW)) {
    return Loss::overflow;
  }
  const auto folder = tree_.at(event.watch);
  if (!folder) {
    return Loss::none;  // told before the watch was given up
  }
  if (event.name.empty()) {
    return on_own_event(event, *folder);
  }
  if (event.has(IN_ISDIR)) {
    on_folder(event, *folder, now);
  } else {
    on_file(event, *folder, now);
  }
  return Loss::none;
}

/// Of the watched folder itself. That one below the root left is told by the
/// folder above it; when it was unmounted, what lay in it is not gone.
Loss Follower::on_own_event(const Event& event, Tree::Node folder) {
  if (!event.has(IN_IGNORED | IN_UNMOUNT | IN_DELETE_SELF | IN_MOVE_SELF)) {
    return Loss::none;
  }
  if (tree_.is_root(folder)) {
    return Loss::root;
  }
  if (event.has(IN_IGNORED | IN_UNMOUNT)) {
    forget(folder);
  }
  return Loss::none;
}

void Follower::on_folder(const Event& event, Tree::Node parent, Moment now) {
  auto path = tree_.path(parent, event.name);
  if (event.has(IN_DELETE | IN_MOVED_FROM)) {
    if (const auto folder = tree_.child(parent, event.name)) {
      forget(*folder);
    }
    problems_.erase(path);
    settling_.touch(std::move(path), Sign::gone, now);
  } else if (event.has(IN_CREATE | IN_MOVED_TO) || problems_.contains(path) ||
             !tree_.child(parent, event.name)) {
    waiting_.push_back({std::move(path), true});
  }
}

void Follower::on_file(const Event& event, Tree::Node parent, Moment now) {
  auto path = tree_.path(parent, event.name);
  Sign sign = Sign::altered;
  if (event.has(IN_DELETE | IN_MOVED_FROM)) {
    sign = Sign::gone;
  } else if (event.has(IN_CLOSE_WRITE | IN_MOVED_TO)) {
    sign = Sign::closed;
  } else if (event.has(IN_CREATE)) {
    sign = sign_of_new(path);
  }
  settling_.touch(std::move(path), sign, now);
}

Loss Follower::work(Moment now) {
  for (int i = 0; i < kFoldersAtOnce && !waiting_.empty(); ++i) {
    const auto next = std::move(waiting_.back());
    waiting_.pop_back();
    const auto loss = next.path == root_ ? list(next, now) : watch(next, now);
    if (loss != Loss::none) {
      return loss;
    }
  }
  if (waiting_.empty()) {
    waiting_.shrink_to_fit();
  }
  return Loss::none;
}

Loss Follower::watch(const Waiting& folder, Moment now) {
  const auto slash = folder.path.rfind('/');
  const auto parent =
      tree_.find(std::string_view(folder.path).substr(0, std::max<std::size_t>(slash, 1)));
  const bool left_out =
      std::find(left_out_.begin(), left_out_.end(), folder.path) != left_out_.end();
  if (!parent || left_out) {
    return Loss::none;
  }
  if (depth_below(root_, folder.path) > kDeepestFolder) {
    keep(folder.path,
         Error(Errc::unsupported, fmt::format("lies deeper than {} folders", kDeepestFolder)));
    return Loss::none;
  }
  const auto watch = notifier_.add(folder.path, kBelow);
  if (!watch) {
    return note(folder.path, watch.error());
  }
  const auto name = std::string_view(folder.path).substr(slash + 1);
  const auto before = tree_.at(*watch);
  if (before && before == tree_.child(*parent, name) && !problems_.contains(folder.path)) {
    return Loss::none;  // listed since it is watched
  }
  const auto node =
      tree_.put(*parent, name, *watch, [this](int unused) { notifier_.remove(unused); });
  return node ? list(folder, now) : Loss::none;
}

Loss Follower::list(const Waiting& folder, Moment now) {
  const auto entries = list_folder(folder.path);
  if (!entries) {
    return note(folder.path, entries.error());
  }
  problems_.erase(folder.path);
  const auto prefix = folder.path.ends_with('/') ? folder.path : folder.path + "/";
  for (const auto& entry : *entries) {
    if (entry.type == FolderEntry::Type::folder) {
      waiting_.push_back({prefix + entry.name, folder.mark});
    } else if (entry.type == FolderEntry::Type::file && folder.mark) {
      settling_.touch(prefix + entry.name, Sign::closed, now);
    }
  }
  return Loss::none;
}

Loss Follower::note(const std::string& path, Error error) {
  const bool is_gone = error.code() == Errc::not_found;
  if (path != root_ && error.code() != Errc::too_large) {
    keep(path, std::move(error));
    return Loss::none;
  }
  error_ = std::move(error);
  return is_gone ? Loss::root : error_->code() == Errc::too_large ? Loss::limit : Loss::unreadable;
}

/// What was there a moment ago and is not now is no problem: that is told.
void Follower::keep(const std::string& folder, Error problem) {
  if (problem.code() != Errc::not_found && problems_.size() < kMostProblems) {
    problems_.insert_or_assign(folder, std::move(problem));
  }
}

void Follower::forget(Tree::Node folder) {
  tree_.remove(folder, [this](int unused) { notifier_.remove(unused); });
}

std::optional<Error> Follower::problem() const {
  if (problems_.empty()) {
    return std::nullopt;
  }
  const auto& [path, error] = *problems_.begin();
  return Error(error.code(), fmt::format("{} folders below can't be watched: {}", problems_.size(),
                                         error.text(path)))
      .hint("let the agent's user read them");
}

}  // namespace ot::agent::watch
