#pragma once

#include "agent/manual/page.hpp"
#include "agent/manual/prose.hpp"

namespace ot::agent::manual {

/// rackscout.toml(5): every table and key, with its default.
Page config_page(Prose& prose, const Edition& edition);

}  // namespace ot::agent::manual
