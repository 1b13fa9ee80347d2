#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "parsers/step7/cursor.hpp"
#include "parsers/step7/keys.hpp"

namespace ot::parsers::step7 {

constexpr std::int64_t kAbsent = -1;

/// The number of a step of a place ("SLOT 3") as records hold it.
constexpr std::optional<std::uint32_t> place(std::int64_t number) {
  return number < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
}

enum class HeadKind : std::uint8_t {
  station,
  subnet,
  irt_domain,
  rack,
  dp_subsystem,
  io_subsystem,
  connection,
};

/// The line that begins a record: what it is, where it sits, what it is called.
struct Head {
  HeadKind kind = HeadKind::station;
  std::string_view type;           ///< S7400H of a station, PROFIBUS of a subnet
  std::int64_t number = kAbsent;   ///< of the rack or subsystem
  std::int64_t address = kAbsent;  ///< DPADDRESS or IOADDRESS
  std::int64_t slot = kAbsent;
  std::int64_t subslot = kAbsent;
  std::int64_t terminal_block = kAbsent;
  Quoted id;       ///< order number or type id; absent on a system record
  Quoted version;  ///< catalogue firmware, where the catalogue distinguishes
  Quoted name;
  std::uint64_t line = 0;
};

/// "MASTER DPSUBSYSTEM 1, "PROFIBUS(2)", DPADDRESS 5" or its PROFINET twin.
struct Attachment {
  bool present = false;
  std::int64_t subsystem = kAbsent;
  Quoted subnet;
  std::int64_t address = kAbsent;
};

/// A run of bytes in the process image: "ADDRESS start, startBit, lengthBytes, ...".
struct IoRange {
  bool output = false;
  std::int64_t start = 0;
  std::int64_t length = 0;
};

/// One record, its texts still views into the file.
struct Record {
  Head head;
  bool autocreated = false;
  Attachment attachment;
  std::array<Quoted, kKeys> attributes{};
  std::vector<IoRange> ranges;

  Quoted operator[](Key key) const { return attributes[static_cast<std::size_t>(key)]; }

  /// Makes it empty; the memory of the ranges serves the next record, too.
  void clear() {
    head = {};
    autocreated = false;
    attachment = {};
    attributes.fill({});
    ranges.clear();
  }
};

/// How much of a record's first line could be read.
enum class HeadState : std::uint8_t {
  complete,
  nameless,  ///< place and type are known, what should follow is not
  unusable,  ///< nobody can say where it sits
};

/// Reads the first line of a record, whose first word is a record keyword.
HeadState parse_head(std::string_view line, bool backslash_escapes, Head& head);

bool has_record_keyword(std::string_view line);

/// Whether the line looks like a head at all: a cheap test for the inner loop.
inline bool starts_head(std::string_view line) {
  const char first = line.empty() ? '\0' : line[0];
  const bool may_be = first == 'R' || first == 'D' || first == 'I' || first == 'S' || first == 'C';
  return may_be && has_record_keyword(line);
}

}  // namespace ot::parsers::step7
