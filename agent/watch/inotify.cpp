#include "agent/watch/inotify.hpp"

#include <array>
#include <cerrno>
#include <utility>

#include <sys/inotify.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>

#include "agent/watch/limits.hpp"
#include "base/log.hpp"

namespace ot::agent::watch {
namespace {

constexpr std::size_t kBuffer = 16 * 1024;
/// Reads in one turn; then others have theirs.
constexpr int kReads = 16;

}  // namespace

/// Outlives its Inotify until its last wait has ended.
class Inotify::Reader : public std::enable_shared_from_this<Reader> {
 public:
  Reader(const asio::any_io_executor& executor, int descriptor, OnEvents on_events)
      : stream_(executor, descriptor), on_events_(std::move(on_events)) {}

  int descriptor() { return stream_.native_handle(); }

  void wait() {
    stream_.async_wait(
        asio::posix::descriptor_base::wait_read,
        [self = shared_from_this()](const boost::system::error_code& ec) { self->on_ready(ec); });
  }

  void close() {
    boost::system::error_code ignored;
    stream_.close(ignored);  // NOLINT: the overload returns the same code
  }

 private:
  void on_ready(const boost::system::error_code& ec) {
    if (ec) {
      return;
    }
    for (int i = 0; i < kReads && stream_.is_open() && read_once(); ++i) {
    }
    if (stream_.is_open()) {
      wait();
    }
  }

  /// Whether there may be more.
  bool read_once() {
    alignas(inotify_event) std::array<char, kBuffer> buffer;  // NOLINT: read() fills it
    const auto got = ::read(descriptor(), buffer.data(), buffer.size());
    if (got <= 0) {
      return got < 0 && errno == EINTR;
    }
    const auto events = decode({buffer.data(), static_cast<std::size_t>(got)});
    if (!events) {
      log::error("inotify: " + events.error().text());
      const Event lost{.watch = -1, .mask = IN_Q_OVERFLOW, .name = {}};
      on_events_({&lost, 1});
      return false;
    }
    on_events_(*events);
    return true;
  }

  asio::posix::stream_descriptor stream_;
  OnEvents on_events_;
};

Inotify::Inotify(const asio::any_io_executor& executor, OnEvents on_events)
    : executor_(executor), on_events_(std::move(on_events)) {}

Inotify::~Inotify() {
  close();
}

Result<void> Inotify::open() {
  close();
  const int descriptor = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (descriptor < 0) {
    return fail(no_more_instances(errno));
  }
  reader_ = std::make_shared<Reader>(executor_, descriptor, on_events_);
  reader_->wait();
  return {};
}

void Inotify::close() {
  if (reader_) {
    std::exchange(reader_, nullptr)->close();
  }
}

Result<int> Inotify::add(const std::string& folder, std::uint32_t mask) {
  const int watch = reader_ ? ::inotify_add_watch(reader_->descriptor(), folder.c_str(), mask) : -1;
  if (watch >= 0) {
    return watch;
  }
  switch (reader_ ? errno : EBADF) {
    case ENOSPC:
    case ENOMEM: return fail(no_more_watches(max_user_watches()));
    case ENOENT:
    case ENOTDIR:
    case ELOOP: return fail(Errc::not_found, "no folder is there");
    default: return fail(system_error(errno, "can't be watched"));
  }
}

void Inotify::remove(int watch) {
  if (reader_) {
    ::inotify_rm_watch(reader_->descriptor(), watch);
  }
}

}  // namespace ot::agent::watch
