#pragma once

#include <functional>
#include <optional>
#include <string>

#include "agent/input_file.hpp"
#include "agent/wall/pool.hpp"
#include "base/hash.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"
#include "store/store.hpp"

namespace ot::agent {

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

/// Reads one file in two steps: what it is, and then, once its row in the store is made, what it
/// says. It is hashed here; what it says is found out by a child behind the wall, meanwhile.
class ProjectFileReader {
 public:
  /// Opens the file and looks at its ends.
  static Result<ProjectFileReader> open(const std::string& path, bool follow_link);

  /// Who claims the file; null if it is no project file.
  const parsers::Parser* parser() const { return parser_; }
  const store::FileStamp& stamp() const { return file_.stamp(); }

  /// Has a child begin with a project file, so that read() waits less. The pool must live on.
  /// Errors: io, where no child can be had.
  Result<void> begin(wall::Pool& pool, const parsers::Limits& limits);

  /// Hashes and, if it is a project file, parses it. Fails when it can't be read
  /// (Errc::io), changed meanwhile (Errc::changed), or the user stopped it.
  Result<ReadFile> read(wall::Pool& pool, const parsers::Limits& limits,
                        const ReadProgress& progress);

 private:
  ProjectFileReader(InputFile file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}

  Result<std::size_t> piece(std::span<char> into, const ReadProgress& progress);
  Result<void> hash_rest(const ReadProgress& progress);
  bool is_too_large(const parsers::Limits& limits) const;
  Result<ReadFile> finish(ReadFile out, const ReadProgress& progress);

  InputFile file_;
  std::string name_;
  FileHasher hasher_;
  std::uint64_t offset_ = 0;
  const parsers::Parser* parser_ = nullptr;
  std::optional<wall::Job> job_;
};

}  // namespace ot::agent
