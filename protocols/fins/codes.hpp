#pragma once

#include <cstdint>
#include <string>

namespace ot::protocols::fins {

/// How a unit judges a command: MRES and SRES as one word (W342, page 162). A flag
/// each tells of a relay on the way and of the CPU's own state, whatever the
/// command's result: a CPU with a flat battery says 0040 to all that went well.
struct EndCode {
  std::uint16_t word = 0;

  std::uint16_t code() const { return word & 0x7F3Fu; }
  bool is_relay_error() const { return (word & 0x8000u) != 0; }
  bool has_fatal_error() const { return (word & 0x0080u) != 0; }
  bool has_non_fatal_error() const { return (word & 0x0040u) != 0; }

  bool is_good() const { return code() == 0 && !is_relay_error(); }
  /// The node has too much to do, or commands wait in its queue.
  bool is_busy() const;
  /// No unit there, or none that answers the network.
  bool is_unit_missing() const;
  /// The unit is there, and does not know the command or its parameters.
  bool is_unsupported() const;
};

/// "end code 0204 (destination node busy)".
std::string describe(EndCode end_code);

/// Error codes of the FINS/TCP header (W420, 7-4).
namespace tcp_error {
constexpr std::uint32_t kAllConnectionsInUse = 0x20;
constexpr std::uint32_t kAlreadyConnected = 0x21;
constexpr std::uint32_t kProtected = 0x22;
constexpr std::uint32_t kNodeOutOfRange = 0x23;
constexpr std::uint32_t kNoNodeAddressLeft = 0x25;
}  // namespace tcp_error

/// Whether a FINS/TCP error says that the PLC has no room for one more client.
bool is_full(std::uint32_t tcp_error);

/// Whether it says that the PLC does not want us: nothing more is sent to it then.
bool is_rejection(std::uint32_t tcp_error);

/// "FINS/TCP error 20 (all connections are in use)".
std::string describe_tcp_error(std::uint32_t tcp_error);

}  // namespace ot::protocols::fins
