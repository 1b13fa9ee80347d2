#pragma once

#include <chrono>

#include "base/time.hpp"

namespace ot::agent::http {

/// Measures waits: nobody sets it.
using Clock = std::chrono::steady_clock;

/// One time by both clocks: waits go by the steady one, the dates of tokens by the wall's.
struct Moment {
  Clock::time_point steady;
  Time wall;
};

}  // namespace ot::agent::http
