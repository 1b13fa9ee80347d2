#include "parsers/step7/record_reader.hpp"

#include <fmt/format.h>

namespace ot::parsers::step7 {
namespace {

/// Ranges that one record may list; redundant slaves and controllers have two or three.
constexpr std::size_t kMostRanges = 64;
constexpr std::size_t kMostUnknownNamed = 20;

/// "ENDE" is what the PCS 7 manual prints.
bool is_end(std::string_view text) {
  return text == "END" || text == "ENDE";
}

bool begins_record(const Line& line) {
  return !line.indented && starts_head(line.text);
}

std::string quoted_word(std::string_view text) {
  const auto word = text.substr(0, std::min<std::size_t>(text.find_first_of(" \t,"), 40));
  return escape_for_terminal(to_utf8(word, CodePage::cp1252));
}

Error over_limit(std::string message, std::uint64_t line) {
  return Error(Errc::too_large, std::move(message))
      .at(Position::line(line))
      .hint("no export looks like this; look what the file really is");
}

}  // namespace

Result<bool> RecordReader::next(Record& record) {
  Line line;
  bool found = false;
  while (!found && next_line(line)) {
    found = take_line(line, record);
  }
  return stopped_ ? Result<bool>(fail(*stopped_)) : found;
}

/// The next line with something in it; false at the end, and when a limit was reached.
inline bool RecordReader::next_line(Line& line) {
  while (!stopped_ && !is_late()) {
    const auto next = lines_.next(line);
    if (next == Lines::Next::none) {
      return false;
    }
    if (next == Lines::Next::broken) {
      note_broken(line.number);
    } else if (!line.text.empty()) {
      return true;
    }
  }
  return false;
}

inline bool RecordReader::is_late() {
  const bool late = deadline_.passed();
  if (late) {
    stopped_ =
        Error(Errc::too_large, fmt::format("takes longer than {} ms to read", limits_.time.count()))
            .at(Position::line(lines_.number()));
  }
  return late;
}

void RecordReader::note_broken(std::uint64_t line) {
  ++counts_.broken_lines;
  warnings_.add("a quote without its partner; the line is left out", Position::line(line));
}

/// A line between records: true when a record begins in it and could be read.
bool RecordReader::take_line(const Line& line, Record& record) {
  const bool known = begins_record(line);
  if (!known && line.text[0] == '#') {
    read_comment(line.text);
    return false;
  }
  if (!known && read_file_version(line.text)) {
    return false;
  }
  record.clear();
  const auto state = known ? parse_head(line.text, line.lenient, record.head) : HeadState::unusable;
  if (state == HeadState::unusable) {
    skip_record(line, known);
    return false;
  }
  return read_record(line, state, record);
}

bool RecordReader::read_record(const Line& line, HeadState state, Record& record) {
  record.head.line = line.number;
  if (state == HeadState::nameless) {
    warnings_.add("the record's first line can't be read to its end", Position::line(line.number));
  }
  if (++counts_.records > limits_.records) {
    stopped_ = over_limit(fmt::format("more than {} records", limits_.records), line.number);
    return false;
  }
  return read_options(record);
}

void RecordReader::read_comment(std::string_view text) {
  constexpr std::string_view kVersion = "#STEP7_VERSION";
  constexpr std::string_view kCreated = "#CREATED";
  if (text.starts_with(kVersion)) {
    header_.version = trim(text.substr(kVersion.size()));
  } else if (text.starts_with(kCreated)) {
    Cursor cursor(text.substr(kCreated.size()));
    header_.created = cursor.string().value_or(Quoted{});
  }
}

bool RecordReader::read_file_version(std::string_view text) {
  if (text.find("FORMAT") != std::string_view::npos &&
      text.find("COMPACT") != std::string_view::npos) {
    header_.compact = true;
    warnings_.add(
        "a compact export: only what stands in the records' first lines can be read; export the "
        "station again in the readable format");
    return true;
  }
  return text.starts_with("FILEVERSION");
}

/// Passes over a record to its END or the next known head: one of a kind that is
/// not known, or one of which nobody can say where it sits.
void RecordReader::skip_record(const Line& first, bool known_kind) {
  const auto word = quoted_word(first.text);
  if (known_kind) {
    ++counts_.broken_lines;
    warnings_.add("the record's first line can't be read; the record is left out",
                  Position::line(first.number));
  } else {
    ++counts_.unknown_records;
    if (unknown_seen_.size() < kMostUnknownNamed && unknown_seen_.insert(word).second) {
      warnings_.add(fmt::format("unknown record \"{}\" skipped", word),
                    Position::line(first.number));
    }
  }
  std::uint64_t depth = 0;
  Line line;
  while (next_line(line)) {
    if (begins_record(line)) {
      return lines_.put_back(line);
    }
    if (line.text == "BEGIN") {
      ++depth;
    } else if (is_end(line.text)) {
      if (depth <= 1) {
        return;
      }
      --depth;
    }
  }
}

/// MASTER DPSUBSYSTEM n, subnet, DPADDRESS a
bool RecordReader::read_option(const Line& line, Record& record) {
  Cursor cursor(line.text, line.lenient);
  const auto word = cursor.identifier();
  if (word == "AUTOCREATED") {
    record.autocreated = true;
    return true;
  }
  if (word == "REDUNDANT") {
    return true;  // there once in the file, twice in the plant: its addresses count once
  }
  if (word != "MASTER" && word != "CONTROLLER") {
    return false;
  }
  auto& attachment = record.attachment;
  attachment.present = true;
  cursor.identifier();
  attachment.subsystem = cursor.number().value_or(kAbsent);
  cursor.comma();
  attachment.subnet = cursor.string().value_or(Quoted{});
  cursor.comma();
  cursor.identifier();
  attachment.address = cursor.number().value_or(kAbsent);
  return true;
}

/// The lines between the head and BEGIN, and then the body.
bool RecordReader::read_options(Record& record) {
  Line line;
  while (next_line(line)) {
    if (line.text == "BEGIN") {
      return read_body(record);
    }
    if (begins_record(line)) {
      lines_.put_back(line);
      if (!header_.compact) {
        warnings_.add("the record has no body", Position::line(record.head.line));
      }
      return true;
    }
    if (!read_option(line, record)) {
      ++counts_.unread_attributes;
    }
  }
  return ends_early(record);
}

/// The file ends inside a record: in a compact export that is its form, else
/// the record is not complete and is left out.
bool RecordReader::ends_early(const Record& record) {
  if (header_.compact) {
    return true;
  }
  const auto station = record.head.kind == HeadKind::station;
  warnings_.add(
      fmt::format("the file ends inside the record of line {}: it is cut off, and {}",
                  record.head.line,
                  station ? "nothing but the station's name is known" : "this record is left out"),
      Position::line(lines_.number()));
  return station;
}

/// All up to END; false when the record is cut off.
bool RecordReader::read_body(Record& record) {
  auto section = Section::attributes;
  std::uint32_t depth = 1;
  Line line;
  for (;;) {
    if (depth == 1) {
      read_attributes(section, record);
    }
    if (!next_line(line)) {
      return ends_early(record);
    }
    if (begins_record(line)) {
      lines_.put_back(line);
      warnings_.add("the record has no END", Position::line(record.head.line));
      return true;
    }
    if (line.text.back() == '"') {
      if (depth == 1 && section != Section::parameters) {
        read_text_line(line, record);
      }
    } else if (line.text == "BEGIN") {
      if (++depth > limits_.depth) {
        stopped_ =
            over_limit(fmt::format("blocks nested deeper than {}", limits_.depth), line.number);
      }
    } else if (is_end(line.text)) {
      if (--depth == 0) {
        return true;
      }
    } else if (depth == 1) {
      read_structure(line.text, section, record);
    }
  }
}

/// The run of plain attributes (or parameters, or symbols) that comes next. What is
/// not plain is left.
inline void RecordReader::read_attributes(Section section, Record& record) {
  std::string_view word;
  Quoted value;
  while (lines_.next_attribute(word, value)) {
    if (is_late()) {
      return;
    }
    if (section == Section::parameters) {
      continue;
    }
    if (const auto key = key_named(word); key != Key::none) {
      record.attributes[static_cast<std::size_t>(key)] = value;
    } else {
      ++counts_.unread_attributes;
    }
  }
  while (section != Section::parameters && lines_.skip_quoted("SYMBOL ")) {
    ++counts_.symbols;
    if (is_late()) {
      return;
    }
  }
}

/// KEY "value", or SYMBOL I , 0, "symbol", "comment", that is not as plain as most.
void RecordReader::read_text_line(const Line& line, Record& record) {
  Cursor cursor(line.text, line.lenient);
  const auto word = cursor.identifier();
  const auto key = key_named(word);
  if (key == Key::none) {
    ++(word == "SYMBOL" ? counts_.symbols : counts_.unread_attributes);
    return;
  }
  if (const auto value = cursor.string(); value && cursor.at_end()) {
    record.attributes[static_cast<std::size_t>(key)] = *value;
  } else {
    ++counts_.broken_lines;
  }
}

/// The lines of a body that end in no text: sections, addresses, bare attributes.
void RecordReader::read_structure(std::string_view text, Section& section, Record& record) {
  Cursor cursor(text);
  if (cursor.word("ADDRESS")) {
    return read_range(cursor, section, record);
  }
  const auto word = cursor.identifier();
  if (word == "LOCAL_IN_ADDRESSES") {
    section = Section::inputs;
  } else if (word == "LOCAL_OUT_ADDRESSES") {
    section = Section::outputs;
  } else if (word == "CPU_IN_ADDRESSES" || word == "CPU_OUT_ADDRESSES") {
    section = Section::other_addresses;
  } else if (word == "PARAMETER") {
    section = Section::parameters;
  } else {
    ++counts_.unread_attributes;
  }
}

/// ADDRESS start, startBit, lengthBytes, PIP, x5, x6: a length of 0 is a
/// diagnostic address and no input or output.
void RecordReader::read_range(Cursor& cursor, Section section, Record& record) {
  const auto start = cursor.number();
  cursor.comma();
  const auto bit = cursor.number();
  cursor.comma();
  const auto length = cursor.number();
  if (!start || !bit || !length || *start < 0 || *length < 0) {
    ++counts_.broken_lines;
    return;
  }
  const bool listed = section == Section::inputs || section == Section::outputs;
  if (listed && *length > 0 && record.ranges.size() < kMostRanges) {
    record.ranges.push_back(
        {.output = section == Section::outputs, .start = *start, .length = *length});
  }
}

}  // namespace ot::parsers::step7
