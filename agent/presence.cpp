#include "agent/presence.hpp"

#include <cerrno>
#include <filesystem>

#include <sys/stat.h>

namespace ot::agent {

namespace fs = std::filesystem;

bool is_gone(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    return !S_ISREG(status.st_mode);
  }
  return errno == ENOENT || errno == ENOTDIR;
}

bool is_behind_link(const std::string& path) {
  const auto folder = fs::path(path).parent_path();
  std::error_code failed;
  const auto resolved = fs::canonical(folder, failed);
  return failed ? failed == std::errc::too_many_symbolic_link_levels : resolved != folder;
}

std::optional<std::uint64_t> device_above(const std::string& path) {
  fs::path folder(path);
  while (folder.has_relative_path()) {
    folder = folder.parent_path();
    struct stat status {};
    if (::lstat(folder.c_str(), &status) == 0) {
      if (S_ISDIR(status.st_mode)) {
        return status.st_dev;
      }
    } else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

bool is_at_or_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/');
}

std::string whole_path(const std::string& path) {
  std::error_code ignored;
  const auto from_root = fs::absolute(path, ignored);
  const auto whole = fs::weakly_canonical(ignored ? fs::path(path) : from_root, ignored);
  return ignored ? path : whole.string();
}

bool is_looked_at_with(const std::string& path, const std::string& folder) {
  return is_at_or_below(path, folder) && is_at_or_below(whole_path(path), whole_path(folder));
}

}  // namespace ot::agent
