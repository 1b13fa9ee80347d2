#pragma once

#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/async_task.hpp"

namespace ot {

/// Every asynchronous call of ours returns its error_code first, never throws it.
inline constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);  // NOLINT: as Asio

/// Runs the operation for at most the limit; nothing when the time was up. The
/// operation must return its errors: `||` waits for the first operand that does
/// not throw. It must run on one thread.
template <class T>
asio::awaitable<std::optional<T>> within(asio::awaitable<T> operation,
                                         std::chrono::steady_clock::duration limit) {
  using asio::experimental::awaitable_operators::operator||;

  asio::steady_timer timer(co_await asio::this_coro::executor, limit);
  auto first = co_await (std::move(operation) || timer.async_wait(asio::use_awaitable));
  if (first.index() == 1) {
    co_return std::nullopt;
  }
  co_return std::get<0>(std::move(first));
}

/// Lets the time pass.
inline asio::awaitable<void> pause(std::chrono::steady_clock::duration time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  co_await timer.async_wait(no_throw);
}

/// Runs a blocking function on the pool and resumes the caller where it was.
/// It can't be interrupted, so the function bounds its own time.
template <class Blocking>
auto offload(asio::thread_pool& pool, Blocking blocking)
    -> asio::awaitable<std::invoke_result_t<Blocking&>> {
  using Value = std::invoke_result_t<Blocking&>;

  auto start = [&pool](auto handler, Blocking work) {
    asio::post(pool, [handler = std::move(handler), work = std::move(work)]() mutable {
      Value value = work();
      auto home = asio::get_associated_executor(handler);
      asio::post(home, [handler = std::move(handler), value = std::move(value)]() mutable {
        std::move(handler)(std::move(value));
      });
    });
  };
  co_return co_await asio::async_initiate<decltype(asio::use_awaitable), void(Value)>(
      std::move(start), asio::use_awaitable, std::move(blocking));
}

}  // namespace ot
