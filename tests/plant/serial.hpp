#pragma once

#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/async.hpp"
#include "base/result.hpp"
#include "tests/plant/place.hpp"

namespace ot::plant {

/// A pseudo-terminal that stands for a serial line: the units are at its master
/// side, the asker opens device(). A link, if one is wanted, goes with it.
class SerialPort {
 public:
  static Result<SerialPort> open(asio::io_context& io, const std::string& link);
  SerialPort(SerialPort&& other) noexcept;
  SerialPort(const SerialPort&) = delete;
  SerialPort& operator=(const SerialPort&) = delete;
  SerialPort& operator=(SerialPort&&) = delete;
  ~SerialPort();

  /// What to open: the link, or the terminal itself.
  const std::string& device() const { return link_.empty() ? terminal_ : link_; }
  asio::posix::stream_descriptor& units() { return master_; }

 private:
  SerialPort(asio::posix::stream_descriptor master, asio::posix::stream_descriptor slave,
             std::string terminal)
      : master_(std::move(master)), slave_(std::move(slave)), terminal_(std::move(terminal)) {}

  asio::posix::stream_descriptor master_;
  asio::posix::stream_descriptor slave_;  ///< kept, so that the line outlives its askers
  std::string terminal_;
  std::string link_;
};

/// Answers on the line until the io_context ends.
asio::awaitable<void> serve_line(SerialPort port, Place& place);

}  // namespace ot::plant
