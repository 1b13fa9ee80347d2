#include "agent/watch/mount_watch.hpp"

#include <utility>

#include <fcntl.h>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace ot::agent::watch {

/// Outlives its MountWatch until its last wait has ended.
class MountWatch::Waiter : public std::enable_shared_from_this<Waiter> {
 public:
  Waiter(const asio::any_io_executor& executor, int descriptor, std::function<void()> on_change)
      : stream_(executor, descriptor), on_change_(std::move(on_change)) {}

  /// proc(5): a change of the mount table is an exceptional condition of the file.
  void wait() {
    stream_.async_wait(
        asio::posix::descriptor_base::wait_error,
        [self = shared_from_this()](const boost::system::error_code& ec) { self->on_ready(ec); });
  }

  void close() {
    boost::system::error_code ignored;
    stream_.close(ignored);  // NOLINT: the overload returns the same code
  }

 private:
  void on_ready(const boost::system::error_code& ec) {
    if (ec || !stream_.is_open()) {
      return;
    }
    wait();
    on_change_();
  }

  asio::posix::stream_descriptor stream_;
  std::function<void()> on_change_;
};

MountWatch::MountWatch(const asio::any_io_executor& executor, std::function<void()> on_change)
    : executor_(executor), on_change_(std::move(on_change)) {}

MountWatch::~MountWatch() {
  close();
}

void MountWatch::open() {
  close();
  const int descriptor = ::open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
  if (descriptor >= 0) {
    waiter_ = std::make_shared<Waiter>(executor_, descriptor, on_change_);
    waiter_->wait();
  }
}

void MountWatch::close() {
  if (waiter_) {
    std::exchange(waiter_, nullptr)->close();
  }
}

}  // namespace ot::agent::watch
