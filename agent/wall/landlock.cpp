#include "agent/wall/landlock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>

#include <sys/syscall.h>
#include <unistd.h>

namespace ot::agent::wall {
namespace {

// As in <linux/landlock.h>; that of Debian 12 knows the first two versions alone.
struct Ruleset {
  std::uint64_t handled_files;
  std::uint64_t handled_network;  ///< since version 4
  std::uint64_t scoped;           ///< since version 6
};
constexpr std::uint32_t kAskVersion = 1;

constexpr std::uint64_t bits(unsigned count) {
  return (std::uint64_t{1} << count) - 1;
}

/// How many rights on files each version knows, from 1 on; later ones at least as many.
constexpr std::array<unsigned, 5> kFileRights = {13, 14, 15, 15, 16};
constexpr std::uint64_t kNetworkRights = bits(2);
constexpr std::uint64_t kScopes = bits(2);

Ruleset everything(long version) {
  const auto at = static_cast<std::size_t>(std::min<long>(version, kFileRights.size())) - 1;
  return {.handled_files = bits(kFileRights.at(at)),
          .handled_network = version >= 4 ? kNetworkRights : 0,
          .scoped = version >= 6 ? kScopes : 0};
}

/// As much of the structure as the version knows.
std::size_t size_for(long version) {
  return version >= 6   ? sizeof(Ruleset)
         : version >= 4 ? 2 * sizeof(std::uint64_t)
                        : sizeof(std::uint64_t);
}

}  // namespace

Result<std::uint8_t> enter_landlock() {
  const auto version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, kAskVersion);
  if (version < 1) {
    return std::uint8_t{0};  // an older kernel, or switched off
  }
  const auto ruleset = everything(version);
  const auto file = ::syscall(SYS_landlock_create_ruleset, &ruleset, size_for(version), 0);
  if (file < 0) {
    return fail(system_error(errno, "prepare Landlock"));
  }
  const auto entered = ::syscall(SYS_landlock_restrict_self, file, 0);
  const int number = errno;
  ::close(static_cast<int>(file));
  if (entered != 0) {
    return fail(system_error(number, "enter Landlock"));
  }
  return static_cast<std::uint8_t>(std::min<long>(version, UINT8_MAX));
}

}  // namespace ot::agent::wall
