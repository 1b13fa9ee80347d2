#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ipv4.hpp"
#include "base/result.hpp"

namespace ot::protocols::link {

struct SerialSettings {
  int baud = 19200;
  char parity = 'E';  ///< N, E or O
  int data_bits = 8;
  int stop_bits = 1;
};

/// "19200,8E1": baud rate, data bits, parity, stop bits.
Result<SerialSettings> parse_serial_settings(std::string_view text);

/// Where a target is: an address and a port, or a serial device.
struct Endpoint {
  Ipv4 address;
  std::uint16_t port = 0;
  std::string device;  ///< path; empty for an address
  bool named = false;  ///< by itself, not as one of a range: somebody is expected there
  SerialSettings serial;

  bool is_serial() const { return !device.empty(); }
  std::string text() const;
};

}  // namespace ot::protocols::link
