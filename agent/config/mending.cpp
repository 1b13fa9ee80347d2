#include "agent/config/mending.hpp"

#include <algorithm>
#include <cerrno>

#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ot::agent {
namespace {

/// Of the mode alone: enough to know which further steps a command line needs.
bool lacks(const Account& account, const struct stat& status, mode_t bits) {
  const auto mode = account.uid == status.st_uid   ? status.st_mode >> 6
                    : account.is_in(status.st_gid) ? status.st_mode >> 3
                                                   : status.st_mode;
  return account.uid != 0 && (mode & bits) != bits;
}

/// Another one's rights can be set on the file itself, and the tool for it is there.
bool has_access_lists(const std::string& path) {
  return ::access("/usr/bin/setfacl", X_OK) == 0 &&
         (::getxattr(path.c_str(), "system.posix_acl_access", nullptr, 0) >= 0 || errno == ENODATA);
}

/// On these the mount says who may what, and chmod does nothing.
bool has_no_owners(const std::string& path) {
  constexpr std::uint32_t kCifs = 0xFF534D42;
  constexpr std::uint32_t kSmb2 = 0xFE534D42;
  constexpr std::uint32_t kNtfs = 0x7366746E;
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) {
    return false;
  }
  const auto type = static_cast<std::uint32_t>(status.f_type);
  constexpr std::uint32_t kTypes[] = {kCifs, kSmb2, kNtfs, MSDOS_SUPER_MAGIC, EXFAT_SUPER_MAGIC};
  return std::find(std::begin(kTypes), std::end(kTypes), type) != std::end(kTypes);
}

/// The folders on the way that the account can't pass, as words.
std::string closed_folders(const Account& account, const std::string& path,
                           const std::string& refused) {
  std::string words;
  for (auto slash = path.find('/', 1); slash != std::string::npos;
       slash = path.find('/', slash + 1)) {
    const auto part = path.substr(0, slash);
    struct stat status {};
    constexpr mode_t kPass = 1;
    if (part == refused || (::stat(part.c_str(), &status) == 0 && lacks(account, status, kPass))) {
      words += " " + shell_word(part);
    }
  }
  return words;
}

std::string joined(const std::string& first, const std::string& second) {
  return first.empty() || second.empty() ? first + second : first + " && " + second;
}

std::string open_way(const Account& account, const std::string& path, const std::string& refused) {
  const auto closed = closed_folders(account, path, refused);
  if (closed.empty()) {
    return {};
  }
  return has_access_lists(path) ? fmt::format("sudo setfacl -m u:{}:x{}", account.name, closed)
                                : "sudo chmod o+x" + closed;
}

/// Whether the path itself needs a step, not only the way to it.
bool needs_step(const Account& account, const std::string& path, const std::string& refused,
                mode_t bits) {
  struct stat status {};
  return path == refused || (::stat(path.c_str(), &status) == 0 && lacks(account, status, bits));
}

}  // namespace

std::string shell_word(const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("/._-+:@%").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) {
    return text;
  }
  std::string word = "'";
  for (const char c : text) {
    word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return word + "'";
}

std::string let_read_folder(const Account& account, const std::string& path,
                            const std::string& refused) {
  constexpr mode_t kList = 5;
  if (has_no_owners(path)) {
    return fmt::format(
        "mount it with the option uid={}: the mount of this file system says who "
        "may read it",
        account.name);
  }
  std::string step;
  if (needs_step(account, path, refused, kList)) {
    step = has_access_lists(path) ? fmt::format("sudo setfacl -R -m u:{0}:rX,d:u:{0}:rX {1}",
                                                account.name, shell_word(path))
                                  : "sudo chmod -R o+rX " + shell_word(path);
  }
  return joined(open_way(account, path, refused), step);
}

std::string let_read_file(const Account& account, const std::string& path,
                          const std::string& refused) {
  constexpr mode_t kRead = 4;
  std::string step;
  if (needs_step(account, path, refused, kRead)) {
    step = has_access_lists(path)
               ? fmt::format("sudo setfacl -m u:{}:r {}", account.name, shell_word(path))
               : fmt::format("sudo chgrp {} {} && sudo chmod g+r {}", group_name(account.gid),
                             shell_word(path), shell_word(path));
  }
  return joined(open_way(account, path, refused), step);
}

std::string own_secret(const Account& account, const std::string& path,
                       const std::string& refused) {
  constexpr mode_t kReadByOwner = S_IRUSR;
  constexpr mode_t kNoOthers = S_IRUSR | S_IRWXG | S_IRWXO;
  struct stat status {};
  const bool is_own = ::stat(path.c_str(), &status) == 0 && status.st_uid == account.uid &&
                      (status.st_mode & kNoOthers) == kReadByOwner;
  return joined(open_way(account, path, refused),
                is_own ? ""
                       : fmt::format("sudo chown {0}: {1} && sudo chmod 600 {1}", account.name,
                                     shell_word(path)));
}

std::string let_enter(const Account& account, const std::string& path) {
  return open_way(account, path + "/", {});
}

std::string let_make_files(const Account& account, const std::string& path,
                           const std::string& refused) {
  constexpr mode_t kMake = 3;
  std::string step;
  if (needs_step(account, path, refused, kMake)) {
    step = has_access_lists(path)
               ? fmt::format("sudo setfacl -m u:{}:rwx {}", account.name, shell_word(path))
               : fmt::format("sudo chown {} {}", account.name, shell_word(path));
  }
  return joined(open_way(account, path, refused), step);
}

std::string own_folder(const Account& account, const std::string& path) {
  return fmt::format("sudo install -d -m 750 -o {} -g {} {}", account.name, group_name(account.gid),
                     shell_word(path));
}

std::string let_use_device(const Account& account, const std::string& path) {
  constexpr mode_t kGroupUses = S_IRGRP | S_IWGRP;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && status.st_gid != 0 &&
      (status.st_mode & kGroupUses) == kGroupUses) {
    return fmt::format("sudo usermod -aG {} {}", group_name(status.st_gid), account.name);
  }
  return fmt::format("sudo setfacl -m u:{}:rw {}", account.name, shell_word(path));
}

}  // namespace ot::agent
