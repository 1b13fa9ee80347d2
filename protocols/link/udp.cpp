#include <array>
#include <optional>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>

#include "protocols/link/carrier.hpp"
#include "protocols/link/frame.hpp"
#include "protocols/link/socket_error.hpp"

namespace ot::protocols::link {
namespace {

using asio::ip::udp;

constexpr std::size_t kLargestDatagram = 2048;  // FINS: 2012 bytes

udp::endpoint endpoint_of(const Endpoint& target) {
  return {asio::ip::address_v4(target.address.number), target.port};
}

/// A connected socket: the kernel drops what comes from anyone else, and says
/// when the port is closed.
class UdpCarrier final : public Carrier {
 public:
  UdpCarrier(const asio::any_io_executor& executor, Wire wire, Endpoint target,
             std::uint16_t own_port)
      : socket_(executor), wire_(wire), target_(std::move(target)), port_(own_port) {}

  Task<void> connect(Time limit) override;
  Task<void> send(std::string frame) override;
  Task<std::string> receive(Time limit) override;
  asio::awaitable<void> close(Time limit) override;

 private:
  Task<void> receive_datagram();
  Error socket_failure(const boost::system::error_code& code) const;
  boost::system::error_code bind_and_connect();

  udp::socket socket_;
  Wire wire_;
  Endpoint target_;
  std::uint16_t port_;
  std::optional<std::string> datagram_;
};

boost::system::error_code UdpCarrier::bind_and_connect() {
  boost::system::error_code code;
  socket_.open(udp::v4(), code);
  if (!code && port_ != 0) {
    // Several targets are asked from the same port at once, each by its own socket.
    socket_.set_option(udp::socket::reuse_address(true), code);
    socket_.bind({udp::v4(), port_}, code);
  }
  if (!code) {
    socket_.connect(endpoint_of(target_), code);
  }
  return code;
}

Error UdpCarrier::socket_failure(const boost::system::error_code& code) const {
  if (code == asio::error::address_in_use) {
    return {Errc::io, fmt::format("local UDP port {} is taken by another program", port_)};
  }
  return socket_error(code, "open a socket");
}

Task<void> UdpCarrier::connect(Time) {
  const auto code = bind_and_connect();
  if (code) {
    boost::system::error_code ignored;
    socket_.close(ignored);
    co_return fail(socket_failure(code));
  }
  co_return Result<void>{};
}

Task<void> UdpCarrier::send(std::string frame) {
  if (auto check = allowed(wire_, frame); !check) {
    co_return fail(check.error());
  }
  auto sent = co_await socket_.async_send(asio::buffer(frame), no_throw);
  if (auto& [code, size] = sent; code) {
    co_return fail(socket_error(code, "send"));
  }
  co_return Result<void>{};
}

Task<void> UdpCarrier::receive_datagram() {
  std::array<char, kLargestDatagram> buffer;
  auto read = co_await socket_.async_receive(asio::buffer(buffer), no_throw);
  if (auto& [code, size] = read; code) {
    co_return fail(socket_error(code, "receive"));
  }
  datagram_ = std::string(buffer.data(), std::get<1>(read));
  co_return Result<void>{};
}

Task<std::string> UdpCarrier::receive(Time limit) {
  datagram_.reset();
  auto task = receive_datagram();
  auto came = co_await within(std::move(task), limit);
  if (datagram_) {
    co_return std::move(*datagram_);
  }
  if (came && !*came) {
    co_return fail(std::move(*came).error());
  }
  co_return fail(Errc::silent, "no answer");
}

asio::awaitable<void> UdpCarrier::close(Time) {
  boost::system::error_code ignored;
  socket_.close(ignored);
  co_return;
}

}  // namespace

std::unique_ptr<Carrier> make_udp(const asio::any_io_executor& executor, Wire wire, Endpoint target,
                                  std::uint16_t own_port) {
  return std::make_unique<UdpCarrier>(executor, wire, std::move(target), own_port);
}

Result<Ipv4> own_address_towards(const asio::any_io_executor& executor, Ipv4 target) {
  constexpr std::uint16_t kDiscard = 9;  // nothing is sent: connecting only picks a route
  udp::socket socket(executor);
  boost::system::error_code code;
  socket.open(udp::v4(), code);
  if (!code) {
    socket.connect({asio::ip::address_v4(target.number), kDiscard}, code);
  }
  const auto own = code ? udp::endpoint() : socket.local_endpoint(code);
  if (code) {
    return fail(socket_error(code, "find the route"));
  }
  return Ipv4{own.address().to_v4().to_uint()};
}

}  // namespace ot::protocols::link
