#pragma once

#include <utility>
#include <vector>

#include "store/inbox.hpp"

namespace ot::agent::bundle {

/// A device as two walks found it; one side is null where only the other walk did.
using DevicePair = std::pair<const store::SentRecord*, const store::SentRecord*>;

/// The devices of two walks, those that share a key drawn together. The records outlive it.
std::vector<DevicePair> same_devices(const std::vector<store::SentRecord>& before,
                                     const std::vector<store::SentRecord>& after);

}  // namespace ot::agent::bundle
