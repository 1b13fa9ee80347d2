#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace ot::agent {

/// Becomes true at SIGINT or SIGTERM, which end nothing by themselves from now on.
const std::atomic<bool>& stop_on_signals();

/// "Ctrl-C" or "SIGTERM": what asked to stop; empty while nothing has.
std::string stop_signal();

/// Gives each standard stream that was closed to /dev/null, for reading: else a file of
/// ours would be opened in its place and get what is said. Writing still fails. False
/// when there is no /dev/null.
[[nodiscard]] bool hold_standard_streams();

/// The login name of whoever runs us.
std::string user_name();

/// "3 assets", "1 asset"
template <class Number>
std::string counted(Number number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace ot::agent
