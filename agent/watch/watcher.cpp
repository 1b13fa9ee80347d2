#include "agent/watch/watcher.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/watch/inotify.hpp"
#include "agent/watch/mount_watch.hpp"
#include "agent/watch/root_watch.hpp"
#include "base/time.hpp"

namespace ot::agent::watch {
namespace {

Moment this_moment() {
  return std::chrono::steady_clock::now();
}

}  // namespace

/// Outlives its Watcher until the last wait has ended.
class Watcher::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(const asio::any_io_executor& executor, std::vector<WatchedFolder> folders, Span settle,
       OnChanges on_changes)
      : executor_(executor),
        mount_watch_(executor, [this] { on_mounts(); }),
        folders_(std::move(folders)),
        settle_(settle),
        on_changes_(std::move(on_changes)) {}

  void start();
  void stop();
  void reconfigure(const std::vector<WatchedFolder>& folders, Span settle);
  void looked(const Looked& looked);
  std::vector<RootStatus> status() const;

 private:
  using Roots = std::vector<std::unique_ptr<RootWatch>>;

  std::unique_ptr<RootWatch> make(const WatchedFolder& folder);
  RootWatch* root_of(const std::string& path) const;
  void follow(const std::vector<WatchedFolder>& folders);
  void on_mounts();
  void go_on();
  void arm();
  void work();
  void tick();

  asio::any_io_executor executor_;
  MountWatch mount_watch_;
  SharedMounts mounts_;  ///< null while stopped
  std::vector<WatchedFolder> folders_;
  Span settle_;
  OnChanges on_changes_;
  Roots roots_;
  std::optional<asio::steady_timer> timer_;  ///< while there is something to wait for
  bool is_working_ = false;
};

std::unique_ptr<RootWatch> Watcher::Impl::make(const WatchedFolder& folder) {
  // The notifiers belong to the root and call nobody after its end.
  const auto self = std::make_shared<RootWatch*>(nullptr);
  auto notifier = std::make_unique<Inotify>(executor_, [this, self](auto events) {
    (*self)->on_events(events, this_moment());
    go_on();
  });
  auto path_notifier = std::make_unique<Inotify>(executor_, [this, self](auto events) {
    if ((*self)->on_path_events(events, this_moment())) {
      go_on();
    }
  });
  auto root =
      std::make_unique<RootWatch>(folder, std::move(notifier), std::move(path_notifier), settle_);
  *self = root.get();
  return root;
}

RootWatch* Watcher::Impl::root_of(const std::string& path) const {
  const auto found = std::find_if(roots_.begin(), roots_.end(), [&path](const auto& root) {
    return root->folder().path == path;
  });
  return found == roots_.end() ? nullptr : found->get();
}

void Watcher::Impl::start() {
  mount_watch_.open();
  mounts_ = read_mounts();
  follow(folders_);
}

void Watcher::Impl::stop() {
  mount_watch_.close();
  mounts_.reset();
  roots_.clear();
  timer_.reset();
}

void Watcher::Impl::reconfigure(const std::vector<WatchedFolder>& folders, Span settle) {
  folders_ = folders;
  settle_ = settle;
  if (mounts_) {
    follow(folders_);
  }
}

void Watcher::Impl::follow(const std::vector<WatchedFolder>& folders) {
  Roots before = std::exchange(roots_, {});
  const auto now = this_moment();
  for (const auto& folder : folders) {
    const auto known = std::find_if(before.begin(), before.end(), [&folder](const auto& root) {
      return root && root->folder().path == folder.path;
    });
    if (known != before.end()) {
      roots_.push_back(std::move(*known));
      roots_.back()->configure(folder, settle_, now);
    } else if (root_of(folder.path) == nullptr) {
      roots_.push_back(make(folder));
      roots_.back()->open(mounts_, now, Reason::start);
    }
  }
  go_on();
}

void Watcher::Impl::looked(const Looked& looked) {
  if (auto* root = root_of(looked.root)) {
    root->looked(looked, this_moment(), now());
    go_on();
  }
}

std::vector<RootStatus> Watcher::Impl::status() const {
  std::vector<RootStatus> status;
  for (const auto& root : roots_) {
    status.push_back(root->status());
  }
  return status;
}

void Watcher::Impl::on_mounts() {
  mounts_ = read_mounts();
  for (const auto& root : roots_) {
    root->on_mounts(mounts_, this_moment());
  }
  go_on();
}

/// Something happened: there may be folders to watch, and another time to wake up.
void Watcher::Impl::go_on() {
  const bool has_work =
      std::any_of(roots_.begin(), roots_.end(), [](const auto& root) { return root->has_work(); });
  if (has_work && !is_working_) {
    is_working_ = true;
    asio::post(executor_, [weak = weak_from_this()] {
      if (const auto self = weak.lock()) {
        self->work();
      }
    });
  }
  arm();
}

void Watcher::Impl::work() {
  is_working_ = false;
  for (const auto& root : roots_) {
    if (root->has_work()) {
      root->work(this_moment());
    }
  }
  go_on();
}

void Watcher::Impl::arm() {
  std::optional<Moment> next;
  for (const auto& root : roots_) {
    const auto due = root->due();
    next = next && due ? std::min(*next, *due) : next ? next : due;
  }
  if (!next) {
    timer_.reset();
    return;
  }
  if (timer_ && timer_->expiry() == *next) {
    return;
  }
  timer_.emplace(executor_, *next);
  timer_->async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
    const auto self = weak.lock();
    if (!ec && self) {
      self->tick();
    }
  });
}

/// Callbacks may do what they like with the watcher: they come last.
void Watcher::Impl::tick() {
  timer_.reset();
  std::vector<Changes> due;
  for (const auto& root : roots_) {
    if (auto changes = root->take(this_moment())) {
      due.push_back(std::move(*changes));
    }
  }
  go_on();
  for (auto& changes : due) {
    if (root_of(changes.root) != nullptr) {
      on_changes_(std::move(changes));
    }
  }
}

Watcher::Watcher(const asio::any_io_executor& executor, std::vector<WatchedFolder> folders,
                 std::chrono::milliseconds settle, OnChanges on_changes)
    : impl_(std::make_shared<Impl>(executor, std::move(folders), settle, std::move(on_changes))) {}

Watcher::~Watcher() {
  stop();
}

void Watcher::start() {
  impl_->start();
}

void Watcher::stop() {
  impl_->stop();
}

void Watcher::reconfigure(const std::vector<WatchedFolder>& folders,
                          std::chrono::milliseconds settle) {
  impl_->reconfigure(folders, settle);
}

void Watcher::looked(const Looked& looked) {
  impl_->looked(looked);
}

std::vector<RootStatus> Watcher::status() const {
  return impl_->status();
}

}  // namespace ot::agent::watch
