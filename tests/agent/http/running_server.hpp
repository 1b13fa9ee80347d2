#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "agent/http/server.hpp"

namespace ot::tests {

constexpr const char* kToken = "the-token-of-the-tests-0123456789-abcdef";
constexpr const char* kAuthorization =
    "Authorization: Bearer the-token-of-the-tests-0123456789-abcdef\r\n";

agent::http::ServerOptions any_port();

/// A server at a free port, on a thread of its own. Its site tells what it was asked;
/// "/open" needs no token, "/large" has a megabyte, "/throws" throws, and "/held" is
/// answered after release().
class RunningServer {
 public:
  explicit RunningServer(agent::http::ServerOptions options = any_port());
  RunningServer(const RunningServer&) = delete;
  RunningServer& operator=(const RunningServer&) = delete;
  ~RunningServer();

  std::uint16_t port() const { return port_; }

  /// Runs the function on the server's thread.
  template <class Function>
  std::invoke_result_t<Function> run(Function function) {
    std::packaged_task<std::invoke_result_t<Function>()> task(std::move(function));
    auto result = task.get_future();
    boost::asio::post(io_, [task = std::move(task)]() mutable { task(); });
    return result.get();
  }

  agent::http::Counters counters();
  /// Waits until so many connections are open.
  void wait_until_open(std::uint64_t connections);
  Result<void> reload();

  /// Waits until "/held" is asked for.
  void wait_until_held();
  void release();

  std::future<std::size_t> stop(std::chrono::milliseconds limit);

 private:
  boost::asio::awaitable<agent::http::Response> answer(agent::http::Request request);

  boost::asio::io_context io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer held_;
  std::promise<void> is_held_;
  std::unique_ptr<agent::http::Server> server_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

}  // namespace ot::tests
