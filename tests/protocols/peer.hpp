#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/async.hpp"

namespace ot::tests {

/// A device on 127.0.0.1 that does with each request what it was told, in turn.
class Peer {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Peer(asio::io_context& io);

  Peer& replies(std::string_view hex);
  Peer& stays_silent();
  Peer& hangs_up();

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  /// Listens until stop(). Requests are told apart by when they come.
  void start();
  void stop();

  struct Received {
    Clock::time_point at;
    std::string bytes;
  };
  const std::vector<Received>& received() const { return received_; }
  int connections() const { return connections_; }
  int ends() const { return ends_; }      ///< connections that ended by FIN
  int resets() const { return resets_; }  ///< and by RST
  int most_at_once() const { return most_; }

 private:
  enum class Act { reply, silence, hang_up };
  struct Step {
    Act act;
    std::string bytes;
  };

  asio::awaitable<void> listen();
  asio::awaitable<void> serve(asio::ip::tcp::socket socket);
  asio::awaitable<bool> act(asio::ip::tcp::socket& socket);

  asio::ip::tcp::acceptor acceptor_;
  std::deque<Step> steps_;
  std::vector<Received> received_;
  int connections_ = 0;
  int ends_ = 0;
  int resets_ = 0;
  int open_ = 0;
  int most_ = 0;
};

}  // namespace ot::tests
