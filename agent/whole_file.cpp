#include "agent/whole_file.hpp"

#include <cerrno>
#include <cstdlib>

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

}  // namespace

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
