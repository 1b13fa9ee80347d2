#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/config/mending.hpp"
#include "agent/config/rights.hpp"

namespace ot::agent {
namespace {

/// Enough to meet the one engineer who keeps his files to himself.
constexpr std::uint32_t kMostLookedAt = 2000;

void look_into(RightsCheck& at, const std::string& key, const std::string& path) {
  const auto look = look_below(at.account(), path, kMostLookedAt);
  if (!look || look->refused == 0) {
    return;
  }
  at.warning(key,
             fmt::format("{} can't read {} of the {} files and folders that were looked at, "
                         "{} for one",
                         at.account().name, look->refused, look->seen, quote(look->example)),
             let_read_folder(at.account(), path, path));
}

}  // namespace

void check_watched_folders(RightsCheck& at) {
  const auto& folders = at.config().folders;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    const NamedPath named{fmt::format("folder[{}].path", i), folders[i].path};
    const auto tried = named.path.empty() ? std::nullopt : at.try_path(named, Want::list);
    if (!tried) {
      continue;
    }
    if (tried->access.granted()) {
      look_into(at, named.key, tried->real);
    } else {
      at.mistake(named.key, at.refusal(tried->access, "read this folder"),
                 let_read_folder(at.account(), tried->real, tried->access.at));
    }
  }
}

void check_serial_devices(RightsCheck& at) {
  const auto& groups = at.config().groups;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    for (std::size_t j = 0; j < groups[i].targets.size(); ++j) {
      const NamedPath named{fmt::format("probe[{}].targets[{}]", i, j), groups[i].targets[j]};
      if (!named.path.starts_with('/')) {
        continue;
      }
      struct stat status {};
      if (::stat(named.path.c_str(), &status) != 0) {
        at.warning(named.key, fmt::format("there is no {} now", quote(named.path)),
                   "plug it in, or name it by what stays the same: ls /dev/serial/by-id");
        continue;
      }
      if (!S_ISCHR(status.st_mode)) {
        at.mistake(named.key, quote(named.path) + " is no serial device", "ls /dev/serial/by-id");
        continue;
      }
      const auto tried = at.try_path(named, Want::write);
      if (tried && !tried->access.granted()) {
        at.mistake(named.key, at.refusal(tried->access, "open this device"),
                   let_use_device(at.account(), tried->real));
      }
    }
  }
}

}  // namespace ot::agent
