#include "agent/watch/limits.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <fstream>

#include <fmt/format.h>

namespace ot::agent::watch {
namespace {

constexpr std::uint64_t kAmple = 131'072;

}  // namespace

std::optional<std::uint64_t> max_user_watches() {
  std::ifstream file("/proc/sys/fs/inotify/max_user_watches");
  std::uint64_t limit = 0;
  return file >> limit ? std::optional(limit) : std::nullopt;
}

Error no_more_watches(std::optional<std::uint64_t> limit) {
  const auto better = std::max(kAmple, std::bit_ceil(limit.value_or(0) + 1) * 2);
  const auto known = limit ? fmt::format(" ({} for each user)", *limit) : std::string();
  return Error(Errc::too_large,
               fmt::format("the kernel's limit of watched folders is reached{}", known))
      .hint(fmt::format("raise it: sudo sysctl fs.inotify.max_user_watches={}", better));
}

Error no_more_instances(int number) {
  if (number == EMFILE) {
    return Error(Errc::too_large,
                 "the kernel's limit of inotify instances or of open files is reached")
        .hint("raise it: sudo sysctl fs.inotify.max_user_instances=1024");
  }
  return system_error(number, "inotify can't be used");
}

}  // namespace ot::agent::watch
