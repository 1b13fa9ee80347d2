#include "agent/file_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "agent/wall/parse_task.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kPiece = 256 * 1024;

Error changed() {
  return Error(Errc::changed, "the file changed while it was read")
      .hint("it is read again at the next run");
}

Error too_large(std::uint64_t size, std::uint64_t limit) {
  return Error(Errc::too_large, fmt::format("the file has {} bytes, the limit is {}", size, limit))
      .hint("a project export is never that large; look what it really is");
}

/// As many bytes as there are, but not more than `most`.
std::size_t at_most(std::size_t most, std::uint64_t bytes) {
  return static_cast<std::size_t>(std::min<std::uint64_t>(most, bytes));
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
  const auto length = at_most(parsers::kSampleSize, file.size() - head.size());
  tail.resize(length);
  const auto got = file.read_at(file.size() - length, {tail.data(), tail.size()});
  if (!got) {
    return fail(got.error());
  }
  tail.resize(*got);
  return tail;
}

std::uint64_t limit_for(const parsers::Parser& parser, const parsers::Limits& limits) {
  return parser.access == parsers::Access::ranges ? limits.archive_bytes : limits.file_bytes;
}

}  // namespace

/// The next bytes, hashed; at most as many as there is room for.
Result<std::size_t> ProjectFileReader::piece(std::span<char> into, const ReadProgress& progress) {
  auto got = file_.read_at(offset_, into);
  if (!got) {
    return got;
  }
  if (*got == 0) {
    return fail(changed());
  }
  hasher_.add({into.data(), *got});
  offset_ += *got;
  if (progress && !progress(*got)) {
    return fail(Errc::cancelled, "stopped");
  }
  return got;
}

Result<ProjectFileReader> ProjectFileReader::open(const std::string& path, bool follow_link) {
  auto file = InputFile::open(path, follow_link);
  if (!file) {
    return fail(file.error());
  }
  ProjectFileReader reader(std::move(*file), std::filesystem::path(path).filename().string());
  const auto size = reader.file_.size();
  std::string head(at_most(parsers::kSampleSize, size), '\0');
  for (std::size_t read = 0; read < head.size();) {
    const auto got = reader.piece(std::span(head).subspan(read), {});
    if (!got) {
      return fail(got.error());
    }
    read += *got;
  }
  const auto tail = read_tail(reader.file_, head);
  if (!tail) {
    return fail(tail.error());
  }
  reader.parser_ =
      parsers::detect({.name = reader.name_, .head = head, .tail = *tail, .size = size});
  return reader;
}

/// Reads what open() left, to the end of the file.
Result<void> ProjectFileReader::hash_rest(const ReadProgress& progress) {
  std::string buffer(at_most(kPiece, file_.size() - offset_), '\0');
  while (offset_ < file_.size()) {
    const auto most = at_most(buffer.size(), file_.size() - offset_);
    if (auto got = piece(std::span(buffer).first(most), progress); !got) {
      return fail(got.error());
    }
  }
  return {};
}

bool ProjectFileReader::is_too_large(const parsers::Limits& limits) const {
  return parser_ != nullptr && file_.size() > limit_for(*parser_, limits);
}

Result<void> ProjectFileReader::begin(wall::Pool& pool, const parsers::Limits& limits) {
  if (parser_ == nullptr || job_ || is_too_large(limits)) {
    return {};
  }
  auto job = wall::begin_parsing(pool, file_, name_, *parser_, limits);
  if (!job) {
    return fail(std::move(job).error());
  }
  job_ = std::move(*job);
  return {};
}

Result<ReadFile> ProjectFileReader::read(wall::Pool& pool, const parsers::Limits& limits,
                                         const ReadProgress& progress) {
  ReadFile out{.stamp = stamp(), .read_at = now(), .parser = parser_};
  if (is_too_large(limits)) {
    out.error = too_large(file_.size(), limit_for(*parser_, limits));
    return out;
  }
  if (auto begun = begin(pool, limits); !begun) {
    return fail(std::move(begun).error());
  }
  auto read = finish(std::move(out), progress);
  job_.reset();  // of a file that could not be read to its end
  return read;
}

Result<ReadFile> ProjectFileReader::finish(ReadFile out, const ReadProgress& progress) {
  if (auto hashed = hash_rest(progress); !hashed) {
    return fail(std::move(hashed).error());
  }
  if (job_) {
    auto project = wall::end_parsing(*job_, [&progress] { return !progress || progress(0); });
    if (project) {
      out.project = std::move(*project);
    } else if (project.error().code() == Errc::cancelled ||
               project.error().code() == Errc::closed) {
      return fail(std::move(project).error());
    } else {
      out.error = std::move(project).error();
    }
  }
  const auto unchanged = file_.is_as_opened();
  if (!unchanged) {
    return fail(unchanged.error());
  }
  if (!*unchanged) {
    return fail(changed());
  }
  out.digests = hasher_.finish();
  return out;
}

}  // namespace ot::agent
