#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "protocols/link/frame.hpp"
#include "protocols/link/wire.hpp"

namespace ot::protocols::link {

// Why a connection was closed, where it says that its conversation was not over; for the ledger.
inline constexpr std::string_view kUntilItsTurn = "until it is this target's turn";
inline constexpr std::string_view kStopped = "stopped";

/// What an earlier run heard of a plant: a conversation takes it from here instead of asking
/// again. Nothing of it goes to the ledger a second time.
class Recollection {
 public:
  /// How something ended, and when.
  template <class Value>
  struct Recalled {
    Result<Value> outcome;
    Time at{};
    std::uint64_t strays = 0;  ///< frames before it that answered nothing
  };

  virtual ~Recollection() = default;

  /// Whether nothing but this may be used: then nothing is sent at all.
  virtual bool only() const = 0;

  /// How connecting to the target ("10.0.0.5:9600") ended the next time; nothing: not known.
  virtual std::optional<Recalled<void>> connection(const std::string& target, Wire wire) = 0;

  /// How the request ended the next time that it was sent, its retry being a time of its own: the
  /// frame that answers it, with the request's own transaction, or `silent`, `closed`,
  /// `malformed`. Nothing: not known.
  virtual std::optional<Recalled<std::string>> answer(const std::string& target,
                                                      const Frame& request) = 0;

  /// The device can't be reached now: what was heard of it before is all that there is.
  virtual void lose(const std::string& target, Wire wire, const Error& why) = 0;
};

}  // namespace ot::protocols::link
