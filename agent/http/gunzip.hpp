#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent::http {

/// What was compressed by gzip, its members one after the other. Errors: malformed, and
/// too_large for more than `most` bytes: so little unfolds to whatever size.
Result<std::string> gunzip(std::string_view bytes, std::uint64_t most);

}  // namespace ot::agent::http
