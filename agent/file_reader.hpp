#pragma once

#include <functional>
#include <string>

#include "base/hash.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// An open regular file: it is never written, followed or waited for.
class InputFile final : public parsers::Content {
 public:
  /// Opens the path for reading. A symbolic link is refused unless `follow_link`;
  /// whatever is no regular file is refused.
  static Result<InputFile> open(const std::string& path, bool follow_link);

  InputFile(InputFile&& other) noexcept;
  InputFile& operator=(InputFile&& other) noexcept;
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile() override;

  std::uint64_t size() const override { return stamp_.size; }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<char> into) const override;

  /// As it was when the file was opened.
  const store::FileStamp& stamp() const { return stamp_; }
  /// As it is now.
  Result<store::FileStamp> stamp_now() const;

 private:
  InputFile(int descriptor, store::FileStamp stamp) : descriptor_(descriptor), stamp_(stamp) {}

  int descriptor_;
  store::FileStamp stamp_;
};

/// What became of one path.
struct ReadFile {
  store::FileStamp stamp;
  Time read_at;
  const parsers::Parser* parser = nullptr;  ///< null: no project file
  FileDigests digests;
  Project project;             ///< empty when `error` is set
  std::optional<Error> error;  ///< a project file that could not be read
};

/// Called with the number of bytes just read; false stops the reading.
using ReadProgress = std::function<bool(std::uint64_t)>;

/// Reads one file in two steps: what it is, and then, once its row in the store
/// is made, what it says. The content is read from the disk once; only archives
/// larger than what is kept in memory are read again where a member is needed.
class ProjectFileReader {
 public:
  /// Opens the file and looks at its ends.
  static Result<ProjectFileReader> open(const std::string& path, bool follow_link);

  /// Who claims the file; null if it is no project file.
  const parsers::Parser* parser() const { return parser_; }
  const store::FileStamp& stamp() const { return file_.stamp(); }

  /// Hashes and, if it is a project file, parses it. Fails when it can't be read
  /// (Errc::io), changed meanwhile (Errc::changed), or the user stopped it.
  Result<ReadFile> read(const parsers::Limits& limits, const ReadProgress& progress);

 private:
  ProjectFileReader(InputFile file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}

  Result<std::size_t> piece(char* into, std::size_t most, const ReadProgress& progress);
  Result<void> keep_until(std::uint64_t end, const ReadProgress& progress);
  Result<void> pass_over_rest(const ReadProgress& progress);
  Result<void> read_whole(const ReadProgress& progress);
  Result<Project> parse(const parsers::Limits& limits) const;

  InputFile file_;
  std::string name_;
  FileHasher hasher_;
  std::string kept_;
  std::uint64_t offset_ = 0;
  const parsers::Parser* parser_ = nullptr;
};

/// The stamp of the path itself, a symbolic link not followed.
Result<store::FileStamp> stamp_of(const std::string& path);

}  // namespace ot::agent
