#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent {

/// "500ms", "90s", "15m", "6h", "1d", and "0". Errors: malformed.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// In the largest unit that says it exactly.
std::string duration_text(std::chrono::milliseconds duration);

/// "512KB", "64MB", "2GB" of 1024, and "0". Errors: malformed.
Result<std::uint64_t> parse_size(std::string_view text);

/// In the largest unit that says it exactly.
std::string size_text(std::uint64_t bytes);

}  // namespace ot::agent
