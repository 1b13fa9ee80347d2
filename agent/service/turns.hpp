#pragma once

#include <cstddef>
#include <deque>
#include <memory>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"

namespace ot::agent {

/// So many may do something at once; the others wait for their turn, in order. On one thread.
class Turns {
 public:
  Turns(const asio::any_io_executor& executor, std::size_t at_once)
      : executor_(executor), free_(at_once) {}

  asio::awaitable<void> take() {
    if (free_ > 0) {
      --free_;
      co_return;
    }
    auto turn =
        std::make_shared<asio::steady_timer>(executor_, asio::steady_timer::time_point::max());
    waiting_.push_back(turn);
    co_await turn->async_wait(no_throw);
  }

  /// Ends a turn that was taken, however it ends.
  class End {
   public:
    explicit End(Turns& turns) : turns_(turns) {}
    End(const End&) = delete;
    End& operator=(const End&) = delete;
    ~End() { turns_.done(); }  // NOLINT: a timer's cancel() throws where no memory is left

   private:
    Turns& turns_;
  };

  std::size_t waiting() const { return waiting_.size(); }

 private:
  void done() {
    if (waiting_.empty()) {
      ++free_;
      return;
    }
    waiting_.front()->cancel();
    waiting_.pop_front();
  }

  asio::any_io_executor executor_;
  std::size_t free_;
  std::deque<std::shared_ptr<asio::steady_timer>> waiting_;
};

}  // namespace ot::agent
