#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace ot::agent {

/// Becomes true at SIGINT or SIGTERM, which end nothing by themselves from now on.
const std::atomic<bool>& stop_on_signals();

/// The login name of whoever runs us.
std::string user_name();

/// "3 assets", "1 asset"
template <class Number>
std::string counted(Number number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace ot::agent
