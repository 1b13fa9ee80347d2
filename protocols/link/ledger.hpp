#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "protocols/link/wire.hpp"

namespace ot::protocols::link {

/// One thing that happened between us and a target.
struct LedgerEntry {
  enum class Event : std::uint8_t { connect, connected, refused, sent, received, closed };

  Time at;
  std::string target;  ///< "10.0.0.5:9600", "/dev/ttyUSB0"
  Wire wire = Wire::fins_tcp;
  Event event = Event::sent;
  std::string bytes;    ///< of a frame, as on the wire
  std::string meaning;  ///< in words
};
std::string_view to_string(LedgerEntry::Event event);

/// Where every frame is written down, in the order in which it was sent or came.
class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual void note(const LedgerEntry& entry) = 0;

  /// Whether an entry could not be kept: then nothing more may be sent.
  virtual bool failed() const { return false; }
};

}  // namespace ot::protocols::link
