// For libraries whose time_t has 32 bits: Debian 12's on 32-bit ARM. To them the C library
// refuses the status of every file with a date after 2038. SQLite could not open a store by then,
// and libstdc++ not tell a file from a folder. In our programs they get it, with such dates cut to
// the last that they can bear; nobody reads them there.
#undef _TIME_BITS  // the functions here are theirs, not ours

#include <algorithm>
#include <cstdint>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#if defined(__GLIBC__) && __TIMESIZE == 32

namespace {

timespec cut(const struct statx_timestamp& time) {
  using Seconds = std::numeric_limits<std::int32_t>;
  const auto seconds = std::clamp<std::int64_t>(time.tv_sec, Seconds::min(), Seconds::max());
  return {static_cast<std::int32_t>(seconds), static_cast<std::int32_t>(time.tv_nsec)};
}

int examine(int folder, const char* path, int flags, struct stat64* into) {
  struct statx found {};
  if (::statx(folder, path, flags | AT_NO_AUTOMOUNT, STATX_BASIC_STATS, &found) != 0) {
    return -1;
  }
  *into = {};
  into->st_dev = ::gnu_dev_makedev(found.stx_dev_major, found.stx_dev_minor);
  into->__st_ino = static_cast<std::uint32_t>(found.stx_ino);
  into->st_ino = found.stx_ino;
  into->st_mode = found.stx_mode;
  into->st_nlink = found.stx_nlink;
  into->st_uid = found.stx_uid;
  into->st_gid = found.stx_gid;
  into->st_rdev = ::gnu_dev_makedev(found.stx_rdev_major, found.stx_rdev_minor);
  into->st_size = static_cast<std::int64_t>(found.stx_size);
  into->st_blksize = static_cast<std::int32_t>(found.stx_blksize);
  into->st_blocks = static_cast<std::int64_t>(found.stx_blocks);
  into->st_atim = cut(found.stx_atime);
  into->st_mtim = cut(found.stx_mtime);
  into->st_ctim = cut(found.stx_ctime);
  return 0;
}

}  // namespace

// Weak in the C library, whether it is linked statically or not.
extern "C" {

int stat64(const char* path, struct stat64* into) noexcept {
  return examine(AT_FDCWD, path, 0, into);
}

int lstat64(const char* path, struct stat64* into) noexcept {
  return examine(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, into);
}

int fstat64(int file, struct stat64* into) noexcept {
  return examine(file, "", AT_EMPTY_PATH, into);
}

}  // extern "C"

#endif
