#pragma once

#include <string>

#include "agent/probe_recorder.hpp"
#include "agent/records_json.hpp"

namespace ot::agent::bundle {

/// What was read of one answer: a line of observations.ndjson,
/// {"area","target","protocol","time","whole","incomplete","notes":[...],"asset":{...,"addOns"}}.
/// The asset has the shape of `rackscout parse`. Null where nothing was found.
Json observed_json(const Answer& answer, const std::string& area);

}  // namespace ot::agent::bundle
