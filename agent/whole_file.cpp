#include "agent/whole_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

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

bool give_name(const std::string& from, const std::string& to, IfThere if_there) {
  const unsigned flags = if_there == IfThere::keep ? RENAME_NOREPLACE : 0;
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), flags) == 0) {
    return true;
  }
  // Not every file system knows that flag.
  return flags != 0 && (errno == EINVAL || errno == ENOSYS) &&
         ::link(from.c_str(), to.c_str()) == 0 && ::unlink(from.c_str()) == 0;
}

/// The name is on the disk too. Not every file system can be told to.
void keep_name(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  const int opened =
      ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (opened >= 0) {
    static_cast<void>(::fsync(opened) == 0);
    ::close(opened);
  }
}

}  // namespace

Result<bool> write_whole(const std::string& path, std::string_view text, IfThere if_there,
                         const FileAccess& access) {
  auto beside = path + ".XXXXXX";
  const int file = ::mkostemp(beside.data(), O_CLOEXEC);  // O_EXCL, mode 0600
  if (file < 0) {
    return fail(system_error(errno, fmt::format("create \"{}\"", path)));
  }
  if (fill(file, text, access) && give_name(beside, path, if_there)) {
    keep_name(path);
    return true;
  }
  const int number = errno;
  ::unlink(beside.c_str());
  if (number == EEXIST && if_there == IfThere::keep) {
    return false;
  }
  return fail(system_error(number, fmt::format("write \"{}\"", path)));
}

}  // namespace ot::agent
