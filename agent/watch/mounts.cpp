#include "agent/watch/mounts.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>

#include "agent/presence.hpp"
#include "base/number.hpp"

namespace ot::agent::watch {
namespace {

// Both ordered.

/// What a host shares with its virtual machines and containers, and unions of
/// local folders.
constexpr std::array<std::string_view, 9> kShared = {"9p",
                                                     "fuse.bindfs",
                                                     "fuse.fuse-overlayfs",
                                                     "fuse.grpcfuse",
                                                     "fuse.mergerfs",
                                                     "fuse.osxfs",
                                                     "fuse.vmhgfs-fuse",
                                                     "vboxsf",
                                                     "virtiofs"};

/// Network and cluster file systems, and autofs, whose folders turn into them.
constexpr std::array<std::string_view, 21> kRemote = {
    "afs",  "autofs", "beegfs",    "ceph",     "cifs",   "coda",  "davfs",
    "fuse", "gfs2",   "glusterfs", "gpfs",     "lustre", "ncpfs", "nfs",
    "nfs3", "nfs4",   "ocfs2",     "orangefs", "smb2",   "smb3",  "smbfs"};

std::string_view next_field(std::string_view& line) {
  const auto field = line.substr(0, line.find(' '));
  line.remove_prefix(std::min(field.size() + 1, line.size()));
  return field;
}

/// The byte that is written as \040: blanks, line ends and backslashes are.
std::optional<std::uint8_t> escaped_byte(std::string_view text) {
  const bool is_escape = text.size() >= 4 && text.front() == '\\';
  return is_escape ? whole_number<std::uint8_t>(text.substr(1, 3), 8) : std::nullopt;
}

std::string unescaped(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const auto byte = escaped_byte(text);
    plain += byte ? static_cast<char>(*byte) : text.front();
    text.remove_prefix(byte ? 4 : 1);
  }
  return plain;
}

std::optional<Mount> parse_line(std::string_view line) {
  const auto id = whole_number<std::uint64_t>(next_field(line));
  next_field(line);  // parent
  next_field(line);  // device
  next_field(line);  // the folder of the file system that is mounted
  const auto point = next_field(line);
  const auto separator = line.find(" - ");
  if (!id || point.empty() || separator == std::string_view::npos) {
    return std::nullopt;
  }
  line.remove_prefix(separator + 3);
  return Mount{.id = *id, .point = unescaped(point), .type = unescaped(next_field(line))};
}

/// The mount that the path lies on: of those at the deepest point the newest.
const Mount* mount_of(const Mounts& mounts, std::string_view path) {
  const Mount* deepest = nullptr;
  for (const auto& mount : mounts) {
    if (is_at_or_below(path, mount.point) &&
        (deepest == nullptr || mount.point.size() >= deepest->point.size())) {
      deepest = &mount;
    }
  }
  return deepest;
}

}  // namespace

Mounts parse_mounts(std::string_view mountinfo) {
  Mounts mounts;
  while (!mountinfo.empty()) {
    const auto line = mountinfo.substr(0, mountinfo.find('\n'));
    mountinfo.remove_prefix(std::min(line.size() + 1, mountinfo.size()));
    if (auto mount = parse_line(line)) {
      mounts.push_back(std::move(*mount));
    }
  }
  return mounts;
}

SharedMounts read_mounts() {
  std::ifstream file("/proc/self/mountinfo", std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return std::make_shared<const Mounts>(parse_mounts(text));
}

Reach reach_of(std::string_view type) {
  if (std::binary_search(kShared.begin(), kShared.end(), type)) {
    return Reach::shared;
  }
  // User-space file systems are mostly made of some other machine's files.
  return type.starts_with("fuse.") || std::binary_search(kRemote.begin(), kRemote.end(), type)
             ? Reach::remote
             : Reach::local;
}

Reach reach_of(const Mounts& mounts, std::string_view path) {
  const auto* mount = mount_of(mounts, path);
  return mount == nullptr ? Reach::local : reach_of(mount->type);
}

Mounts mounts_around(const Mounts& mounts, std::string_view path) {
  Mounts around;
  const auto* own = mount_of(mounts, path);
  for (const auto& mount : mounts) {
    if (&mount == own || is_at_or_below(mount.point, path)) {
      around.push_back(mount);
    }
  }
  return around;
}

bool has_share(const Mounts& mounts, std::string_view path) {
  const auto around = mounts_around(mounts, path);
  return std::any_of(around.begin(), around.end(),
                     [](const Mount& mount) { return reach_of(mount.type) != Reach::local; });
}

std::vector<std::string> remote_below(const Mounts& mounts, std::string_view path) {
  std::vector<std::string> points;
  for (const auto& mount : mounts_around(mounts, path)) {
    if (reach_of(mount.type) == Reach::remote && mount.point != path &&
        is_at_or_below(mount.point, path)) {
      points.push_back(mount.point);
    }
  }
  return points;
}

}  // namespace ot::agent::watch
