#include "agent/http/transport.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <boost/asio/ssl/error.hpp>

#include "agent/http/message.hpp"
#include "agent/http/stream_transport.hpp"

namespace ot::agent::http {
namespace {

using asio::ip::tcp;

class Plain final : public PlainTransport {
 public:
  using PlainTransport::PlainTransport;

  Task<void> open(Clock::time_point /*limit*/) override { co_return Result<void>{}; }
};

/// What somebody is told who speaks HTTP to a port of HTTPS.
std::string speak_tls() {
  const Delivery delivery{.now = now()};
  return message_text(refusal(Status::bad_request, "TLS_NEEDED", "this port takes https:// alone"),
                      delivery);
}

class Tls final : public TlsTransport {
 public:
  using TlsTransport::TlsTransport;

  Task<void> open(Clock::time_point limit) override {
    lowest(stream_).expires_at(limit);
    auto shaken = co_await stream_.async_handshake(TlsStream::server, no_throw);
    auto& [code] = shaken;
    if (!code) {
      is_open_ = true;
      co_return Result<void>{};
    }
    if (code.category() == asio::error::get_ssl_category() &&
        ERR_GET_REASON(static_cast<unsigned long>(code.value())) == SSL_R_HTTP_REQUEST) {
      const auto text = speak_tls();
      co_await asio::async_write(lowest(stream_), asio::buffer(text), no_throw);
    }
    co_return fail(error_of(code, "TLS handshake"));
  }
};

}  // namespace

std::unique_ptr<Transport> make_plain(tcp::socket socket) {
  return std::make_unique<Plain>(std::move(socket));
}

std::unique_ptr<Transport> make_tls(tcp::socket socket, TlsContext context) {
  return std::make_unique<Tls>(std::move(socket), std::move(context));
}

}  // namespace ot::agent::http
