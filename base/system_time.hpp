#pragma once

#include <chrono>
#include <cstdint>

#include "base/time.hpp"

struct timespec;

namespace ot {

/// What a clock on the wall shows here at that moment.
std::chrono::local_seconds local_time(Time time);

/// The time of a file as nanoseconds since 1970; of what is 292 years from then, the nearest.
std::int64_t file_nanoseconds(const timespec& time);

}  // namespace ot
