#pragma once

#include <string>

#include "agent/config/account.hpp"

namespace ot::agent {

/// What somebody wants of a path.
enum class Want : std::uint8_t {
  list,   ///< of a folder: its entries, and what lies below
  enter,  ///< of a folder: what lies below, by name
  make,   ///< of a folder: new files in it
  read,   ///< of a file
  write,  ///< of a file or a device, and read it
};

/// How it ended: 0, or the error of the system and the part of the path that gave it.
struct Access {
  int error = 0;
  std::string at;

  bool granted() const { return error == 0; }
};

/// Tries it as the account would: by doing it, so that groups, access lists and
/// whatever else the kernel heeds count. For another account than our own a
/// child process takes its identity, which only root may. Errors: io, forbidden.
Result<Access> try_access(const Account& account, const std::string& path, Want want);

/// What a look into a folder found, as far as it went.
struct FolderLook {
  std::uint32_t seen = 0;
  std::uint32_t refused = 0;
  std::string example;  ///< the first that was refused
};

/// Whether the account can read what lies below a folder; looks at so many
/// entries at most, nearest first, and follows no links.
Result<FolderLook> look_below(const Account& account, const std::string& folder,
                              std::uint32_t most);

}  // namespace ot::agent
