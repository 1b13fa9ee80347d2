#include "base/file_names.hpp"

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace ot {

bool give_name(const std::string& from, const std::string& to, IfThere if_there) {
  const unsigned flags = if_there == IfThere::keep ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) {
    return true;
  }
  // Not every file system knows that flag.
  if (flags == 0 || (errno != EINVAL && errno != ENOSYS) || ::link(from.c_str(), to.c_str()) != 0) {
    return false;
  }
  static_cast<void>(::unlink(from.c_str()) == 0);
  return true;
}

bool keep_name(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int opened =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened < 0) {
    return errno == EACCES;
  }
  const bool kept = ::fsync(opened) == 0 || errno == EINVAL || errno == ENOTSUP;
  const int number = errno;
  ::close(opened);
  errno = number;
  return kept;
}

}  // namespace ot
