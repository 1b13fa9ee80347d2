#include "agent/whole_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ot::agent {
namespace {

bool put(int file, std::string_view text) {
  while (!text.empty()) {
    const auto size = ::write(file, text.data(), text.size());
    if (size < 0 && errno != EINTR) {
      return false;
    }
    text.remove_prefix(size < 0 ? 0 : static_cast<std::size_t>(size));
  }
  return true;
}

/// Closes it in any case.
bool fill(int file, std::string_view text, const FileAccess& access) {
  if (access.group) {
    static_cast<void>(::fchown(file, static_cast<uid_t>(-1), *access.group) == 0);
  }
  const bool filled = put(file, text) && ::fchmod(file, access.mode) == 0 && ::fsync(file) == 0;
  const int number = errno;
  const bool closed = ::close(file) == 0;
  errno = filled ? errno : number;
  return filled && closed;
}

/// The name is on the disk too, where the folder may be opened and its file system can do that.
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

}  // namespace

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

Result<bool> write_whole(const std::string& path, std::string_view text, IfThere if_there,
                         const FileAccess& access) {
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && !S_ISREG(there.st_mode)) {
    return fail(Errc::wrong_use, "what is there is no regular file");
  }
  auto beside = path + ".XXXXXX";
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);  // O_EXCL, mode 0600
  if (file < 0) {
    return fail(system_error(errno, "create it"));
  }
  if (fill(file, text, access) && give_name(beside, path, if_there)) {
    return keep_name(path) ? Result<bool>(true)
                           : fail(system_error(errno, "write its folder to the disk"));
  }
  const int number = errno;
  ::unlink(beside.c_str());
  if (number == EEXIST && if_there == IfThere::keep) {
    return false;
  }
  return fail(system_error(number, "write it"));
}

}  // namespace ot::agent
