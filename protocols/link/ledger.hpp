#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/errc.hpp"
#include "base/time.hpp"
#include "protocols/link/wire.hpp"

namespace ot::protocols::link {

/// One thing that happened between us and a target.
struct LedgerEntry {
  enum class Event : std::uint8_t {
    connect,
    connected,
    refused,
    sent,
    received,
    unanswered,  ///< the last request that was sent got no answer, and why
    closed,
  };

  Time at;
  std::string target;  ///< "10.0.0.5:9600", "/dev/ttyUSB0"
  Wire wire = Wire::fins_tcp;
  Event event = Event::sent;
  std::string bytes;               ///< of a frame, as on the wire
  std::string meaning;             ///< in words
  std::optional<Errc> error = {};  ///< of what came to nothing
  bool stray = false;              ///< received, but not as the answer to what was asked last
};
std::string_view to_string(LedgerEntry::Event event);
std::optional<LedgerEntry::Event> event_from(std::string_view text);

/// Where every frame is written down, in the order in which it was sent or came.
class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual void note(const LedgerEntry& entry) = 0;

  /// Whether an entry could not be kept: then nothing more may be sent.
  virtual bool failed() const { return false; }
};

}  // namespace ot::protocols::link
