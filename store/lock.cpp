#include "store/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

namespace ot::store {

Result<WriterLock> WriterLock::take(const std::string& path) {
  const std::string name = path + ".lock";
  const int file = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW, 0600);
  if (file < 0) {
    return fail(system_error(errno, fmt::format("store \"{}\": create \"{}\"", path, name))
                    .hint("check who owns the folder, or name another file for the store"));
  }
  WriterLock lock(file);
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
    return lock;
  }
  if (errno == EWOULDBLOCK) {
    return fail(Error(Errc::io,
                      fmt::format("store \"{}\": another rackscout is writing to the store", path))
                    .hint("wait until it has ended, or use another --store"));
  }
  return fail(system_error(errno, fmt::format("store \"{}\": lock \"{}\"", path, name))
                  .hint("put the store on a local disk"));
}

WriterLock::WriterLock(WriterLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

WriterLock::~WriterLock() {
  if (file_ >= 0) {
    ::close(file_);  // which unlocks it; the file stays, or two could lock two of it
  }
}

}  // namespace ot::store
