#pragma once

#include <chrono>
#include <string>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "agent/http/client.hpp"

namespace ot::tests {

/// Runs until the coroutine has ended.
template <class T>
T wait_for(boost::asio::io_context& io, boost::asio::awaitable<T> task) {
  auto future = boost::asio::co_spawn(io, std::move(task), boost::asio::use_future);
  io.restart();
  while (future.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    io.run_one();
  }
  return future.get();
}

/// "http://127.0.0.1:PORT"
inline agent::http::Url url_of(std::uint16_t port, const std::string& scheme = "http",
                               const std::string& host = "127.0.0.1") {
  agent::http::Url url;
  url.scheme = scheme;
  url.host = host;
  url.port = port;
  return url;
}

inline agent::http::OutgoingRequest get_request(const std::string& target) {
  return {"GET", target};
}

/// A client with a loop of its own, which runs while something is exchanged.
class RunningClient {
 public:
  explicit RunningClient(agent::http::ClientEndpoint endpoint,
                         agent::http::ClientLimits limits = agent::http::ClientLimits())
      : client_(io_.get_executor(), std::move(endpoint), limits) {}

  Result<agent::http::Reply> exchange(agent::http::OutgoingRequest request) {
    return wait_for(io_, client_.exchange(std::move(request)));
  }
  Result<agent::http::Reply> get(const std::string& target) {
    return exchange(get_request(target));
  }
  void close() { wait_for(io_, client_.close()); }

  boost::asio::io_context& io() { return io_; }
  agent::http::Client& client() { return client_; }

 private:
  boost::asio::io_context io_;
  agent::http::Client client_;
};

/// The error of one exchange, as an operator reads it; the reply's status when there is none.
inline std::string complaint(const agent::http::ClientEndpoint& endpoint,
                             agent::http::ClientLimits limits = agent::http::ClientLimits()) {
  RunningClient client(endpoint, limits);
  const auto reply = client.get("/x");
  return reply ? std::to_string(reply->status) : reply.error().text();
}

}  // namespace ot::tests
