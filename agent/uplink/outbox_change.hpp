#pragma once

#include <string>

#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// What a person does to the outbox: "retry SINK", "drop SINK" (what is set aside; without a
/// sink of all) or "renew SINK" (all is told anew). Commits; answers how many records that is.
Result<std::int64_t> change_outbox(store::Store& store, const std::string& request);

}  // namespace ot::agent
