#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include "base/async.hpp"
#include "base/result.hpp"
#include "tests/plant/place.hpp"
#include "tests/plant/serial.hpp"

namespace ot::plant {

using Tcp = asio::ip::tcp;
using Udp = asio::ip::udp;

/// How the scene's ports become those that are bound.
struct Ports {
  unsigned offset = 0;  ///< added to each that is not 0
  bool free = false;    ///< all are 0: any that is free
};

/// A place with its sockets.
struct Bound {
  Place* place = nullptr;
  std::optional<Tcp::acceptor> acceptor;
  std::optional<Udp::socket> datagrams;
  std::optional<SerialPort> serial;

  /// What the ready line of each endpoint says: {"host": ..., "port": ...}.
  std::vector<std::string> endpoint_lines() const;
};

/// Binds all places. An error of EACCES or EADDRINUSE has the code `refused`.
Result<std::vector<Bound>> bind_all(asio::io_context& io,
                                    const std::vector<std::unique_ptr<Place>>& places, Ports ports);

/// Lets the process open as many files as it may.
void raise_file_limit();

std::string endpoint_line(const Place& place, std::string_view transport, std::string_view address,
                          std::uint16_t port);

}  // namespace ot::plant
