#pragma once

#include <cstdint>
#include <optional>

#include "base/result.hpp"

namespace ot::agent::watch {

/// fs.inotify.max_user_watches, where it can be read.
std::optional<std::uint64_t> max_user_watches();

/// The kernel watches no more folders: what that means, and the line that mends it.
Error no_more_watches(std::optional<std::uint64_t> limit);

/// The kernel gives no more inotify instances.
Error no_more_instances(int number);

}  // namespace ot::agent::watch
