#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ot::agent {

/// A moment in the past as people write it: "2h", "7d", "30m", "2024-03-09",
/// "2024-03-09T11:06:15Z" (UTC). Errors: wrong_use.
Result<Time> parse_since(std::string_view text, Time now);

}  // namespace ot::agent
