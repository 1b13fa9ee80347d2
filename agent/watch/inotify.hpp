#pragma once

#include <functional>
#include <memory>
#include <span>

#include <boost/asio/any_io_executor.hpp>

#include "agent/watch/event.hpp"
#include "agent/watch/notifier.hpp"
#include "base/async_task.hpp"

namespace ot::agent::watch {

/// One inotify instance of the kernel, read on the executor.
class Inotify final : public Notifier {
 public:
  using OnEvents = std::function<void(std::span<const Event>)>;

  /// `on_events` is never called after close() or the end of the object, nor
  /// from inside another call. It may do both.
  Inotify(const asio::any_io_executor& executor, OnEvents on_events);
  Inotify(const Inotify&) = delete;
  Inotify& operator=(const Inotify&) = delete;
  ~Inotify() override;

  Result<void> open() override;
  void close() override;
  Result<int> add(const std::string& folder, std::uint32_t mask) override;
  void remove(int watch) override;

 private:
  class Reader;

  asio::any_io_executor executor_;
  OnEvents on_events_;
  std::shared_ptr<Reader> reader_;  ///< null while closed
};

}  // namespace ot::agent::watch
