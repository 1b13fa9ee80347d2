#pragma once

#include <functional>
#include <future>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/async.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// The one thread that uses a store that is open for writing. Whoever writes
/// hands it work, and waits for the answer without blocking. Work that fails
/// leaves no batch behind: what it cost others must not hear of, nor pay for.
class StoreThread {
 public:
  /// `on_change`: called on the thread after work that changed something.
  explicit StoreThread(store::Store& store, std::function<void()> on_change = nullptr)
      : store_(store), on_change_(std::move(on_change)) {}
  StoreThread(const StoreThread&) = delete;
  StoreThread& operator=(const StoreThread&) = delete;
  ~StoreThread() { join(); }

  /// Runs `work` with the store on the thread; its value must not be void.
  template <class Work>
  auto run(Work work) {
    auto bound = [this, work = std::move(work)]() mutable { return done(work); };
    return offload(pool_, std::move(bound));
  }

  /// The same for who may block meanwhile: never on the thread of an io_context.
  template <class Work>
  auto wait(Work work) {
    using Value = std::invoke_result_t<Work&, store::Store&>;
    std::packaged_task<Value()> task(
        [this, work = std::move(work)]() mutable { return done(work); });
    auto value = task.get_future();
    asio::post(pool_, std::move(task));
    return value.get();
  }

  /// Waits until all that was handed over is done; then nothing more may be.
  void join() { pool_.join(); }

 private:
  template <class Work>
  auto done(Work& work) {
    const auto before = store_.own_changes();
    auto value = work(store_);
    if constexpr (requires { value.error(); }) {
      if (!value) {
        store_.abandon();
      }
    }
    if (on_change_ && store_.own_changes() != before) {
      on_change_();
    }
    return value;
  }

  store::Store& store_;
  std::function<void()> on_change_;
  asio::thread_pool pool_{1};
};

}  // namespace ot::agent
