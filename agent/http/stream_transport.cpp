#include "agent/http/stream_transport.hpp"

#include <boost/beast/core/error.hpp>

namespace ot::agent::http {
namespace {

using boost::beast::tcp_stream;
using boost::system::error_code;

/// Reads what still comes, up to a limit, until the other side ends the connection.
asio::awaitable<void> drain(tcp_stream& stream) {
  constexpr std::size_t kMost = 256 * 1024;
  constexpr std::size_t kChunk = 8192;
  std::array<char, kChunk> chunk;
  for (std::size_t total = 0; total < kMost;) {
    auto read = co_await stream.async_read_some(asio::buffer(chunk), no_throw);
    if (auto& [code, size] = read; code) {
      co_return;
    }
    total += std::get<1>(read);
  }
}

}  // namespace

Error stream_error(const error_code& code, std::string_view step) {
  if (code == boost::beast::error::timeout) {
    return Error(Errc::silent, "the time was up").during(step);
  }
  if (code == asio::error::operation_aborted) {
    return Error(Errc::cancelled, "stopped").during(step);
  }
  return Error(Errc::closed, code.message()).during(step);
}

asio::awaitable<void> close_tcp(tcp_stream& stream, Clock::time_point limit) {
  error_code failed;
  stream.socket().shutdown(asio::ip::tcp::socket::shutdown_send, failed);
  if (!failed) {
    stream.expires_at(limit);
    co_await drain(stream);
  }
  stream.close();
}

}  // namespace ot::agent::http
