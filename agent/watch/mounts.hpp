#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ot::agent::watch {

/// One line of /proc/self/mountinfo.
struct Mount {
  std::uint64_t id = 0;
  std::string point;  ///< where it is mounted
  std::string type;   ///< "ext4", "nfs4", "fuse.sshfs"

  bool operator==(const Mount&) const = default;
};

using Mounts = std::vector<Mount>;
using SharedMounts = std::shared_ptr<const Mounts>;

/// Lines that can't be understood are left out.
Mounts parse_mounts(std::string_view mountinfo);

/// As they are now; empty where the kernel does not tell.
SharedMounts read_mounts();

enum class Reach : std::uint8_t {
  local,   ///< only this kernel writes there: inotify tells of everything
  shared,  ///< others write there, too, and inotify does not tell of them
  remote,  ///< shared, and whoever touches a file may have to wait for another machine
};

Reach reach_of(std::string_view type);

/// Of the mount that the path lies on.
Reach reach_of(const Mounts& mounts, std::string_view path);

/// What decides which files are met below the path: the mount it lies on, and
/// those below it.
Mounts mounts_around(const Mounts& mounts, std::string_view path);

/// Where inotify does not tell of everything at and below the path.
bool has_share(const Mounts& mounts, std::string_view path);

/// The points of remote mounts below the path.
std::vector<std::string> remote_below(const Mounts& mounts, std::string_view path);

}  // namespace ot::agent::watch
