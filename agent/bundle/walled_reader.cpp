#include "agent/bundle/walled_reader.hpp"

#include <array>
#include <utility>

#include "agent/wall/error_fields.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::string_view kList = "bundle-list";
constexpr std::string_view kUnpack = "bundle-unpack";
constexpr std::chrono::seconds kTime{120};

/// As ZIP has it.
constexpr std::size_t kLongestName = 65'535;
constexpr std::size_t kLongestComplaint = kLongestName + 1024;
constexpr std::uint64_t kLongestListing = 64ULL << 20;
/// The most that Deflate makes of a byte is 1,032.
constexpr std::uint64_t kMostOfByte = 1040;

/// What became of the child, as a word on the bundle. The disk's failures are no fault of it.
Error on_bundle(const Error& error) {
  if (error.code() == Errc::io) {
    return error;
  }
  return Error(Errc::corrupt, error.message()).hint("ask for another copy of the bundle");
}

Error lied(const std::string& what) {
  return on_bundle(Error(Errc::corrupt, "what the reading child sent can't be: " + what));
}

Result<void> run_list(const wall::Request&, const parsers::Content& file, wall::Reply& reply) {
  wall::Pack pack([&reply](std::string_view piece) { reply.put(piece); });
  put_listing(pack, list_container(file));
  return {};
}

Result<void> run_unpack(const wall::Request& request, const parsers::Content& file,
                        wall::Reply& reply) {
  Extent extent;
  auto unpack = wall::unpacking(request.arguments);
  unpack(extent.offset, extent.size);
  if (auto read = unpack.outcome(); !read) {
    return read;
  }
  return unpack_extent(file, extent, [&reply](std::string_view piece) -> Result<void> {
    reply.put(piece);
    return {};
  });
}

/// A ZIP of one empty member, whose name is said to be UTF-8.
std::string with_utf8_name() {
  using namespace std::string_literals;
  const auto facts = "\x0a\0\0\x08\0\0\0\0\x21\0\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0"s;
  const auto header = "PK\3\4"s + facts + "\xc3\xa4";
  const auto directory = "PK\1\2\x0a\0"s + facts + std::string(14, '\0') + "\xc3\xa4";
  const auto numbers = "\1\0\1\0"s + static_cast<char>(directory.size()) + "\0\0\0"s +
                       static_cast<char>(header.size()) + "\0\0\0\0\0"s;
  return header + directory + "PK\5\6\0\0\0\0"s + numbers;
}

/// libarchive has the C library convert such names, which looks for its tables once.
void prepare() {
  const auto bytes = with_utf8_name();
  static_cast<void>(list_container(parsers::MemoryContent(bytes)));
}

}  // namespace

const wall::Task kListTask{.name = kList, .run = run_list, .prepare = prepare};
const wall::Task kUnpackTask{.name = kUnpack, .run = run_unpack};

// Names are bytes: in an altered container they may be any.

void put_listing(wall::Pack& pack, const Result<Listing>& listing) {
  pack(listing.has_value());
  if (!listing) {
    pack(wall::Raw{wall::packed_error(listing.error())});
    return;
  }
  pack(static_cast<std::uint32_t>(listing->members.size()));
  for (const auto& [name, extent] : listing->members) {
    pack(wall::Raw{name}, extent.offset, extent.size);
  }
  pack(wall::Raw{listing->complaint});
}

namespace {

Result<Listing> take_failure(wall::Unpack& unpack) {
  wall::Raw bytes;
  unpack(bytes);
  if (auto read = unpack.outcome(); !read) {
    return fail(on_bundle(read.error()));
  }
  auto error = wall::unpacked_error(bytes.bytes);
  return fail(error.code() == Errc::too_large ? std::move(error) : on_bundle(error));
}

/// `size`: of the container. What a member is said to have may be more than there is.
Result<StoredMember> take_member(wall::Unpack& unpack, std::uint64_t size) {
  wall::Raw name;
  Extent extent;
  unpack(name, extent.offset, extent.size);
  if (auto read = unpack.outcome(); !read) {
    return fail(on_bundle(read.error()));
  }
  if (name.bytes.size() > kLongestName) {
    return fail(lied("a member with so long a name"));
  }
  if (extent.offset > size) {
    return fail(lied("a member behind the end of the container"));
  }
  return StoredMember{std::move(name.bytes), extent};
}

}  // namespace

Result<Listing> take_listing(wall::Unpack& unpack, std::uint64_t size) {
  bool is_listed = false;
  unpack(is_listed);
  if (!is_listed) {
    return take_failure(unpack);
  }
  Listing listing;
  std::uint32_t count = 0;
  unpack(count);
  if (count > kMostMembers) {
    return fail(lied("so many members"));
  }
  while (listing.members.size() < count) {
    auto member = take_member(unpack, size);
    if (!member) {
      return fail(std::move(member).error());
    }
    listing.members.push_back(std::move(*member));
  }
  wall::Raw complaint;
  unpack(complaint);
  if (auto read = unpack.outcome(); !read) {
    return fail(on_bundle(read.error()));
  }
  if (complaint.bytes.size() > kLongestComplaint) {
    return fail(lied("so long a complaint"));
  }
  listing.complaint = std::move(complaint.bytes);
  return listing;
}

WalledReader::WalledReader(const InputFile& file, std::string name, wall::Options options)
    : file_(file), name_(std::move(name)), pool_(options) {}

Result<void> WalledReader::ready() {
  const auto confinement = pool_.ready();
  if (confinement) {
    return {};
  }
  const auto& error = confinement.error();
  return fail(Error(Errc::io, error.message()).hint(error.hint()));
}

Result<Listing> WalledReader::list() {
  const wall::Request request{
      .task = std::string(kList), .name = name_, .size = file_.size(), .arguments = {}};
  auto job = pool_.begin(request, file_.descriptor(), kTime, kLongestListing);
  if (!job) {
    return fail(std::move(job).error());
  }
  wall::Unpack unpack([&job](char* into, std::size_t size) { return job->fill(into, size); });
  auto listing = take_listing(unpack, file_.size());
  const auto ended = listing ? job->at_end() : Result<void>();
  return ended ? std::move(listing) : fail(on_bundle(ended.error()));
}

Result<void> WalledReader::unpack(Extent extent, const ContainerWriter::Sink& sink) {
  const auto there = within(file_, extent);
  const wall::Request request{.task = std::string(kUnpack),
                              .name = name_,
                              .size = file_.size(),
                              .arguments = wall::packed(there.offset, there.size)};
  const auto most = there.size * kMostOfByte + wall::FrameHead::kMost;
  auto job = pool_.begin(request, file_.descriptor(), kTime, most);
  if (!job) {
    return fail(std::move(job).error());
  }
  for (;;) {
    const auto piece = job->next();
    if (!piece) {
      const auto& error = piece.error();
      return fail(error.code() == Errc::malformed ? error : on_bundle(error));
    }
    if (piece->empty()) {
      return {};
    }
    if (auto taken = sink(*piece); !taken) {
      return taken;
    }
  }
}

}  // namespace ot::agent::bundle
