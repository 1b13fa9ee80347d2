#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>

#include "agent/http/transport.hpp"
#include "base/async.hpp"

namespace ot::agent::http {

using TlsStream = asio::ssl::stream<boost::beast::tcp_stream>;

inline boost::beast::tcp_stream& lowest(boost::beast::tcp_stream& stream) {
  return stream;
}
inline boost::beast::tcp_stream& lowest(TlsStream& stream) {
  return stream.next_layer();
}

/// `silent`, `cancelled` or `closed`.
Error stream_error(const boost::system::error_code& code, std::string_view step);

/// Ends our side, and takes what still comes until the other side ends its own.
asio::awaitable<void> close_tcp(boost::beast::tcp_stream& stream, Clock::time_point limit);

/// What transports have in common, whichever side they are of.
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
      ended_in_order_ = code == asio::error::eof;
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

  bool ended_in_order() const override { return ended_in_order_; }
  void cancel() override { lowest(stream_).cancel(); }
  void abort() override { lowest(stream_).close(); }

 protected:
  virtual Error error_of(const boost::system::error_code& code, std::string_view step) {
    return stream_error(code, step);
  }

  Stream stream_;  // NOLINT: for those derived

 private:
  static constexpr std::size_t kChunk = 8192;

  std::array<char, kChunk> chunk_;
  bool ended_in_order_ = false;
};

class PlainTransport : public StreamTransport<boost::beast::tcp_stream> {
 public:
  using StreamTransport::StreamTransport;

  asio::awaitable<void> close(Clock::time_point limit) override {
    co_await close_tcp(stream_, limit);
  }
};

class TlsTransport : public StreamTransport<TlsStream> {
 public:
  /// `below`: a socket, or what it is to run on.
  template <class Below>
  TlsTransport(Below&& below, TlsContext context)
      : StreamTransport(std::forward<Below>(below), *context), context_(std::move(context)) {}

  asio::awaitable<void> close(Clock::time_point limit) override {
    if (is_open_) {
      lowest(stream_).expires_at(limit);
      co_await stream_.async_shutdown(no_throw);
    }
    co_await close_tcp(lowest(stream_), limit);
  }

 protected:
  bool is_open_ = false;  // NOLINT: for those derived

 private:
  TlsContext context_;
};

}  // namespace ot::agent::http
