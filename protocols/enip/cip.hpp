#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace ot::protocols::enip {

// The messages that the frames carry: CIP volume 1, chapters 2 and 3.

constexpr std::uint8_t kGetAttributesAll = 0x01;
constexpr std::uint8_t kUnconnectedSend = 0x52;

/// Get_Attributes_All of the Identity, of the device that is asked.
std::string get_identity();
/// Get_Attributes_All of Rockwell's backplane object.
std::string get_backplane();
/// The former for the module in a slot of the device's own chassis.
std::string get_identity_of(std::uint8_t slot);

constexpr std::uint8_t kSuccess = 0x00;

/// An answer to a CIP message.
struct CipReply {
  std::uint8_t service = 0;  ///< of the request, without the bit that marks a reply
  std::uint8_t status = 0;   ///< general status
  std::vector<std::uint16_t> extended;
  std::string data;

  bool succeeded() const { return status == kSuccess; }
  /// "05 Path destination unknown".
  std::string status_words() const;
};

/// Malformed, too, when it is no reply.
Result<CipReply> parse_cip_reply(std::string_view message);

}  // namespace ot::protocols::enip
