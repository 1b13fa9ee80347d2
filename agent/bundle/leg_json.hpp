#pragma once

#include "agent/bundle/manifest.hpp"
#include "agent/records_json.hpp"

namespace ot::agent::bundle {

/// A leg as manifests and reports have it; what is empty is left out.
Json leg_json(const Leg& leg);

}  // namespace ot::agent::bundle
