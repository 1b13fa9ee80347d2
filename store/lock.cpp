#include "store/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include <fmt/format.h>

namespace ot::store {
namespace {

/// Opens the file, and says whether it was made.
std::pair<int, bool> open_file(const std::string& name) {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW;
  constexpr mode_t kMode = 0600;
  const int made = ::open(name.c_str(), kFlags | O_CREAT | O_EXCL, kMode);
  if (made >= 0 || errno != EEXIST) {
    return {made, made >= 0};
  }
  return {::open(name.c_str(), kFlags | O_CREAT, kMode), false};
}

tl::unexpected<Error> taken(const std::string& path) {
  return fail(
      Error(Errc::io, fmt::format("store \"{}\": another rackscout is writing to the store", path))
          .hint(
              "wait until it has ended, or stop the service that has it, or use another --store"));
}

}  // namespace

/// Between opening and locking, who had the file may have removed it: a lock on what no
/// name leads to locks nothing.
bool WriterLock::is_at(const std::string& name) const {
  struct stat held {};
  struct stat named {};
  return ::fstat(file_, &held) == 0 && ::lstat(name.c_str(), &named) == 0 &&
         held.st_dev == named.st_dev && held.st_ino == named.st_ino;
}

Result<WriterLock> WriterLock::try_take(const std::string& path) {
  const std::string name = path + ".lock";
  const auto [file, made] = open_file(name);
  if (file < 0) {
    return fail(system_error(errno, fmt::format("store \"{}\": create \"{}\"", path, name))
                    .hint("check who owns the folder, or name another file for the store"));
  }
  WriterLock lock(file, made ? name : std::string());
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
    return lock;
  }
  if (errno == EWOULDBLOCK) {
    return taken(path);
  }
  return fail(system_error(errno, fmt::format("store \"{}\": lock \"{}\"", path, name))
                  .hint("put the store on a local disk"));
}

Result<WriterLock> WriterLock::take(const std::string& path) {
  constexpr int kTries = 8;
  for (int i = 0; i < kTries; ++i) {
    auto lock = try_take(path);
    if (!lock || lock->is_at(path + ".lock")) {
      return lock;
    }
  }
  return taken(path);
}

void WriterLock::leave_nothing() {
  if (!made_.empty() && is_at(made_)) {
    ::unlink(made_.c_str());
  }
}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)), made_(std::move(other.made_)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(made_, other.made_);
  return *this;
}

WriterLock::~WriterLock() {
  if (file_ >= 0) {
    ::close(file_);  // which unlocks it; the file stays: the next writer needs no other
  }
}

}  // namespace ot::store
