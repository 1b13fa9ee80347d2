#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/digsi5/feed.hpp"

struct archive_entry;

namespace ot::parsers::digsi5 {

/// A member as its headers describe it. The name is foreign text, never a path.
struct Member {
  std::string name;
  std::string method;                          ///< "deflation"
  std::optional<std::uint64_t> declared_size;  ///< unpacked, as the headers say

  bool is_folder() const { return name.ends_with('/'); }
  bool is_readable() const { return method == "deflation" || method == "uncompressed"; }
};

/// The data of a member, or as much of it as was asked for.
struct Unpacked {
  std::string bytes;
  bool complete = false;  ///< these are all
  std::string complaint;  ///< of a wrong checksum or size
};

/// Opens the tables of letters that names of members need.
void prepare_names();

/// Reads a ZIP archive member by member and keeps to the limits, judging by the
/// bytes that really come out. Errors: `malformed` is damage, of the current
/// member (`read`, then `resume`) or of the archive (`next`); all others end the reading.
class ZipReader {
 public:
  /// By the directory at the end, or from the front where that is lost.
  enum class Order { directory, front };

  ZipReader(const Content& content, const Limits& limits);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  Result<void> open(Order order);

  /// The next member; nothing after the last one.
  Result<std::optional<Member>> next();

  /// Goes on with the current member's data until `size` bytes are there or it ends.
  Result<void> read(Unpacked& into, std::uint64_t size);

  /// Starts anew behind the current member, whose data is damaged.
  Result<void> resume();

  /// How many members have been seen.
  std::uint32_t members() const { return members_; }

  Order order() const { return order_; }

  /// Where in the archive the reading is.
  Position position() const;

 private:
  class NameLocale;
  struct Closer {
    void operator()(archive* reader) const;
  };

  Result<bool> next_header(archive_entry*& entry);
  Result<Member> describe(archive_entry* entry);
  Result<void> drain();
  Result<std::string_view> piece(Unpacked& into);
  Result<void> charge(std::uint64_t count);
  Error failure(std::string_view what, Position where) const;

  const Limits& limits_;
  Feed feed_;
  std::unique_ptr<NameLocale> locale_;
  std::unique_ptr<archive, Closer> reader_;
  Order order_ = Order::directory;
  std::uint32_t members_ = 0;
  std::optional<Member> current_;
  bool at_end_ = true;            // of the current member's data
  std::uint64_t data_start_ = 0;  // of the current member, in the archive
  std::uint64_t unpacked_ = 0;    // of the current member
  std::uint64_t total_unpacked_ = 0;
  std::uint64_t total_declared_ = 0;
};

}  // namespace ot::parsers::digsi5
