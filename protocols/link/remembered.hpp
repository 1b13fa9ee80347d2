#pragma once

#include <optional>
#include <string>

#include "protocols/link/network.hpp"
#include "protocols/link/recollection.hpp"
#include "protocols/link/request.hpp"

namespace ot::protocols::link {

/// What an earlier run heard of one target, as its conversation needs it. Without a recollection
/// nothing is known.
class Remembered {
 public:
  /// `memory` may be null; all outlive this.
  Remembered(Recollection* memory, Host& host, std::string target)
      : memory_(memory), host_(host), target_(std::move(target)) {}

  /// How connecting ended.
  std::optional<Result<void>> connection(Wire wire) const;

  /// How the request ended; it counts as one that was sent.
  std::optional<Result<std::string>> answer(const Request& request);

  /// The same where the device can't be reached now: then that is all that there is.
  Result<std::string> what_is_left(const Request& request, const Error& why);

  /// It was said, and nothing is answered to it.
  void told(const Frame& frame) const;

  /// Nobody knows how the last request would have ended: it says nothing of the target.
  bool knew_nothing() const { return knew_nothing_; }

  /// Nothing may be sent.
  bool is_all() const { return memory_ != nullptr && memory_->only(); }

 private:
  Recollection* memory_;
  Host& host_;
  std::string target_;
  bool knew_nothing_ = false;
};

}  // namespace ot::protocols::link
