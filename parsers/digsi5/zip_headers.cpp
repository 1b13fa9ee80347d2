#include "parsers/digsi5/zip_headers.hpp"

#include <optional>

#include "base/bytes.hpp"
#include "parsers/digsi5/names.hpp"

namespace ot::parsers::digsi5 {
namespace {

// APPNOTE.TXT 4.3: the records of a ZIP file.
constexpr std::uint32_t kLocalHeader = 0x04034b50;
constexpr std::uint32_t kCentralHeader = 0x02014b50;
constexpr std::uint32_t kZip64EndRecord = 0x06064b50;
constexpr std::uint32_t kSizeElsewhere = 0xFFFFFFFF;  // in the Zip64 extra field
constexpr std::uint16_t kSizesFollow = 0x0008;        // in a data descriptor
constexpr std::uint16_t kLongestName = 1024;
constexpr std::size_t kEndRecordSize = 22;

struct Header {
  std::string_view name;
  std::uint16_t flags = 0;
  std::uint32_t packed_size = 0;
};

bool is_project(const Header& header) {
  return header.name.size() <= kLongestName && project_member(header.name).has_value();
}

/// Fields common to local and central headers, from `flags` to `extra length`.
/// Leaves the reader after those two lengths.
struct Fields {
  Header header;
  std::uint16_t name_length = 0;
  std::uint16_t extra_length = 0;
};

std::optional<Fields> read_fields(ByteReader& in) {
  const auto flags = in.u16_le();
  const auto skipped = in.skip(10);  // method, time, date, CRC
  const auto packed = in.u32_le();
  const auto unpacked = in.u32_le();
  const auto name_length = in.u16_le();
  const auto extra_length = in.u16_le();
  if (!flags || !skipped || !packed || !unpacked || !name_length || !extra_length) {
    return std::nullopt;
  }
  return Fields{{{}, *flags, *packed}, *name_length, *extra_length};
}

std::optional<Header> read_local(ByteReader& in) {
  const auto signature = in.u32_le();
  if (!signature || *signature != kLocalHeader || !in.skip(2)) {
    return std::nullopt;
  }
  auto fields = read_fields(in);
  const auto name = in.bytes(fields ? fields->name_length : 0);
  if (!fields || !name) {
    return std::nullopt;
  }
  fields->header.name = *name;
  // A cut-off extra field ends the walk at the next header.
  static_cast<void>(in.skip(fields->extra_length));
  return fields->header;
}

std::optional<Header> read_central(ByteReader& in) {
  const auto signature = in.u32_le();
  if (!signature || *signature != kCentralHeader || !in.skip(4)) {
    return std::nullopt;
  }
  auto fields = read_fields(in);
  const auto comment_length = in.u16_le();
  const auto skipped = in.skip(12);  // disk, attributes, offset
  const auto name = in.bytes(fields ? fields->name_length : 0);
  if (!fields || !comment_length || !skipped || !name ||
      !in.skip(std::uint64_t{fields->extra_length} + *comment_length)) {
    return std::nullopt;
  }
  fields->header.name = *name;
  return fields->header;
}

bool head_shows_project(std::string_view head) {
  ByteReader in(head);
  while (const auto header = read_local(in)) {
    if (is_project(*header)) {
      return true;
    }
    if ((header->flags & kSizesFollow) != 0 || header->packed_size == kSizeElsewhere ||
        !in.skip(header->packed_size)) {
      return false;
    }
  }
  return false;
}

/// Where the end record begins; its comment must reach just to the end.
std::optional<std::size_t> find_end_record(std::string_view tail) {
  constexpr std::string_view kSignature = "PK\x05\x06";
  auto at = tail.rfind(kSignature);
  while (at != std::string_view::npos) {
    ByteReader in(tail.substr(at));
    if (in.skip(kEndRecordSize - 2)) {
      const auto comment_length = in.u16_le();
      if (comment_length && *comment_length == in.left()) {
        return at;
      }
    }
    at = at == 0 ? std::string_view::npos : tail.rfind(kSignature, at - 1);
  }
  return std::nullopt;
}

/// Whether nothing but the end of the directory is left: the end record,
/// perhaps after the two records of Zip64.
bool at_directory_end(ByteReader in) {
  constexpr std::size_t kZip64LocatorSize = 20;
  if (in.left() > kEndRecordSize) {
    const auto signature = in.u32_le();
    const auto size = in.u64_le();
    if (!signature || *signature != kZip64EndRecord || !size || !in.skip(*size) ||
        !in.skip(kZip64LocatorSize)) {
      return false;
    }
  }
  return in.left() == kEndRecordSize;
}

enum class Walk { project, no_project, astray };

/// Follows central headers from the start of `directory` to its end.
Walk walk_directory(std::string_view directory) {
  ByteReader in(directory);
  bool found = false;
  while (const auto header = read_central(in)) {
    found = found || is_project(*header);
    if (at_directory_end(in)) {
      return found ? Walk::project : Walk::no_project;
    }
  }
  return Walk::astray;
}

/// The tail may begin in the middle of the directory: the first header from
/// which the others lead to the end record is taken for a real one.
bool tail_shows_project(std::string_view tail) {
  const auto end = find_end_record(tail);
  if (!end) {
    return false;
  }
  const auto directory = tail.substr(0, *end + kEndRecordSize);
  auto at = directory.find("PK\x01\x02");
  while (at != std::string_view::npos) {
    const auto walk = walk_directory(directory.substr(at));
    if (walk != Walk::astray) {
      return walk == Walk::project;
    }
    at = directory.find("PK\x01\x02", at + 1);
  }
  return false;
}

}  // namespace

bool shows_project_member(const Sample& sample) {
  return head_shows_project(sample.head) || tail_shows_project(sample.tail);
}

}  // namespace ot::parsers::digsi5
