#include "agent/file_reader.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <new>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace ot::agent {
namespace {

constexpr std::size_t kPiece = 256 * 1024;
/// Archives up to this size are kept in memory, so that they are read only once.
constexpr std::uint64_t kArchiveInMemory = 8ull << 20;

constexpr std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

store::FileStamp stamp_from(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = static_cast<std::uint64_t>(status.st_size),
          .mtime_ns = nanoseconds(status.st_mtim),
          .ctime_ns = nanoseconds(status.st_ctim)};
}

Error changed() {
  return Error(Errc::changed, "the file changed while it was read")
      .hint("it is read again at the next run");
}

Error too_large(std::uint64_t size, std::uint64_t limit) {
  return Error(Errc::too_large, fmt::format("the file has {} bytes, the limit is {}", size, limit))
      .hint("a project export is never that large; look what it really is");
}

bool is_zip(std::string_view head) {
  return head.starts_with("PK\x03\x04") || head.starts_with("PK\x05\x06");
}

/// The last bytes of an archive, where its directory is; else nothing is read.
Result<std::string> read_tail(const InputFile& file, std::string_view head) {
  std::string tail;
  if (!is_zip(head) || file.size() <= head.size()) {
    return tail;
  }
  const auto length = std::min<std::uint64_t>(parsers::kSampleSize, file.size() - head.size());
  tail.resize(length);
  const auto got = file.read_at(file.size() - length, {tail.data(), tail.size()});
  if (!got) {
    return fail(got.error());
  }
  tail.resize(*got);
  return tail;
}

std::uint64_t bytes_kept(const parsers::Parser& parser, std::uint64_t size) {
  const bool whole = parser.access == parsers::Access::whole || size <= kArchiveInMemory;
  return whole ? size : std::min<std::uint64_t>(size, parsers::kSampleSize);
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
  file.stamp_ = stamp_from(status);
  return file;
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

Result<store::FileStamp> InputFile::stamp_now() const {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0) {
    return fail(system_error(errno, "can't be examined"));
  }
  return stamp_from(status);
}

Result<std::size_t> ProjectFileReader::piece(char* into, std::size_t most,
                                             const ReadProgress& progress) {
  auto got = file_.read_at(offset_, {into, most});
  if (!got) {
    return got;
  }
  if (*got == 0) {
    return fail(changed());
  }
  hasher_.add({into, *got});
  offset_ += *got;
  if (progress && !progress(*got)) {
    return fail(Errc::cancelled, "stopped");
  }
  return got;
}

/// Reads up to `end` and keeps the bytes behind those already kept.
Result<void> ProjectFileReader::keep_until(std::uint64_t end, const ReadProgress& progress) {
  kept_.resize(end);
  while (offset_ < end) {
    const auto most = std::min<std::uint64_t>(kPiece, end - offset_);
    const auto got = piece(kept_.data() + offset_, most, progress);
    if (!got) {
      return fail(got.error());
    }
  }
  return {};
}

/// Reads to the end of the file and keeps nothing more.
Result<void> ProjectFileReader::pass_over_rest(const ReadProgress& progress) {
  std::string buffer(std::min<std::uint64_t>(kPiece, file_.size() - offset_), '\0');
  while (offset_ < file_.size()) {
    const auto most = std::min<std::uint64_t>(buffer.size(), file_.size() - offset_);
    const auto got = piece(buffer.data(), most, progress);
    if (!got) {
      return fail(got.error());
    }
  }
  return {};
}

Result<ProjectFileReader> ProjectFileReader::open(const std::string& path, bool follow_link) {
  auto file = InputFile::open(path, follow_link);
  if (!file) {
    return fail(file.error());
  }
  ProjectFileReader reader(std::move(*file), std::filesystem::path(path).filename().string());
  const auto size = reader.file_.size();
  if (auto head = reader.keep_until(std::min<std::uint64_t>(parsers::kSampleSize, size), {});
      !head) {
    return fail(head.error());
  }
  const auto tail = read_tail(reader.file_, reader.kept_);
  if (!tail) {
    return fail(tail.error());
  }
  reader.parser_ =
      parsers::detect({.name = reader.name_, .head = reader.kept_, .tail = *tail, .size = size});
  return reader;
}

Result<void> ProjectFileReader::read_whole(const ReadProgress& progress) {
  const auto end = parser_ == nullptr ? offset_ : bytes_kept(*parser_, file_.size());
  if (auto kept = keep_until(end, progress); !kept) {
    return kept;
  }
  if (auto passed = pass_over_rest(progress); !passed) {
    return passed;
  }
  const auto after = file_.stamp_now();
  if (!after) {
    return fail(after.error());
  }
  if (after->size != stamp().size || after->mtime_ns != stamp().mtime_ns) {
    return fail(changed());
  }
  return {};
}

Result<Project> ProjectFileReader::parse(const parsers::Limits& limits) const try {
  const bool whole = kept_.size() == file_.size();
  const parsers::MemoryContent in_memory(kept_);
  parsers::Source source{.name = name_, .bytes = whole ? std::string_view(kept_) : ""};
  source.content = whole ? static_cast<const parsers::Content*>(&in_memory) : &file_;
  return parser_->parse(source, limits);
} catch (const std::bad_alloc&) {
  return fail(Error(Errc::too_large, "not enough memory to read the file")
                  .hint("read it on a machine with more memory"));
}

Result<ReadFile> ProjectFileReader::read(const parsers::Limits& limits,
                                         const ReadProgress& progress) {
  ReadFile out{.stamp = stamp(), .read_at = now(), .parser = parser_};
  const bool archive = parser_ != nullptr && parser_->access == parsers::Access::ranges;
  const auto limit = archive ? limits.archive_bytes : limits.file_bytes;
  if (parser_ != nullptr && file_.size() > limit) {
    out.error = too_large(file_.size(), limit);
    return out;
  }
  if (auto read = read_whole(progress); !read) {
    return fail(read.error());
  }
  out.digests = hasher_.finish();
  if (parser_ == nullptr) {
    return out;
  }
  if (auto project = parse(limits)) {
    out.project = std::move(*project);
  } else {
    out.error = std::move(project.error());
  }
  return out;
}

Result<store::FileStamp> stamp_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    return fail(system_error(errno, "can't be examined"));
  }
  return stamp_from(status);
}

}  // namespace ot::agent
