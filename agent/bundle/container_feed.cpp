#include "agent/bundle/container_feed.hpp"

#include <algorithm>
#include <cstdio>

#include <archive.h>

namespace ot::agent::bundle {
namespace {

constexpr std::size_t kPiece = 16 * 1024;

}  // namespace

Extent within(const parsers::Content& content, Extent extent) {
  const auto begin = std::min(extent.offset, content.size());
  return {begin, std::min(extent.size, content.size() - begin)};
}

ContentFeed::ContentFeed(const parsers::Content& content, Extent extent)
    : content_(content), extent_(within(content, extent)), buffer_(kPiece) {}

int ContentFeed::open(archive* reader) {
  position_ = 0;
  archive_read_set_callback_data(reader, this);
  archive_read_set_read_callback(
      reader, [](archive*, void* self, const void** bytes) -> la_ssize_t {
        auto& feed = *static_cast<ContentFeed*>(self);
        const auto piece = feed.read();
        *bytes = piece.data();
        return feed.error() ? ARCHIVE_FATAL : static_cast<la_ssize_t>(piece.size());
      });
  archive_read_set_seek_callback(
      reader, [](archive*, void* self, la_int64_t offset, int whence) -> la_int64_t {
        return static_cast<ContentFeed*>(self)->seek(offset, whence);
      });
  return archive_read_open1(reader);
}

std::span<const char> ContentFeed::read() {
  const auto left =
      static_cast<std::size_t>(std::min<std::uint64_t>(extent_.size - position_, buffer_.size()));
  if (left > allowed_) {
    error_ = Error(Errc::malformed, "its directory is too large");
    return {};
  }
  const auto count = content_.read_at(extent_.offset + position_, std::span(buffer_).first(left));
  if (!count) {
    error_ = count.error();
    return {};
  }
  position_ += *count;
  allowed_ -= *count;
  return std::span(buffer_).first(*count);
}

std::int64_t ContentFeed::seek(std::int64_t offset, int whence) {
  const auto size = static_cast<std::int64_t>(extent_.size);
  const auto base = whence == SEEK_SET   ? 0
                    : whence == SEEK_END ? size
                                         : static_cast<std::int64_t>(position_);
  std::int64_t target = 0;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) {
    return ARCHIVE_FATAL;
  }
  position_ = static_cast<std::uint64_t>(std::min(target, size));
  return static_cast<std::int64_t>(position_);
}

}  // namespace ot::agent::bundle
