#include "tests/protocols/peer.hpp"

#include <array>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/write.hpp>

#include "tests/protocols/scripted.hpp"

namespace ot::tests {
namespace {

using asio::ip::tcp;

void ignore_end(const std::exception_ptr&) {}

}  // namespace

Peer::Peer(asio::io_context& io)
    : acceptor_(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {}

Peer& Peer::replies(std::string_view hex) {
  steps_.push_back({Act::reply, from_hex(hex)});
  return *this;
}
Peer& Peer::stays_silent() {
  steps_.push_back({Act::silence, {}});
  return *this;
}
Peer& Peer::hangs_up() {
  steps_.push_back({Act::hang_up, {}});
  return *this;
}

void Peer::start() {
  asio::co_spawn(acceptor_.get_executor(), listen(), ignore_end);
}

void Peer::stop() {
  boost::system::error_code ignored;
  acceptor_.close(ignored);
}

asio::awaitable<void> Peer::listen() {
  for (;;) {
    auto accepted = co_await acceptor_.async_accept(no_throw);
    auto& [code, socket] = accepted;
    if (code) {
      co_return;
    }
    ++connections_;
    most_ = std::max(most_, ++open_);
    auto task = serve(std::move(socket));
    asio::co_spawn(acceptor_.get_executor(), std::move(task), ignore_end);
  }
}

asio::awaitable<void> Peer::serve(tcp::socket socket) {
  std::array<char, 4096> chunk;
  for (bool goes_on = true; goes_on;) {
    auto read = co_await socket.async_read_some(asio::buffer(chunk), no_throw);
    auto& [code, size] = read;
    if (code) {
      ends_ += code == asio::error::eof ? 1 : 0;
      resets_ += code == asio::error::connection_reset ? 1 : 0;
      break;
    }
    received_.push_back({Clock::now(), std::string(chunk.data(), size)});
    goes_on = co_await act(socket);
  }
  --open_;
}

asio::awaitable<bool> Peer::act(tcp::socket& socket) {
  if (steps_.empty()) {
    co_return true;
  }
  const Step step = std::move(steps_.front());
  steps_.pop_front();
  if (step.act == Act::reply) {
    auto written = co_await asio::async_write(socket, asio::buffer(step.bytes), no_throw);
    static_cast<void>(written);
  }
  co_return step.act != Act::hang_up;
}

}  // namespace ot::tests
