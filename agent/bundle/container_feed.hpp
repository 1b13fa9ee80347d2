#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "parsers/parser.hpp"

struct archive;

namespace ot::agent::bundle {

/// Where some bytes lie in a content.
struct Extent {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;

  bool operator==(const Extent&) const = default;
};

/// Hands an extent of a content to libarchive. What goes wrong here is kept, because libarchive
/// passes on no more than "failed".
class ContentFeed {
 public:
  ContentFeed(const parsers::Content& content, Extent extent);
  ContentFeed(const ContentFeed&) = delete;
  ContentFeed& operator=(const ContentFeed&) = delete;

  /// Makes `reader` read from the beginning of the extent; libarchive's answer.
  int open(archive* reader);

  /// How many bytes may be read from now on: what libarchive keeps in memory it has read.
  void allow(std::uint64_t bytes) { allowed_ = bytes; }

  const std::optional<Error>& error() const { return error_; }

 private:
  std::span<const char> read();
  std::int64_t seek(std::int64_t offset, int whence);

  const parsers::Content& content_;
  Extent extent_;
  std::uint64_t position_ = 0;
  std::uint64_t allowed_ = ~std::uint64_t{0};
  std::vector<char> buffer_;
  std::optional<Error> error_;
};

/// All that is there of an extent, cut where the content ends.
Extent within(const parsers::Content& content, Extent extent);

}  // namespace ot::agent::bundle
