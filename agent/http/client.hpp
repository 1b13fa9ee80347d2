#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include <boost/asio/any_io_executor.hpp>

#include "agent/http/client_transport.hpp"
#include "agent/http/outgoing.hpp"
#include "agent/http/reply_reader.hpp"

namespace ot::agent::http {

/// What a server may take of us. Each time is for the whole of its step, not for a byte.
struct ClientLimits {
  std::chrono::milliseconds connect{10'000};  ///< name, connection, proxy
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds write{60'000};
  std::uint64_t slowest_write = 1024;       ///< bytes a second; a long body may take longer
  std::chrono::milliseconds reply{60'000};  ///< until its head is there
  std::chrono::milliseconds body{60'000};
  std::chrono::milliseconds goodbye{500};
  std::uint64_t most_reply = 1 << 20;  ///< bytes of a body
};

/// One server, one connection, one exchange at a time. The connection is kept between
/// exchanges, and made anew where it was lost. It runs on one thread.
class Client {
 public:
  Client(const asio::any_io_executor& executor, ClientEndpoint endpoint,
         ClientLimits limits = ClientLimits());
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  /// A request and what is answered, whatever its status: redirects are not followed.
  /// Where a kept connection turns out to have ended before a byte of the reply came, the
  /// request is sent once more on a new one: it must be one that may come twice. The
  /// errors are those of make_client(), `malformed` and `too_large`; each names host and port.
  Task<Reply> exchange(OutgoingRequest request);

  /// Ends the connection with a goodbye; a later exchange makes another.
  asio::awaitable<void> close();

  /// Ends what is under way, as `cancelled`, and the connection.
  void abort();

  const Url& url() const { return endpoint_.url; }

 private:
  Task<void> open();
  Task<void> send(const std::string& text);
  Task<void> receive(ReplyReader& reader, bool& has_begun);
  Result<void> received_end(ReplyReader& reader, const std::string& rest, Error error) const;
  Task<Reply> attempt(const std::string& text, bool& has_begun);
  Error named(Error error) const;
  void drop();

  asio::any_io_executor executor_;
  ClientEndpoint endpoint_;
  ClientLimits limits_;
  std::unique_ptr<Transport> transport_;
  bool is_fit_ = false;  ///< the connection, for a further exchange
  bool is_aborted_ = false;
};

}  // namespace ot::agent::http
