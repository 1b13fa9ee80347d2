#include "parsers/step7/record_reader.hpp"

#include <fmt/format.h>

namespace ot::parsers::step7 {
namespace {

/// Ranges that one record may list; redundant slaves and controllers have two or three.
constexpr std::size_t kMostRanges = 64;
constexpr std::size_t kMostUnknownNamed = 20;

std::string_view trim_left(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

/// "ENDE" is what the PCS 7 manual prints.
bool is_end(std::string_view text) {
  return text == "END" || text == "ENDE";
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

Result<bool> RecordReader::next_line(Line& line) {
  if (deadline_.passed()) {
    return fail(
        Error(Errc::too_large, fmt::format("takes longer than {} ms to read", limits_.time.count()))
            .at(Position::line(lines_.number())));
  }
  if (!lines_.next(line)) {
    line = Line{.number = lines_.number()};
    return false;
  }
  if (line.broken) {
    note_broken(line);
  }
  return true;
}

void RecordReader::note_broken(const Line& line) {
  ++counts_.broken_lines;
  warnings_.add("a quote without its partner; the line is left out", Position::line(line.number));
}

Result<bool> RecordReader::next(Record& record) {
  Line line;
  for (;;) {
    auto more = next_line(line);
    if (!more || !*more) {
      return more;
    }
    if (line.text.empty() || line.broken) {
      continue;
    }
    auto taken = take_line(line, record);
    if (!taken || *taken) {
      return taken;
    }
  }
}

/// A line between records: true when a record begins in it and could be read.
Result<bool> RecordReader::take_line(const Line& line, Record& record) {
  const bool known = starts_head(line.text);
  if (!known && line.text[0] == '#') {
    read_comment(line.text);
    return false;
  }
  if (!known && read_file_version(line.text)) {
    return false;
  }
  auto ranges = std::move(record.ranges);  // its memory serves the next record, too
  ranges.clear();
  record = Record{};
  record.ranges = std::move(ranges);
  const auto state = known ? parse_head(line.text, line.lenient, record.head) : HeadState::unusable;
  if (state == HeadState::unusable) {
    const auto skipped = skip_record(line, known);
    return skipped ? Result<bool>(false) : fail(skipped.error());
  }
  return read_record(line, state, record);
}

Result<bool> RecordReader::read_record(const Line& line, HeadState state, Record& record) {
  record.head.line = line.number;
  if (state == HeadState::nameless) {
    warnings_.add("the record's first line can't be read to its end", Position::line(line.number));
  }
  if (++counts_.records > limits_.records) {
    return fail(over_limit(fmt::format("more than {} records", limits_.records), line.number));
  }
  const auto end = read_options(record);
  if (!end) {
    return fail(end.error());
  }
  return *end == BodyEnd::complete;
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
Result<void> RecordReader::skip_record(const Line& first, bool known_kind) {
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
  for (;;) {
    const auto more = next_line(line);
    if (!more) {
      return fail(more.error());
    }
    if (!*more) {
      return {};
    }
    if (starts_head(line.text)) {
      lines_.put_back(line);
      return {};
    }
    const auto text = trim_left(line.text);
    if (text == "BEGIN") {
      ++depth;
    } else if (is_end(text)) {
      if (depth <= 1) {
        return {};
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
Result<RecordReader::BodyEnd> RecordReader::read_options(Record& record) {
  Line line;
  for (;;) {
    const auto more = next_line(line);
    if (!more) {
      return fail(more.error());
    }
    if (!*more) {
      return ends_early(line, "ends", record) ? BodyEnd::complete : BodyEnd::cut_off;
    }
    if (line.text.empty() || line.broken) {
      continue;
    }
    if (trim_left(line.text) == "BEGIN") {
      return read_body(record);
    }
    if (starts_head(line.text)) {
      lines_.put_back(line);
      if (!header_.compact) {
        warnings_.add("the record has no body", Position::line(record.head.line));
      }
      return BodyEnd::complete;
    }
    if (!read_option(line, record)) {
      ++counts_.unread_attributes;
    }
  }
}

/// The file ends inside a record: in a compact export that is its form, else
/// the record is not complete and is left out.
bool RecordReader::ends_early(const Line& line, std::string_view what, const Record& record) {
  if (header_.compact) {
    return true;
  }
  const auto station = record.head.kind == HeadKind::station;
  warnings_.add(
      fmt::format("the file {} inside the record of line {}: it is cut off, and {}", what,
                  record.head.line,
                  station ? "nothing but the station's name is known" : "this record is left out"),
      Position::line(line.number));
  return station;
}

Result<RecordReader::BodyEnd> RecordReader::read_body(Record& record) {
  auto section = Section::attributes;
  std::uint32_t depth = 1;
  Line line;
  for (;;) {
    if (depth == 1) {
      read_plain_lines(section, record);
    }
    const auto more = next_line(line);
    if (!more) {
      return fail(more.error());
    }
    if (!*more) {
      return ends_early(line, "ends", record) ? BodyEnd::complete : BodyEnd::cut_off;
    }
    const auto text = trim_left(line.text);
    if (text.empty() || line.broken) {
      continue;
    }
    if (text.data() == line.text.data() && starts_head(text)) {
      lines_.put_back(line);
      warnings_.add("the record has no END", Position::line(record.head.line));
      return BodyEnd::complete;
    }
    if (text.back() == '"') {
      if (depth == 1 && section != Section::parameters) {
        read_text_line(text, line.lenient, record);
      }
    } else if (text == "BEGIN") {
      if (++depth > limits_.depth) {
        return fail(
            over_limit(fmt::format("blocks nested deeper than {}", limits_.depth), line.number));
      }
    } else if (is_end(text)) {
      if (--depth == 0) {
        return BodyEnd::complete;
      }
    } else if (depth == 1) {
      read_structure(text, section, record);
    }
  }
}

/// The run of plain lines that the body goes on with: attributes, or symbols and
/// parameters, which are not read. Whatever is not plain is left for the caller.
void RecordReader::read_plain_lines(Section section, Record& record) {
  if (section == Section::parameters) {
    while (lines_.skip_parameter()) {
    }
    return;
  }
  std::string_view word;
  Quoted value;
  while (lines_.next_attribute(word, value)) {
    if (const auto key = key_named(word); key != Key::none) {
      record.attributes[static_cast<std::size_t>(key)] = value;
    } else {
      ++counts_.unread_attributes;
    }
  }
  while (section != Section::attributes && lines_.skip_quoted("SYMBOL ")) {
    ++counts_.symbols;
  }
}

/// The lines of a body that end in no text: sections, addresses, bare attributes.
void RecordReader::read_structure(std::string_view text, Section& section, Record& record) {
  Cursor cursor(text);
  const auto word = cursor.identifier();
  if (word == "ADDRESS") {
    return read_range(cursor, section, record);
  }
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

/// KEY "value", or SYMBOL I , 0, "symbol", "comment".
void RecordReader::read_text_line(std::string_view text, bool lenient, Record& record) {
  Cursor cursor(text, lenient);
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

}  // namespace ot::parsers::step7
