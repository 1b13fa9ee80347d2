#pragma once

#include <optional>
#include <span>
#include <vector>

#include "parsers/parser.hpp"

struct archive;

namespace ot::parsers::digsi5 {

/// Hands ranges of a Content to libarchive. What goes wrong here (a failing
/// disk, a limit) is kept, because libarchive passes on no more than "failed".
class Feed {
 public:
  Feed(const Content& content, const Limits& limits);

  /// Makes `reader` read from the beginning of the content.
  int open(archive* reader);

  /// Central headers are held in memory by libarchive: while it collects them,
  /// their number is watched here.
  void watch_directory(bool on);

  /// Whether the time is up; says so in `error()`.
  bool late();

  const std::optional<Error>& error() const { return error_; }

 private:
  std::span<const char> read();
  std::int64_t seek(std::int64_t offset, int whence);
  bool too_many_headers(std::span<const char> bytes);

  const Content& content_;
  const Limits& limits_;
  Deadline deadline_;
  std::uint64_t position_ = 0;
  std::vector<char> buffer_;
  bool watching_ = false;
  std::uint64_t headers_ = 0;
  std::optional<Error> error_;
};

/// "holds more than 50000 members"
Error too_many_members(const Limits& limits);

}  // namespace ot::parsers::digsi5
