#include <algorithm>
#include <array>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "agent/bundle/container.hpp"

namespace ot::agent::bundle {
namespace {

/// Of so many members; libarchive keeps all of them in memory.
constexpr std::uint64_t kLargestDirectory = 20ULL << 20;
constexpr std::uint64_t kLargestHeader = 1ULL << 20;
constexpr std::size_t kPiece = 64 * 1024;

struct ReaderCloser {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, ReaderCloser>;

/// By the directory at the end, or from member to member where that is lost.
enum class Order { directory, front };

StoredMember describe(archive* reader, archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  const auto size = std::max<la_int64_t>(archive_entry_size(entry), 0);
  // Behind its header, which was just read: its bytes are stored as they are.
  const auto offset = std::max<la_int64_t>(archive_filter_bytes(reader, 0), 0);
  return {name == nullptr ? "" : name,
          {static_cast<std::uint64_t>(offset), static_cast<std::uint64_t>(size)}};
}

/// In our own words: those of libarchive change from one release to the next.
std::string unreadable_behind(const Listing& listing) {
  return listing.members.empty()
             ? "neither its directory nor its first member can be read"
             : fmt::format("what comes behind {} can't be read", listing.members.back().name);
}

Result<Listing> list_by(Order order, const parsers::Content& content) {
  const Reader reader(archive_read_new());
  ContentFeed feed(content, {0, content.size()});
  Listing listing;
  if (!reader) {
    return fail(Errc::io, "no memory for reading the container");
  }
  const bool by_directory = order == Order::directory;
  const int supported = by_directory ? archive_read_support_format_zip_seekable(reader.get())
                                     : archive_read_support_format_zip_streamable(reader.get());
  int got = supported == ARCHIVE_OK ? feed.open(reader.get()) : supported;
  for (bool first = true; got >= ARCHIVE_WARN; first = false) {
    if (by_directory) {
      feed.allow(first ? kLargestDirectory : kLargestHeader);
    }
    archive_entry* entry = nullptr;
    got = archive_read_next_header(reader.get(), &entry);
    if (got == ARCHIVE_EOF) {
      break;
    }
    if (got >= ARCHIVE_WARN) {
      listing.members.push_back(describe(reader.get(), entry));
    }
    if (listing.members.size() > kMostMembers) {
      return fail(Errc::too_large, fmt::format("it has over {} members", kMostMembers));
    }
  }
  if (feed.error() && feed.error()->code() == Errc::io) {
    return fail(*feed.error());
  }
  if (got != ARCHIVE_EOF || listing.members.empty()) {
    listing.complaint = unreadable_behind(listing);
  }
  return listing;
}

/// Sets `words` to what is wrong with what was compressed.
Result<void> unpack_from(archive* reader, const ContentFeed& feed,
                         const ContainerWriter::Sink& sink) {
  const auto broken = [&feed](int code) -> Result<void> {
    if (code == ARCHIVE_EOF) {
      return {};
    }
    return feed.error() ? fail(*feed.error())
                        : fail(Errc::malformed, "it is no gzip, or cut short");
  };
  archive_entry* entry = nullptr;
  if (const int got = archive_read_next_header(reader, &entry); got != ARCHIVE_OK) {
    return broken(got);
  }
  for (;;) {
    const void* bytes = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int got = archive_read_data_block(reader, &bytes, &size, &offset);
    if (got != ARCHIVE_OK) {
      return broken(got);
    }
    auto taken = size == 0 ? Result<void>() : sink({static_cast<const char*>(bytes), size});
    if (!taken) {
      return taken;
    }
  }
}

bool begins_as_gzip(const parsers::Content& content, Extent extent) {
  std::array<char, 2> first{};
  const auto count = content.read_at(extent.offset, first);
  return extent.size > first.size() && count && *count == first.size() && first[0] == '\x1f' &&
         first[1] == '\x8b';
}

}  // namespace

const StoredMember* Listing::find(std::string_view name) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [name](const auto& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

Result<Listing> list_container(const parsers::Content& content) {
  auto listing = list_by(Order::directory, content);
  if (!listing || listing->complaint.empty()) {
    return listing;
  }
  auto from_front = list_by(Order::front, content);
  if (!from_front || from_front->members.size() <= listing->members.size()) {
    return from_front ? std::move(listing) : std::move(from_front);
  }
  from_front->complaint =
      listing->members.empty() ? "its directory can't be read" : listing->complaint;
  return from_front;
}

Result<void> read_extent(const parsers::Content& content, Extent extent,
                         const ContainerWriter::Sink& sink) {
  std::vector<char> buffer(static_cast<std::size_t>(std::min<std::uint64_t>(kPiece, extent.size)));
  while (extent.size > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), extent.size));
    const auto count = content.read_at(extent.offset, std::span(buffer).first(most));
    if (!count) {
      return fail(count.error());
    }
    if (*count == 0) {
      return fail(Errc::corrupt, "it is cut short");
    }
    if (auto taken = sink({buffer.data(), *count}); !taken) {
      return taken;
    }
    extent.offset += *count;
    extent.size -= *count;
  }
  return {};
}

Result<void> unpack_extent(const parsers::Content& content, Extent extent,
                           const ContainerWriter::Sink& sink) {
  const Reader reader(archive_read_new());
  if (!reader) {
    return fail(Errc::io, "no memory for unpacking");
  }
  if (!begins_as_gzip(content, extent)) {
    return fail(Errc::malformed, "it is no gzip, or cut short");
  }
  ContentFeed feed(content, extent);
  const bool ready = archive_read_support_filter_gzip(reader.get()) == ARCHIVE_OK &&
                     archive_read_support_format_raw(reader.get()) == ARCHIVE_OK &&
                     archive_read_support_format_empty(reader.get()) == ARCHIVE_OK &&
                     feed.open(reader.get()) == ARCHIVE_OK;
  if (!ready) {
    return feed.error() ? fail(*feed.error())
                        : fail(Errc::malformed, "it is no gzip, or cut short");
  }
  return unpack_from(reader.get(), feed, sink);
}

ContainerWriter::Sink into(std::string& text, std::uint64_t most) {
  return [&text, most](std::string_view piece) -> Result<void> {
    if (text.size() + piece.size() > most) {
      return fail(Errc::too_large, fmt::format("it has over {} MiB", most >> 20));
    }
    text += piece;
    return {};
  };
}

}  // namespace ot::agent::bundle
