#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/plant/scene.hpp"

namespace ot::plant {

/// The reply to a CIP request.
struct CipReply {
  bool silent = false;                 ///< none comes
  bool encapsulation_refused = false;  ///< the encapsulation refuses it with `send_status`
  std::string bytes;
};

/// CIP volume 1, 2-4: what a device, and the chassis behind it, answer to a message.
class CipDevice {
 public:
  explicit CipDevice(const EnipDevice& device) : device_(device) {}

  CipReply reply_to(std::string_view message) const;

 private:
  CipReply unconnected_send(std::string_view parameters) const;
  CipReply through_backplane(std::uint8_t slot, std::string_view message) const;

  const EnipDevice& device_;
};

/// Whether the message, down to the innermost one, only reads an identity or
/// the backplane of this chassis.
bool cip_is_harmless(std::string_view message);

}  // namespace ot::plant
