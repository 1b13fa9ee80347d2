#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "parsers/parser.hpp"
#include "parsers/step7/lines.hpp"
#include "parsers/step7/record.hpp"

namespace ot::parsers::step7 {

/// What stands before and between the records.
struct FileHeader {
  std::string_view version;  ///< of #STEP7_VERSION, as written
  Quoted created;            ///< of #CREATED
  bool compact = false;      ///< FORMAT COMPACT
};

struct Counts {
  std::uint64_t records = 0;
  std::uint64_t unknown_records = 0;
  std::uint64_t unread_attributes = 0;  ///< layout, raw parameters, keys never heard of
  std::uint64_t broken_lines = 0;
  std::uint64_t symbols = 0;
};

/// Cuts an export into records, one after another, without keeping any. The
/// records' texts are views into the bytes given.
class RecordReader {
 public:
  RecordReader(std::string_view bytes, const Limits& limits, Warnings& warnings)
      : lines_(bytes), limits_(limits), warnings_(warnings), deadline_(limits.time) {}

  /// The next record; false at the end of the file. Fails on a limit only.
  Result<bool> next(Record& record);

  const FileHeader& header() const { return header_; }
  const Counts& counts() const { return counts_; }

 private:
  enum class Section : std::uint8_t { attributes, inputs, outputs, other_addresses, parameters };

  bool next_line(Line& line);
  bool is_late();
  void note_broken(std::uint64_t line);
  void read_comment(std::string_view text);
  bool read_file_version(std::string_view text);
  bool take_line(const Line& line, Record& record);
  bool read_record(const Line& line, HeadState state, Record& record);
  void skip_record(const Line& first, bool known_kind);
  bool read_options(Record& record);
  bool read_body(Record& record);
  bool read_option(const Line& line, Record& record);
  bool ends_early(const Record& record);
  void read_attributes(Section section, Record& record);
  void read_structure(std::string_view text, Section& section, Record& record);
  void read_text_line(const Line& line, Record& record);
  void read_range(Cursor& cursor, Section section, Record& record);

  Lines lines_;
  const Limits& limits_;
  Warnings& warnings_;
  Deadline deadline_;
  std::optional<Error> stopped_;  ///< a limit was reached: there are no more lines
  FileHeader header_;
  Counts counts_;
  std::set<std::string, std::less<>> unknown_seen_;
};

}  // namespace ot::parsers::step7
