#include "agent/http/transport.hpp"

#include <array>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "agent/http/message.hpp"
#include "base/async.hpp"

namespace ot::agent::http {
namespace {

using asio::ip::tcp;
using boost::beast::tcp_stream;
using boost::system::error_code;
using TlsStream = asio::ssl::stream<tcp_stream>;

constexpr std::size_t kChunk = 8192;

Error error_of(const error_code& code, std::string_view step) {
  if (code == boost::beast::error::timeout) {
    return Error(Errc::silent, "the time was up").during(step);
  }
  if (code == asio::error::operation_aborted) {
    return Error(Errc::cancelled, "stopped").during(step);
  }
  return Error(Errc::closed, code.message()).during(step);
}

tcp_stream& lowest(tcp_stream& stream) {
  return stream;
}
tcp_stream& lowest(TlsStream& stream) {
  return stream.next_layer();
}

/// Reads what still comes, up to a limit, until the other side ends the connection.
asio::awaitable<void> drain(tcp_stream& stream) {
  constexpr std::size_t kMost = 256 * 1024;
  std::array<char, kChunk> chunk;
  for (std::size_t total = 0; total < kMost;) {
    auto read = co_await stream.async_read_some(asio::buffer(chunk), no_throw);
    if (auto& [code, size] = read; code) {
      co_return;
    }
    total += std::get<1>(read);
  }
}

asio::awaitable<void> close_tcp(tcp_stream& stream, Clock::time_point limit) {
  error_code failed;
  stream.socket().shutdown(tcp::socket::shutdown_send, failed);
  if (!failed) {
    stream.expires_at(limit);
    co_await drain(stream);
  }
  stream.close();
}

template <class Stream>
class StreamTransport : public Transport {
 public:
  template <class... Arguments>
  explicit StreamTransport(Arguments&&... arguments)
      : stream_(std::forward<Arguments>(arguments)...) {}

  Task<void> read(std::string& into, Clock::time_point limit) override {
    lowest(stream_).expires_at(limit);
    auto read = co_await stream_.async_read_some(asio::buffer(chunk_), no_throw);
    if (auto& [code, size] = read; code) {
      co_return fail(error_of(code, "read"));
    }
    into.append(chunk_.data(), std::get<1>(read));
    co_return Result<void>{};
  }

  Task<void> write(std::string_view bytes, Clock::time_point limit) override {
    lowest(stream_).expires_at(limit);
    auto written = co_await asio::async_write(stream_, asio::buffer(bytes), no_throw);
    if (auto& [code, size] = written; code) {
      co_return fail(error_of(code, "write"));
    }
    co_return Result<void>{};
  }

  void cancel() override { lowest(stream_).cancel(); }
  void abort() override { lowest(stream_).close(); }

 protected:
  Stream stream_;  // NOLINT: for the two below

 private:
  std::array<char, kChunk> chunk_;
};

class Plain final : public StreamTransport<tcp_stream> {
 public:
  using StreamTransport::StreamTransport;

  Task<void> open(Clock::time_point /*limit*/) override { co_return Result<void>{}; }
  asio::awaitable<void> close(Clock::time_point limit) override {
    co_await close_tcp(stream_, limit);
  }
};

/// What somebody is told who speaks HTTP to a port of HTTPS.
std::string speak_tls() {
  const Delivery delivery{.now = now()};
  return message_text(refusal(Status::bad_request, "TLS_NEEDED", "this port takes https:// alone"),
                      delivery);
}

class Tls final : public StreamTransport<TlsStream> {
 public:
  Tls(tcp::socket socket, TlsContext context)
      : StreamTransport(std::move(socket), *context), context_(std::move(context)) {}

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

  asio::awaitable<void> close(Clock::time_point limit) override {
    if (is_open_) {
      lowest(stream_).expires_at(limit);
      co_await stream_.async_shutdown(no_throw);
    }
    co_await close_tcp(lowest(stream_), limit);
  }

 private:
  TlsContext context_;
  bool is_open_ = false;
};

}  // namespace

std::unique_ptr<Transport> make_plain(tcp::socket socket) {
  return std::make_unique<Plain>(std::move(socket));
}

std::unique_ptr<Transport> make_tls(tcp::socket socket, TlsContext context) {
  return std::make_unique<Tls>(std::move(socket), std::move(context));
}

}  // namespace ot::agent::http
