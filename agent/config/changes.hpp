#pragma once

#include <string>
#include <vector>

#include "agent/config/config.hpp"

namespace ot::agent {

/// What differs, in words for the log: "folder "/srv/a": new", "probe "line 3":
/// every: "6h" -> "12h"", "safety: gap: "100ms" -> "200ms"".
std::vector<std::string> changes(const Config& before, const Config& after);

}  // namespace ot::agent
