#include "base/system_time.hpp"

#include <algorithm>
#include <ctime>
#include <limits>

namespace ot {

static_assert(sizeof(std::time_t) == 8, "32-bit systems: build with _TIME_BITS=64");

// Not std::chrono::system_clock: its now() is in libstdc++, whose time_t may have 32 bits.
Time now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return Time{std::chrono::milliseconds{file_nanoseconds(time) / 1'000'000}};
}

std::chrono::local_seconds local_time(Time time) {
  const auto utc = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
  const std::time_t seconds = utc.count();
  std::tm broken_down{};
  ::localtime_r(&seconds, &broken_down);
  return std::chrono::local_seconds{utc + std::chrono::seconds{broken_down.tm_gmtoff}};
}

std::int64_t file_nanoseconds(const timespec& time) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  return std::clamp<std::int64_t>(time.tv_sec, -kMost, kMost) * kSecond + time.tv_nsec;
}

}  // namespace ot
