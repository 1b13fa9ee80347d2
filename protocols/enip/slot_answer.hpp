#pragma once

#include "protocols/enip/cip.hpp"

namespace ot::protocols::enip {

/// What the answer to an Unconnected_Send says of the slot it was sent to.
enum class SlotAnswer : std::uint8_t {
  module,    ///< of the module in the slot
  empty,     ///< no module there
  mute,      ///< the module did not answer the device that asked it
  own,       ///< the slot of the device that is asked
  busy,      ///< the device has no resources to ask it
  no_route,  ///< the device knows no such way: it has no chassis
  odd,       ///< anything else
};

SlotAnswer slot_answer(const CipReply& reply);

}  // namespace ot::protocols::enip
