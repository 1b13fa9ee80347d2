#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "agent/http/client_transport.hpp"
#include "base/async_task.hpp"

namespace ot::agent::http {

/// Makes a connection: the name's addresses one after the other, and the way through a
/// proxy where one is named. Errors don't name the server; those of a proxy name it.
class Dial {
 public:
  Dial(const asio::any_io_executor& executor, Url url, std::optional<Proxy> proxy);

  /// To be used once. The stream outlives it.
  Task<void> run(boost::beast::tcp_stream& stream, Clock::time_point limit);

  /// Ends run() as `cancelled`; the stream is closed by whom it belongs to.
  void stop();

 private:
  struct Lookup;
  using Addresses = std::vector<asio::ip::address>;

  Task<Addresses> look_up(Url url, Clock::time_point limit);
  Task<void> reach(boost::beast::tcp_stream& stream, Url url, Clock::time_point limit);
  Task<void> tunnel(boost::beast::tcp_stream& stream, Clock::time_point limit);

  asio::any_io_executor executor_;
  Url url_;
  std::optional<Proxy> proxy_;
  std::shared_ptr<Lookup> lookup_;
  bool is_stopped_ = false;
};

}  // namespace ot::agent::http
