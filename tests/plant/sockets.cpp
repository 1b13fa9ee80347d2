#include "tests/plant/sockets.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <nlohmann/json.hpp>

namespace ot::plant {
namespace {

using Code = boost::system::error_code;

Error bind_error(const Place& place, std::uint16_t port, const Code& code) {
  namespace error = asio::error;
  const bool is_port = code == error::access_denied || code == error::address_in_use;
  const bool is_address = code.value() == EADDRNOTAVAIL;
  const bool is_limit = code == error::no_descriptors;
  std::string hint = is_port ? "give --port-offset 20000, or --free-ports" : "";
  hint = is_address ? "the address must be one of this machine, like 127.x.y.z" : hint;
  hint = is_limit ? "allow more open files: ulimit -n 20000" : hint;
  return Error(is_port ? Errc::refused : Errc::io,
               fmt::format("{} of host {} at {}:{}: {}", place.protocol, place.host,
                           place.address.text(), port, code.message()))
      .hint(std::move(hint));
}

/// Opens and binds; a datagram socket is ready then, an acceptor has still to listen.
template <class Socket, class Protocol>
Code bind_to(Socket& socket, const Protocol& protocol, Ipv4 address, std::uint16_t port) {
  constexpr bool kIsTcp = std::is_same_v<Protocol, Tcp>;
  Code code;
  const asio::ip::address_v4 ip(address.number);
  socket.open(protocol, code);
  if (!code && kIsTcp) {
    socket.set_option(asio::socket_base::reuse_address(true), code);
  }
  if (!code) {
    socket.bind({ip, port}, code);
  }
  if (!code) {
    socket.non_blocking(true, code);
  }
  return code;
}

Code bind_tcp(asio::io_context& io, Bound& bound, std::uint16_t port) {
  Code code = bind_to(bound.acceptor.emplace(io), Tcp::v4(), bound.place->address, port);
  if (!code) {
    bound.acceptor->listen(asio::socket_base::max_listen_connections, code);
  }
  return code;
}

/// Over TCP and UDP a place has one port, so that a free one may take some tries.
Code bind_once(asio::io_context& io, Bound& bound, std::uint16_t port) {
  Code code;
  if (bound.place->tcp) {
    code = bind_tcp(io, bound, port);
    port = code ? port : bound.acceptor->local_endpoint().port();
  }
  if (!code && bound.place->udp) {
    code = bind_to(bound.datagrams.emplace(io), Udp::v4(), bound.place->address, port);
  }
  return code;
}

Result<Bound> open_line(asio::io_context& io, Place& place) {
  auto port = SerialPort::open(io, place.link);
  if (!port) {
    return fail(std::move(port).error().during("serial line " + place.host));
  }
  Bound bound;
  bound.place = &place;
  bound.serial.emplace(std::move(*port));
  return bound;
}

Result<Bound> bind_place(asio::io_context& io, Place& place, Ports ports) {
  constexpr unsigned kMostPort = 65535;
  const bool is_free = ports.free || place.port == 0;
  const unsigned wanted = is_free ? 0 : place.port + ports.offset;
  if (wanted > kMostPort) {
    return fail(Errc::wrong_use, fmt::format("port {} of host {} is above 65535 with the offset",
                                             wanted, place.host));
  }
  Bound bound;
  bound.place = &place;
  Code code;
  constexpr int kTries = 20;
  for (int tries = 0; tries < (is_free ? kTries : 1); ++tries) {
    code = bind_once(io, bound, static_cast<std::uint16_t>(wanted));
    if (!code) {
      return bound;
    }
    bound.acceptor.reset();
    bound.datagrams.reset();
  }
  return fail(bind_error(place, static_cast<std::uint16_t>(wanted), code));
}

}  // namespace

std::string endpoint_line(const Place& place, std::string_view transport, std::string_view address,
                          std::uint16_t port) {
  nlohmann::ordered_json line;
  line["host"] = place.host;
  line["protocol"] = place.protocol;
  line["transport"] = transport;
  line["address"] = address;
  line["port"] = port;
  return line.dump();
}

std::vector<std::string> Bound::endpoint_lines() const {
  const std::string address = place->address.text();
  std::vector<std::string> lines;
  if (acceptor) {
    lines.push_back(endpoint_line(*place, "tcp", address, acceptor->local_endpoint().port()));
  }
  if (datagrams) {
    lines.push_back(endpoint_line(*place, "udp", address, datagrams->local_endpoint().port()));
  }
  if (serial) {
    lines.push_back(endpoint_line(*place, "serial", serial->device(), 0));
  }
  return lines;
}

Result<std::vector<Bound>> bind_all(asio::io_context& io,
                                    const std::vector<std::unique_ptr<Place>>& places,
                                    Ports ports) {
  std::vector<Bound> all;
  for (const auto& place : places) {
    auto bound = place->serial ? open_line(io, *place) : bind_place(io, *place, ports);
    if (!bound) {
      return fail(std::move(bound).error());
    }
    all.push_back(std::move(*bound));
  }
  return all;
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
  }
}

}  // namespace ot::plant
