#pragma once

#include <string>

#include "protocols/link/frame.hpp"

namespace ot::agent::bundle {

/// A recorded answer as the device would give it to this request: with its service id and nodes,
/// its session and context, or its transaction.
std::string transplanted(const protocols::link::Frame& request, std::string answer);

/// What may have been asked instead of it, to the same effect but for less: "Read Device
/// Identification" with a code of more than the recorded one. Empty: nothing.
std::string lesser_meaning(const protocols::link::Frame& request);

}  // namespace ot::agent::bundle
