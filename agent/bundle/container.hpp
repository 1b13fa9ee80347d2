#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/container_feed.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::agent::bundle {

// The container of a bundle: a ZIP whose members are stored as they are, one behind the other. For
// one list of members there is one container, byte for byte.

/// The library that writes containers here: "libarchive 3.6.2".
std::string container_writer();

/// Writes a container piece by piece. Errors: the sink's, io, and malformed for a member that no
/// container can hold.
class ContainerWriter {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;

  explicit ContainerWriter(Sink sink);
  ContainerWriter(const ContainerWriter&) = delete;
  ContainerWriter& operator=(const ContainerWriter&) = delete;
  ~ContainerWriter();

  /// The next member. Its header has gone to the sink when this answers.
  Result<void> begin(const std::string& name, std::uint64_t size);
  /// The member's next bytes; more or fewer than were announced are `changed`.
  Result<void> add(std::string_view piece);
  /// The member's end; the next one and the end of all imply it.
  Result<void> end();
  /// The directory.
  Result<void> finish();

 private:
  struct Closer {
    void operator()(archive* writer) const;
  };
  Result<void> outcome(int code);

  Sink sink_;
  Result<void> sunk_;
  std::unique_ptr<archive, Closer> writer_;
  std::string member_;
  std::uint64_t missing_ = 0;
};

/// A member, and where its bytes lie.
struct StoredMember {
  std::string name;
  Extent extent;

  bool operator==(const StoredMember&) const = default;
};

/// What a container holds, in the order in which it lies there.
struct Listing {
  std::vector<StoredMember> members;
  std::string complaint;  ///< why these may not be all; empty: they are

  const StoredMember* find(std::string_view name) const;
};

/// Lets libarchive read what a container consists of. What is of strangers it meets in a child
/// alone: walled_reader.hpp.
class ContainerReader {
 public:
  virtual ~ContainerReader() = default;

  virtual Result<Listing> list() = 0;
  virtual Result<void> unpack(Extent extent, const ContainerWriter::Sink& sink) = 0;
};

constexpr std::size_t kMostMembers = 100'000;

/// Reads the directory, or goes from member to member where that is damaged. Errors: io, and
/// too_large for over 100,000 members.
Result<Listing> list_container(const parsers::Content& content);

/// All bytes of an extent, piece by piece. Errors: io, corrupt where the content ends before it
/// does, and those of the sink.
Result<void> read_extent(const parsers::Content& content, Extent extent,
                         const ContainerWriter::Sink& sink);

/// The same for bytes that gzip compressed, uncompressed. Errors: io, malformed, and the sink's.
Result<void> unpack_extent(const parsers::Content& content, Extent extent,
                           const ContainerWriter::Sink& sink);

/// A sink that adds to `text`, at most `most` bytes (too_large).
ContainerWriter::Sink into(std::string& text, std::uint64_t most);

}  // namespace ot::agent::bundle
