#include <array>
#include <utility>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include "protocols/link/carrier.hpp"
#include "protocols/link/frame.hpp"
#include "protocols/link/socket_error.hpp"

namespace ot::protocols::link {
namespace {

using asio::ip::tcp;

constexpr std::size_t kChunk = 4096;

class TcpCarrier final : public Carrier {
 public:
  TcpCarrier(const asio::any_io_executor& executor, Wire wire, Endpoint target)
      : socket_(executor), wire_(wire), target_(std::move(target)) {}

  Task<void> connect(Time limit) override;
  Task<void> send(std::string frame) override;
  Task<std::string> receive(Time limit) override;
  asio::awaitable<void> close(Time limit) override;
  bool has_ended() override;
  std::string take_rest() override { return std::exchange(received_, {}); }

 private:
  Task<void> connect_now();
  Task<void> receive_frame();
  Task<void> receive_more();
  asio::awaitable<bool> drain();
  Result<std::optional<std::string>> take_frame();

  tcp::socket socket_;
  Wire wire_;
  Endpoint target_;
  std::string received_;  ///< what is not a whole frame yet
};

Task<void> TcpCarrier::connect_now() {
  const tcp::endpoint device(asio::ip::address_v4(target_.address.number), target_.port);
  auto connected = co_await socket_.async_connect(device, no_throw);
  if (auto& [code] = connected; code) {
    co_return fail(socket_error(code, "connect"));
  }
  boost::system::error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  co_return Result<void>{};
}

Task<void> TcpCarrier::connect(Time limit) {
  received_.clear();
  auto task = connect_now();
  auto connected = co_await within(std::move(task), limit);
  if (connected && *connected) {
    co_return Result<void>{};
  }
  boost::system::error_code ignored;
  socket_.close(ignored);
  if (!connected) {
    co_return fail(Errc::unreachable, "connect: no answer");
  }
  co_return *connected;
}

bool TcpCarrier::has_ended() {
  char byte = 0;
  return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

Task<void> TcpCarrier::send(std::string frame) {
  if (auto check = allowed(wire_, frame); !check) {
    co_return fail(check.error());
  }
  // One ADU per segment: a frame is far smaller than the socket's buffer.
  auto sent = co_await asio::async_write(socket_, asio::buffer(frame), no_throw);
  if (auto& [code, size] = sent; code) {
    co_return fail(socket_error(code, "send"));
  }
  co_return Result<void>{};
}

Result<std::optional<std::string>> TcpCarrier::take_frame() {
  const auto size = frame_size(wire_, received_);
  if (!size) {
    return fail(size.error());
  }
  if (!*size || **size > received_.size()) {
    return std::optional<std::string>();
  }
  std::string frame = received_.substr(0, **size);
  received_.erase(0, **size);
  return std::optional(std::move(frame));
}

Task<void> TcpCarrier::receive_more() {
  std::array<char, kChunk> chunk;
  auto read = co_await socket_.async_read_some(asio::buffer(chunk), no_throw);
  if (auto& [code, size] = read; code) {
    co_return fail(socket_error(code, "receive"));
  }
  received_.append(chunk.data(), std::get<1>(read));
  co_return Result<void>{};
}

/// Reads until a whole frame is there.
Task<void> TcpCarrier::receive_frame() {
  for (;;) {
    const auto size = frame_size(wire_, received_);
    if (!size) {
      co_return fail(size.error());
    }
    if (*size && **size <= received_.size()) {
      co_return Result<void>{};
    }
    auto more = co_await receive_more();
    if (!more) {
      co_return more;
    }
  }
}

/// The frame is taken here alone: one that comes with the end of the time is not lost.
Task<std::string> TcpCarrier::receive(Time limit) {
  auto task = receive_frame();
  auto came = co_await within(std::move(task), limit);
  if (came && !*came) {
    co_return fail(std::move(*came).error());
  }
  auto frame = take_frame();
  if (!frame) {
    co_return fail(std::move(frame).error());
  }
  if (*frame) {
    co_return std::move(**frame);
  }
  const auto part = received_.empty() ? std::string("no answer")
                                      : fmt::format("only {} bytes of an answer", received_.size());
  co_return fail(Errc::silent, part);
}

/// Reads what still comes, until the other side ends the connection, too.
asio::awaitable<bool> TcpCarrier::drain() {
  constexpr std::size_t kMost = 64 * 1024;
  std::array<char, kChunk> chunk;
  for (std::size_t total = 0; total < kMost;) {
    auto read = co_await socket_.async_read_some(asio::buffer(chunk), no_throw);
    if (auto& [code, size] = read; code) {
      co_return true;
    }
    received_.append(chunk.data(), std::get<1>(read));
    total += std::get<1>(read);
  }
  co_return false;
}

/// Closing a socket with unread bytes would send a RST: first our FIN, then all
/// that is still on its way, then the end.
asio::awaitable<void> TcpCarrier::close(Time limit) {
  if (!socket_.is_open()) {
    co_return;
  }
  boost::system::error_code failed;
  socket_.shutdown(tcp::socket::shutdown_send, failed);
  if (!failed) {
    auto task = drain();
    co_await within(std::move(task), limit);
  }
  socket_.close(failed);
}

}  // namespace

std::unique_ptr<Carrier> make_tcp(const asio::any_io_executor& executor, Wire wire,
                                  Endpoint target) {
  return std::make_unique<TcpCarrier>(executor, wire, std::move(target));
}

}  // namespace ot::protocols::link
