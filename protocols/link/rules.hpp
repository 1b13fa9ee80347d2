#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "base/ipv4.hpp"
#include "base/result.hpp"

namespace ot::protocols::link {

/// How gently a plant is asked.
struct Rules {
  std::chrono::milliseconds gap{100};        ///< to the last frame from or to the same target
  std::chrono::milliseconds deadline{1500};  ///< of an answer
  std::chrono::milliseconds first_connect{1000};
  std::chrono::milliseconds goodbye{500};  ///< for the target's FIN
  std::uint32_t conversations = 16;        ///< at once, over all targets
  std::uint32_t first_connects = 256;      ///< at once: finding out who answers at all
  std::uint32_t silences = 3;              ///< which end a target
};

/// The one path of a serial device, whatever links lead to it.
std::string device_path(std::string_view text);

/// Whom nothing may be sent to, whatever else was asked for.
class Exclusions {
 public:
  /// An address, a range or a CIDR, or the path of a serial device.
  Result<void> add(std::string_view text);

  /// A line each; blanks, empty lines and what follows a # are ignored.
  /// Errors: malformed, with the line.
  Result<void> add_lines(std::string_view content);

  bool holds(Ipv4 address) const;
  bool holds(std::string_view device) const;
  /// Of a target: its device, or, where that is empty, its address.
  bool holds(Ipv4 address, std::string_view device) const {
    return device.empty() ? holds(address) : holds(device);
  }

 private:
  std::vector<Ipv4Range> ranges_;
  std::vector<std::string> devices_;
};

}  // namespace ot::protocols::link
