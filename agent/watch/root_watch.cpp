#include "agent/watch/root_watch.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include <sys/inotify.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/watch/limits.hpp"
#include "base/log.hpp"

namespace ot::agent::watch {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kLocalInterval{24};
constexpr std::chrono::minutes kPollInterval{5};
constexpr std::chrono::seconds kRetry{30};
/// Instances are given back without a word: the kernel is asked again.
constexpr std::chrono::minutes kAskAgain{10};
/// A missing root is mostly told of; where it is not, it is looked for.
constexpr std::chrono::seconds kLookForRoot{30};

constexpr std::uint32_t kAppearing =
    IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

Result<std::string> resolve(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> resolved(::realpath(path.c_str(), nullptr),
                                                             &std::free);
  return resolved ? Result<std::string>(resolved.get())
                  : fail(system_error(errno, "can't be found"));
}

bool is_same_place(const WatchedFolder& a, const WatchedFolder& b) {
  return a.site == b.site && a.area == b.area && a.plant_location == b.plant_location &&
         a.within == b.within;
}

}  // namespace

RootWatch::RootWatch(WatchedFolder folder, std::unique_ptr<Notifier> notifier,
                     std::unique_ptr<Notifier> path_notifier, Span settle)
    : folder_(std::move(folder)),
      notifier_(std::move(notifier)),
      settling_(settle),
      follower_(*notifier_, settling_),
      path_watch_(std::move(path_notifier)) {}

void RootWatch::open(SharedMounts mounts, Moment now, Reason why) {
  mounts_ = std::move(mounts);
  reopen(now, why);
}

/// Nothing is told any more.
void RootWatch::close() {
  notifier_->close();
  path_watch_.close();
  follower_.clear();
}

void RootWatch::reopen(Moment now, Reason why) {
  close();
  settling_.clear();
  reopen_.reset();
  rescan_.reset();
  limit_.reset();
  try_at_.reset();
  whole_path_ = folder_.path;
  if (folder_.mode == WatchedFolder::Mode::poll || is_remote(folder_.path)) {
    return poll(now, why, std::nullopt);
  }
  const auto resolved = resolve(folder_.path);
  if (!resolved) {
    return miss(now, resolved.error());
  }
  whole_path_ = *resolved;
  return is_remote(whole_path_) ? poll(now, why, std::nullopt) : follow(now, why);
}

void RootWatch::follow(Moment now, Reason why) {
  struct stat status {};
  if (::stat(whole_path_.c_str(), &status) != 0) {
    return miss(now, system_error(errno, "can't be found"));
  }
  if (!S_ISDIR(status.st_mode)) {
    return miss(now, Error(Errc::unsupported, "is no folder"));
  }
  identity_ = {.device = status.st_dev, .inode = status.st_ino};
  if (auto opened = notifier_->open(); !opened) {
    try_at_ = now + kAskAgain;
    return poll(now, why, std::move(opened.error()));
  }
  mode_ = RootMode::notify;
  rescan_ = Wish{.at = now, .why = why};
  report(std::nullopt);
  const bool is_told_to = folder_.mode == WatchedFolder::Mode::notify;
  auto left_out = is_told_to ? std::vector<std::string>() : remote_below(*mounts_, whole_path_);
  auto loss = follower_.begin(whole_path_, std::move(left_out));
  if (loss == Loss::none) {
    path_watch_.begin(folder_.path);
    loss = is_there() ? Loss::none : Loss::root;
  }
  if (loss == Loss::root) {
    return miss(now, Error(Errc::not_found, "left while it was opened"));
  }
  on_loss(loss, now);
}

/// The whole is looked at from time to time; a remote root is not touched here.
void RootWatch::poll(Moment now, Reason why, std::optional<Error> problem) {
  close();
  mode_ = RootMode::poll;
  rescan_ = Wish{.at = now, .why = why};
  if (problem) {
    const auto every =
        fmt::format("; until then the folder is looked at every {} s", interval().count());
    const auto hint = problem->hint() + every;
    problem = std::move(*problem).hint(hint);
  }
  report(std::move(problem));
}

/// Nothing that is known below the root is changed meanwhile.
void RootWatch::miss(Moment now, Error error) {
  close();
  settling_.clear();
  rescan_.reset();
  mode_ = error.code() == Errc::not_found ? RootMode::missing : RootMode::unreadable;
  reopen_ = Wish{.at = now + kLookForRoot, .why = Reason::returned};
  report(std::move(error).hint("what is known of it stays; it is read when it can be"));
  watch_above(now);
}

/// Looks at the nearest folder above that is there, for the next step down to
/// appear. What appeared before that was seen is looked for once more.
void RootWatch::watch_above(Moment now) {
  awaited_ = {};
  fs::path missing(folder_.path);
  std::error_code ignored;
  while (missing.has_relative_path() && !fs::exists(missing.parent_path(), ignored)) {
    missing = missing.parent_path();
  }
  const auto above = missing.parent_path().string();
  if (mode_ != RootMode::missing || is_remote(above) || !notifier_->open()) {
    return;
  }
  const auto watch = notifier_->add(above, kAppearing);
  if (!watch || fs::exists(missing, ignored)) {
    reopen_->at = watch ? now : reopen_->at;
    return;
  }
  awaited_ = {.watch = *watch, .name = missing.filename().string()};
}

void RootWatch::configure(WatchedFolder folder, Span settle, Moment now) {
  const auto before = std::exchange(folder_, std::move(folder));
  settling_.set_settle(settle);
  if (before.mode != folder_.mode) {
    return reopen(now, Reason::configured);
  }
  const bool is_read = mode_ == RootMode::notify || mode_ == RootMode::poll;
  if (is_read && !is_same_place(before, folder_)) {
    rescan_ = Wish{.at = now, .why = Reason::configured};
  } else if (before.rescan != folder_.rescan && rescan_ && rescan_->why == Reason::interval) {
    rescan_->at = now + interval();
  }
}

/// A mount changes which files are there; what was watched is another tree then.
void RootWatch::on_mounts(SharedMounts mounts, Moment now) {
  const auto before = std::exchange(mounts_, std::move(mounts));
  for (const auto& path : {folder_.path, whole_path_}) {
    if (mounts_around(*before, path) != mounts_around(*mounts_, path)) {
      return reopen(now, Reason::mounted);
    }
  }
}

void RootWatch::on_events(std::span<const Event> events, Moment now) {
  if (mode_ == RootMode::notify) {
    return on_loss(follower_.on_events(events, now), now);
  }
  for (const auto& event : events) {
    const bool is_awaited =
        event.watch == awaited_.watch && (event.name.empty() || event.name == awaited_.name);
    if (reopen_ && (is_awaited || event.has(IN_Q_OVERFLOW))) {
      reopen_->at = now;
    }
  }
}

bool RootWatch::on_path_events(std::span<const Event> events, Moment now) {
  if (mode_ != RootMode::notify || !path_watch_.concerns(events)) {
    return false;
  }
  path_watch_.begin(folder_.path);  // the same folder may be reached another way now
  if (!is_there()) {
    reopen(now, Reason::returned);
  }
  return true;
}

void RootWatch::work(Moment now) {
  on_loss(follower_.work(now), now);
}

void RootWatch::on_loss(Loss loss, Moment now) {
  switch (loss) {
    case Loss::none: return;
    case Loss::root: return reopen(now, Reason::returned);
    case Loss::limit:
      limit_ = max_user_watches();
      return poll(now, rescan_ ? rescan_->why : Reason::overflow, follower_.error());
    case Loss::unreadable: return miss(now, *follower_.error());
    case Loss::overflow: break;
  }
  // Deaf until the storm is over, rather than busy with a part of it.
  log::info(fmt::format("watch: \"{}\": the kernel lost events; the whole folder is looked at",
                        folder_.path));
  close();
  settling_.clear();
  rescan_.reset();
  reopen_ = Wish{.at = now + settling_.settle(), .why = Reason::overflow};
}

std::optional<Moment> RootWatch::due() const {
  std::optional<Moment> due;
  const auto consider = [&due](std::optional<Moment> moment) {
    due = due && moment ? std::min(*due, *moment) : due ? due : moment;
  };
  if (reopen_) {
    consider(reopen_->at);
  }
  if (!out_ && !follower_.is_busy()) {
    consider(settling_.due());
    consider(rescan_ ? std::optional(rescan_->at) : std::nullopt);
  }
  return due;
}

std::optional<Changes> RootWatch::take(Moment now) {
  if (reopen_ && reopen_->at <= now) {
    reopen(now, reopen_->why);
  }
  tell_restless(now);
  if (out_ || follower_.is_busy()) {
    return std::nullopt;
  }
  const bool is_rescan_due = rescan_ && rescan_->at <= now;
  const auto rested = settling_.due();
  if (!is_rescan_due && !(rested && *rested <= now)) {
    return std::nullopt;
  }
  if (is_rescan_due && mode_ == RootMode::notify && !path_watch_.is_open()) {
    path_watch_.begin(folder_.path);
  }
  if (!is_there()) {
    reopen(now, Reason::returned);
    return std::nullopt;
  }
  if (is_rescan_due && may_watch_more(now)) {
    reopen(now, rescan_->why);
    return std::nullopt;
  }
  if (is_rescan_due) {
    return rescan(now);
  }
  auto paths = settling_.take(now);
  if (paths.everything) {
    rescan_ = Wish{.at = now, .why = Reason::flood};
    return rescan(now);
  }
  if (paths.changed.empty() && paths.gone.empty()) {
    return std::nullopt;
  }
  out_ = true;
  return Changes{
      .root = folder_.path, .changed = std::move(paths.changed), .gone = std::move(paths.gone)};
}

/// It covers whatever is due by now.
Changes RootWatch::rescan(Moment now) {
  settling_.take(now);
  const auto why = rescan_->why;
  rescan_.reset();
  out_ = true;
  rescan_out_ = true;
  return {.root = folder_.path, .rescan = true, .reason = why};
}

void RootWatch::looked(const Looked& looked, Moment now, Time at) {
  out_ = false;
  settling_.put_back(looked.unsettled, now);
  looked_problem_ = looked.problem;
  if (std::exchange(rescan_out_, false) && !looked.failed) {
    last_rescan_ = at;
  }
  if (reopen_ || !(mode_ == RootMode::notify || mode_ == RootMode::poll)) {
    return;  // it is looked at when it is open
  }
  if (looked.failed) {
    wish({.at = now + kRetry, .why = Reason::retry});
  } else if (!rescan_) {
    wish({.at = now + interval(), .why = Reason::interval});
  }
}

/// One that is due sooner stays.
void RootWatch::wish(Wish rescan) {
  if (!rescan_ || rescan.at < rescan_->at) {
    rescan_ = rescan;
  }
}

RootStatus RootWatch::status() const {
  RootStatus status{.path = folder_.path,
                    .mode = mode_,
                    .folders = follower_.folders(),
                    .dirty = settling_.size(),
                    .restless = settling_.restless(),
                    .last_rescan = last_rescan_};
  status.problem = problem_ ? problem_ : looked_problem_ ? looked_problem_ : follower_.problem();
  return status;
}

/// Logged when it is news.
void RootWatch::report(std::optional<Error> problem) {
  const auto text_of = [](const auto& error) { return error ? error->text() : std::string(); };
  if (problem && text_of(problem) != text_of(problem_)) {
    log::warning(fmt::format("watch: \"{}\": {}", folder_.path, problem->text()));
  } else if (!problem && problem_) {
    log::info(fmt::format("watch: \"{}\" is watched again", folder_.path));
  }
  problem_ = std::move(problem);
}

void RootWatch::tell_restless(Moment now) {
  for (const auto& path : settling_.newly_restless(now)) {
    log::warning(
        fmt::format("watch: \"{}\" is written again and again; it is read when it rests", path));
  }
}

bool RootWatch::is_remote(const std::string& path) const {
  return folder_.mode != WatchedFolder::Mode::notify && reach_of(*mounts_, path) == Reach::remote;
}

/// The root's path leads to the folder that is watched, and that one still has
/// the name by which its files are told.
bool RootWatch::is_there() const {
  if (mode_ != RootMode::notify) {
    return true;
  }
  struct stat status {};
  const auto resolved = resolve(folder_.path);
  return resolved && *resolved == whole_path_ && ::stat(whole_path_.c_str(), &status) == 0 &&
         identity_ == Identity{.device = status.st_dev, .inode = status.st_ino};
}

/// Somebody raised the limit since it was reached, or may have given back an
/// instance.
bool RootWatch::may_watch_more(Moment now) const {
  const bool is_raised = limit_ && max_user_watches() > limit_;
  return mode_ == RootMode::poll && (is_raised || (try_at_ && *try_at_ <= now));
}

std::chrono::seconds RootWatch::interval() const {
  if (folder_.rescan.count() > 0) {
    return folder_.rescan;
  }
  const bool is_told_all =
      mode_ == RootMode::notify && path_watch_.is_open() && !has_share(*mounts_, whole_path_);
  return is_told_all ? std::chrono::seconds(kLocalInterval) : std::chrono::seconds(kPollInterval);
}

}  // namespace ot::agent::watch
