#include "parsers/digsi5/feed.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>

#include <archive.h>
#include <fmt/format.h>

namespace ot::parsers::digsi5 {
namespace {

constexpr std::size_t kBufferSize = 64 * 1024;
constexpr std::uint64_t kSlack = 2048;

}  // namespace

Feed::Feed(const Content& content, const Limits& limits)
    : content_(content), limits_(limits), deadline_(limits.time), buffer_(kBufferSize) {}

int Feed::open(archive* reader) {
  position_ = 0;
  archive_read_set_callback_data(reader, this);
  archive_read_set_read_callback(
      reader, [](archive*, void* self, const void** bytes) -> la_ssize_t {
        auto& feed = *static_cast<Feed*>(self);
        const auto piece = feed.read();
        *bytes = piece.data();
        return feed.error() ? ARCHIVE_FATAL : static_cast<la_ssize_t>(piece.size());
      });
  archive_read_set_seek_callback(
      reader, [](archive*, void* self, la_int64_t offset, int whence) -> la_int64_t {
        return static_cast<Feed*>(self)->seek(offset, whence);
      });
  archive_read_set_skip_callback(reader, [](archive*, void* self, la_int64_t count) -> la_int64_t {
    auto& feed = *static_cast<Feed*>(self);
    const auto before = feed.position_;
    const auto after = feed.seek(std::max<la_int64_t>(count, 0), SEEK_CUR);
    return after < 0 ? 0 : after - static_cast<la_int64_t>(before);
  });
  return archive_read_open1(reader);
}

void Feed::watch_directory(bool on) {
  watching_ = on;
  headers_ = 0;
}

bool Feed::late() {
  if (!error_ && deadline_.passed()) {
    error_ = Error(Errc::too_large, fmt::format("takes longer to read than the limit of {} ms",
                                                limits_.time.count()));
  }
  return error_.has_value();
}

std::span<const char> Feed::read() {
  if (late()) {
    return {};
  }
  const auto count = content_.read_at(position_, buffer_);
  if (!count) {
    error_ = count.error();
    return {};
  }
  position_ += *count;
  const std::span<const char> piece(buffer_.data(), *count);
  if (watching_ && too_many_headers(piece)) {
    error_ = too_many_members(limits_);
  }
  return piece;
}

std::int64_t Feed::seek(std::int64_t offset, int whence) {
  const auto size = static_cast<std::int64_t>(content_.size());
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

/// Counts signatures of central headers, those read twice and those inside other
/// data too: a ceiling on memory. The exact limit is kept member by member.
bool Feed::too_many_headers(std::span<const char> bytes) {
  const std::string_view text(bytes.data(), bytes.size());
  for (auto at = text.find("PK\x01\x02"); at != std::string_view::npos;
       at = text.find("PK\x01\x02", at + 4)) {
    ++headers_;
  }
  return headers_ > 2ull * limits_.members + kSlack;
}

Error too_many_members(const Limits& limits) {
  return {Errc::too_large, fmt::format("holds more members than the limit of {}", limits.members)};
}

}  // namespace ot::parsers::digsi5
