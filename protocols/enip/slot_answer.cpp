#include "protocols/enip/slot_answer.hpp"

namespace ot::protocols::enip {
namespace {

/// General status: CIP volume 1, appendix B.
constexpr std::uint8_t kConnectionFailure = 0x01;
constexpr std::uint8_t kResourceUnavailable = 0x02;
constexpr std::uint8_t kPathSegmentError = 0x04;
constexpr std::uint8_t kPathDestinationUnknown = 0x05;
constexpr std::uint8_t kServiceNotSupported = 0x08;

/// Extended status of the Connection Manager: CIP volume 1, table 3-5.29.
constexpr std::uint16_t kUnconnectedRequestTimedOut = 0x0204;
constexpr std::uint16_t kParameterError = 0x0205;
constexpr std::uint16_t kNoBufferMemory = 0x0301;
constexpr std::uint16_t kPortNotAvailable = 0x0311;
constexpr std::uint16_t kLinkAddressNotValid = 0x0312;
constexpr std::uint16_t kLinkAddressToSelf = 0x0318;

SlotAnswer connection_failure(std::uint16_t extended) {
  switch (extended) {
    case kLinkAddressNotValid: return SlotAnswer::empty;
    case kUnconnectedRequestTimedOut: return SlotAnswer::mute;
    case kLinkAddressToSelf: return SlotAnswer::own;
    case kNoBufferMemory: return SlotAnswer::busy;
    case kPortNotAvailable:
    case kParameterError: return SlotAnswer::no_route;
    default: return SlotAnswer::odd;
  }
}

}  // namespace

SlotAnswer slot_answer(const CipReply& reply) {
  // The router answers with its own service; the module with that which it was sent.
  const bool by_router = reply.service == kUnconnectedSend;
  if (!by_router && reply.service != kGetAttributesAll) {
    return SlotAnswer::odd;
  }
  switch (reply.status) {
    case kSuccess: return by_router ? SlotAnswer::odd : SlotAnswer::module;
    case kConnectionFailure:
      return reply.extended.empty() ? SlotAnswer::odd : connection_failure(reply.extended.front());
    case kResourceUnavailable: return SlotAnswer::busy;
    case kPathSegmentError:
    case kPathDestinationUnknown:
    case kServiceNotSupported: return by_router ? SlotAnswer::no_route : SlotAnswer::odd;
    default: return SlotAnswer::odd;
  }
}

}  // namespace ot::protocols::enip
