#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/records.hpp"
#include "protocols/link/dialogue.hpp"

namespace ot::protocols {

/// What a device said of itself and of what is plugged into it.
struct Observation {
  Asset asset;                 ///< origin `observed`; its interfaces are left to the caller
  std::string chassis_serial;  ///< of an EtherNet/IP chassis, "0x001b2ab1"
  std::string safety;          ///< why it counts as a safety controller; then it was asked no more
  std::vector<std::string> notes;  ///< what gave no answer or an odd one, a line each
  /// Unit addresses that were asked, where the device could not list them all. Unset: all.
  std::optional<std::vector<std::string>> asked;
  bool whole = true;  ///< false: a part gave no answer, and what was known of it may still hold
  std::optional<Error> incomplete;  ///< why it ended before everything was read
};

/// One kind of request, for the plan.
struct PlannedRequest {
  std::string_view carrier;  ///< "tcp", "udp", "serial"
  std::string_view what;     ///< "05 02 CONNECTION DATA READ, a page of 25 units each"
  std::uint32_t at_most = 1;
};

struct ProbeOptions {
  std::vector<std::uint8_t> units;  ///< Modbus unit ids to ask behind a gateway
  bool serial = false;              ///< the target is a serial line, not an address
};

/// A table of a name and functions, as a parser is.
struct Probe {
  std::string_view name;   ///< "fins", as in --protocol and in a record's protocols
  std::string_view title;  ///< "OMRON FINS (UDP and TCP)"
  std::uint16_t port;      ///< the protocol's own, used unless the target names one
  bool speaks_serial;      ///< whether it can ask over a serial line

  /// Asks one target. An error when nothing was learnt; else what was, and in
  /// `incomplete` why it is not all. The connection is closed when it returns.
  Task<Observation> (*run)(link::Dialogue& dialogue, ProbeOptions options);

  /// All that run() may send, in its order, without retries.
  std::vector<PlannedRequest> (*plan)(const ProbeOptions& options);
};

/// All probes, in the order in which a target is asked.
std::span<const Probe* const> all();

}  // namespace ot::protocols
