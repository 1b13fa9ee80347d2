#include "tests/parsers/digsi5_zip.hpp"

#include <archive.h>
#include <archive_entry.h>

namespace ot::test {
namespace {

constexpr std::uint16_t kDescriptor = 0x0008;
constexpr std::uint32_t kElsewhere = 0xFFFFFFFF;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) {
    out += static_cast<char>(value >> (8 * i) & 0xFF);
  }
}

std::uint32_t get(std::string_view bytes, std::size_t at, int count) {
  std::uint32_t value = 0;
  for (int i = count - 1; i >= 0; --i) {
    value = value << 8 | static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)]);
  }
  return value;
}

/// A whole archive of one member by libarchive, which knows deflation and CRC.
std::string written_by_libarchive(const ZipMember& member) {
  std::string out(member.data.size() + 4096, '\0');
  std::size_t used = 0;
  auto* writer = archive_write_new();
  archive_write_set_format_zip(writer);
  archive_write_set_options(writer,
                            member.deflate ? "zip:compression=deflate" : "zip:compression=store");
  archive_write_set_bytes_in_last_block(writer, 1);
  archive_write_open_memory(writer, out.data(), out.size(), &used);
  auto* entry = archive_entry_new();
  archive_entry_set_pathname(entry, "x");
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_size(entry, static_cast<la_int64_t>(member.data.size()));
  archive_write_header(writer, entry);
  archive_write_data(writer, member.data.data(), member.data.size());
  archive_entry_free(entry);
  archive_write_close(writer);
  archive_write_free(writer);
  out.resize(used);
  return out;
}

struct Packed {
  std::string bytes;
  std::uint32_t crc;
};

Packed pack(const ZipMember& member) {
  if (member.data.empty()) {
    return {member.deflate ? std::string("\x03\0", 2) : std::string(), 0};
  }
  const auto whole = written_by_libarchive(member);
  const auto directory = whole.rfind("PK\x01\x02");
  const auto start = 30 + get(whole, 26, 2) + get(whole, 28, 2);
  return {whole.substr(start, get(whole, directory + 20, 4)), get(whole, directory + 16, 4)};
}

/// What both headers of a member say.
struct Facts {
  std::uint16_t flags;
  std::uint16_t method;
  std::uint32_t crc;
  std::uint64_t packed;
  std::uint64_t unpacked;
};

Facts facts_of(const ZipMember& member, const Packed& packed) {
  const int flags = member.flags | (member.descriptor ? kDescriptor : 0);
  return {static_cast<std::uint16_t>(flags), static_cast<std::uint16_t>(member.deflate ? 8 : 0),
          member.crc.value_or(packed.crc), packed.bytes.size(),
          member.declared_size.value_or(static_cast<std::uint32_t>(member.data.size()))};
}

/// From the flags to the two lengths that end the common part of both headers.
void put_facts(std::string& out, const ZipMember& member, const Facts& facts, bool known) {
  put(out, facts.flags, 2);
  put(out, facts.method, 2);
  put(out, 0x58221884, 4);  // 2024-01-02 03:04:08
  put(out, known ? facts.crc : 0, 4);
  put(out, member.zip64 ? kElsewhere : known ? facts.packed : 0, 4);
  put(out, member.zip64 ? kElsewhere : known ? facts.unpacked : 0, 4);
  put(out, member.name.size(), 2);
  put(out, member.zip64 ? 20 : 0, 2);
}

void put_zip64(std::string& out, const ZipMember& member, const Facts& facts) {
  if (member.zip64) {
    put(out, 1, 2);
    put(out, 16, 2);
    put(out, facts.unpacked, 8);
    put(out, facts.packed, 8);
  }
}

}  // namespace

std::string zip(const std::vector<ZipMember>& members, std::string_view comment) {
  std::string out;
  std::string directory;
  for (const auto& member : members) {
    const auto packed = pack(member);
    const auto facts = facts_of(member, packed);
    const auto offset = out.size();
    out += "PK\x03\x04";
    put(out, member.zip64 ? 45 : 20, 2);
    put_facts(out, member, facts, !member.descriptor);
    out += member.name;
    put_zip64(out, member, facts);
    out += packed.bytes;
    if (member.descriptor) {
      out += "PK\x07\x08";
      put(out, facts.crc, 4);
      put(out, facts.packed, 4);
      put(out, facts.unpacked, 4);
    }
    directory += "PK\x01\x02";
    put(directory, 20, 2);
    put(directory, member.zip64 ? 45 : 20, 2);
    put_facts(directory, member, facts, true);
    directory.append(10, '\0');  // comment, disk, attributes
    put(directory, offset, 4);
    directory += member.name;
    put_zip64(directory, member, facts);
  }
  const auto start = out.size();
  out += directory + "PK\x05\x06";
  put(out, 0, 4);  // disks
  put(out, members.size(), 2);
  put(out, members.size(), 2);
  put(out, directory.size(), 4);
  put(out, start, 4);
  put(out, comment.size(), 2);
  return out + std::string(comment);
}

}  // namespace ot::test
