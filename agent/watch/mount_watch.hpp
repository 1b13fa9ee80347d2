#pragma once

#include <functional>
#include <memory>

#include <boost/asio/any_io_executor.hpp>

#include "base/async_task.hpp"

namespace ot::agent::watch {

/// Tells when something was mounted or unmounted. Where the kernel does not
/// tell, nothing happens.
class MountWatch {
 public:
  /// `on_change` is never called after close() or the end of the object.
  MountWatch(const asio::any_io_executor& executor, std::function<void()> on_change);
  MountWatch(const MountWatch&) = delete;
  MountWatch& operator=(const MountWatch&) = delete;
  ~MountWatch();

  void open();
  void close();

 private:
  class Waiter;

  asio::any_io_executor executor_;
  std::function<void()> on_change_;
  std::shared_ptr<Waiter> waiter_;  ///< null while closed
};

}  // namespace ot::agent::watch
