#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ot {

/// Milliseconds since 1970 in UTC: what the records carry.
using Time = std::chrono::sys_time<std::chrono::milliseconds>;

Time now();

/// "2023-03-09T11:06:15.351Z"; times outside the years 0000 to 9999 become their nearest.
std::string iso8601(Time time);

/// The reverse; seconds' fraction and time of day may be missing. Nothing else is accepted.
std::optional<Time> parse_iso8601(std::string_view text);

}  // namespace ot
