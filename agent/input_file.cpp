#include "agent/input_file.hpp"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/presence.hpp"
#include "base/system_time.hpp"

namespace ot::agent {
namespace {

static_assert(sizeof(off_t) == 8, "files over 2 GiB: 32-bit builds take _FILE_OFFSET_BITS=64");

/// Its device is that of its folder, which can still be asked when the file is gone; overlayfs
/// gives the file itself another one.
store::FileStamp stamp_from(const struct stat& status, const std::string& path) {
  return {.device = device_above(path).value_or(status.st_dev),
          .inode = status.st_ino,
          .size = static_cast<std::uint64_t>(status.st_size),
          .mtime_ns = file_nanoseconds(status.st_mtim),
          .ctime_ns = file_nanoseconds(status.st_ctim)};
}

Error changed() {
  return {Errc::changed, "the file changed while it was read"};
}

}  // namespace

Result<InputFile> InputFile::open(const std::string& path, bool follow_link) {
  // O_NONBLOCK: a named pipe must not make us wait for its writer.
  const int flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow_link ? 0 : O_NOFOLLOW);
  const int descriptor = ::open(path.c_str(), flags);
  if (descriptor < 0) {
    return fail(system_error(errno, "can't be opened"));
  }
  InputFile file(descriptor, {});
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) {
    return fail(system_error(errno, "can't be examined"));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(Errc::unsupported, "is no regular file");
  }
  file.stamp_ = stamp_from(status, path);
  return file;
}

InputFile InputFile::received(int descriptor, std::uint64_t size) {
  store::FileStamp stamp;
  stamp.size = size;
  return {descriptor, stamp};
}

InputFile::InputFile(InputFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), stamp_(other.stamp_) {}

InputFile& InputFile::operator=(InputFile&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(stamp_, other.stamp_);
  return *this;
}

InputFile::~InputFile() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
}

Result<std::size_t> InputFile::read_at(std::uint64_t offset, std::span<char> into) const {
  for (;;) {
    const auto got = ::pread(descriptor_, into.data(), into.size(), static_cast<off_t>(offset));
    if (got >= 0) {
      return static_cast<std::size_t>(got);
    }
    if (errno != EINTR) {
      return fail(system_error(errno, "can't be read").at(Position::offset(offset)));
    }
  }
}

Result<std::string> InputFile::beginning(std::uint64_t most) const {
  std::string text(static_cast<std::size_t>(std::min(size(), most)), '\0');
  const auto filled = read_fully(*this, 0, text);
  if (!filled) {
    return fail(filled.error());
  }
  text.resize(*filled);
  return text;
}

Result<bool> InputFile::is_as_opened() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) {
    return fail(system_error(errno, "can't be examined"));
  }
  return static_cast<std::uint64_t>(status.st_size) == stamp_.size &&
         file_nanoseconds(status.st_mtim) == stamp_.mtime_ns;
}

Result<std::size_t> read_fully(const parsers::Content& content, std::uint64_t offset,
                               std::span<char> into) {
  std::size_t filled = 0;
  while (filled < into.size()) {
    const auto got = content.read_at(offset + filled, into.subspan(filled));
    if (!got) {
      return fail(Error(got.error()).at(Position::offset(offset + filled)));
    }
    if (*got == 0) {
      break;
    }
    filled += *got;
  }
  return filled;
}

Result<std::string> whole_text(const parsers::Content& content) {
  std::string text(static_cast<std::size_t>(content.size()), '\0');
  const auto filled = read_fully(content, 0, text);
  if (!filled) {
    return fail(filled.error());
  }
  return *filled == text.size() ? Result<std::string>(std::move(text)) : fail(changed());
}

Result<std::string> read_whole(const std::string& path, bool follow_link, std::uint64_t largest) {
  const auto file = InputFile::open(path, follow_link);
  if (!file) {
    return fail(file.error());
  }
  if (file->size() > largest) {
    return fail(Errc::too_large, largest < 1 << 20
                                     ? fmt::format("it is over {} KiB", largest >> 10)
                                     : fmt::format("it is over {} MiB", largest >> 20));
  }
  auto text = whole_text(*file);
  const auto unchanged = text ? file->is_as_opened() : fail(text.error());
  if (!unchanged) {
    return fail(unchanged.error());
  }
  return *unchanged ? std::move(text) : fail(changed());
}

Result<store::FileStamp> stamp_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return fail(system_error(errno, "can't be examined"));
  }
  return stamp_from(status, path);
}

}  // namespace ot::agent
