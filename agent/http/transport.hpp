#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "agent/http/certificates.hpp"
#include "agent/http/clock.hpp"
#include "base/async_task.hpp"

namespace ot::agent::http {

/// A connection's bytes, with TLS or without. One operation at a time. An error is
/// `silent` when the time was up, which ends the connection, `cancelled`, or `closed`.
class Transport {
 public:
  virtual ~Transport() = default;

  virtual Task<void> open(Clock::time_point limit) = 0;

  /// Appends what has come.
  virtual Task<void> read(std::string& into, Clock::time_point limit) = 0;

  /// The bytes must live until it is done.
  virtual Task<void> write(std::string_view bytes, Clock::time_point limit) = 0;

  /// Says goodbye, and waits for the other side to do so: closing while bytes are on
  /// their way would take our answer from the client.
  virtual asio::awaitable<void> close(Clock::time_point limit) = 0;

  /// Whether the other side ended the connection in order, and nothing of it is lost.
  virtual bool ended_in_order() const { return false; }

  virtual void cancel() = 0;  ///< what is under way; the connection stays
  virtual void abort() = 0;   ///< the connection
};

std::unique_ptr<Transport> make_plain(asio::ip::tcp::socket socket);
std::unique_ptr<Transport> make_tls(asio::ip::tcp::socket socket, TlsContext context);

}  // namespace ot::agent::http
