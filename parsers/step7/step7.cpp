// STEP 7 V5.x HW Config station exports.

#include <fmt/format.h>

#include "parsers/parser.hpp"
#include "parsers/step7/created.hpp"
#include "parsers/step7/record_reader.hpp"
#include "parsers/step7/station.hpp"

namespace ot::parsers::step7 {
namespace {

constexpr std::string_view kSuffixes[] = {".cfg"};
constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view kSiemens = "Siemens";
constexpr std::string_view kTool = "STEP7";

std::string_view first_line_with_text(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) {
    return {};
  }
  text.remove_prefix(begin);
  return text.substr(0, text.find('\n'));
}

/// FILEVERSION "3.2"
bool is_file_version(std::string_view line) {
  Cursor cursor(line);
  if (cursor.identifier() != "FILEVERSION") {
    return false;
  }
  const auto version = cursor.string();
  return version && version->size() >= 3 && version->find('.') != Quoted::npos &&
         version->find_first_not_of("0123456789.") == Quoted::npos;
}

/// STATION S7400H , "name"
bool is_station(std::string_view line) {
  Head head;
  if (!starts_head(line) || parse_head(line, false, head) != HeadState::complete ||
      head.kind != HeadKind::station) {
    return false;
  }
  return head.type == "S7300" || head.type == "S7400" || head.type == "S7400H" ||
         head.type == "PC_BASED" || head.type == "HMI_BASED";
}

bool has_line(std::string_view text, bool (*is_wanted)(std::string_view)) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (is_wanted(trim(text.substr(0, end)))) {
      return true;
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return false;
}

bool is_export(std::string_view head) {
  if (head.starts_with(kUtf8Mark)) {
    head.remove_prefix(kUtf8Mark.size());
  }
  const auto first = first_line_with_text(head);
  if (!is_file_version(first) && !first.starts_with("#STEP7_VERSION")) {
    return false;
  }
  return has_line(head, is_station);
}

bool is_utf16(CodePage page) {
  return page == CodePage::utf16_le || page == CodePage::utf16_be;
}

bool claims(const Sample& sample) {
  if (is_export(sample.head)) {
    return true;
  }
  // Saved again by an editor as "Unicode".
  const bool marked = sample.head.starts_with("\xFF\xFE") || sample.head.starts_with("\xFE\xFF");
  return marked && is_export(to_utf8(sample.head, guess_code_page(sample.head)));
}

/// How many add-ons to make room for. A guess by the size of a short record, but for
/// files so large that growing their list would cost tens of megabytes they are counted.
std::size_t expected_slaves(std::string_view bytes) {
  constexpr std::size_t kLarge = 4u << 20;
  constexpr std::size_t kRackModules = 512;  // more than any set of racks holds
  constexpr std::size_t kSmallRecord = 512;
  constexpr std::string_view kHead = "\nDPSUBSYSTEM ";
  if (bytes.size() <= kLarge) {
    return bytes.size() / kSmallRecord;
  }
  std::size_t count = kRackModules;
  for (auto at = bytes.find(kHead); at != std::string_view::npos;
       at = bytes.find(kHead, at + kHead.size())) {
    ++count;
  }
  return count;
}

void add_counts(const Counts& counts, CodePage page, Project& project) {
  const auto add = [&](std::string_view name, std::uint64_t value) {
    if (value > 0) {
      project.details.push_back({.name = std::string(name), .value = std::to_string(value)});
    }
  };
  project.details.push_back({.name = "codePage",
                             .value = std::string(to_string(page)),
                             .confidence = Confidence::heuristic});
  add("records", counts.records);
  add("symbols", counts.symbols);
  add("unknownRecords", counts.unknown_records);
  add("unreadAttributes", counts.unread_attributes);
  add("brokenLines", counts.broken_lines);
}

void add_header(const FileHeader& header, CodePage page, Project& project, Warnings& warnings) {
  project.vendor = kSiemens;
  project.engineering_tool_name = kTool;
  project.engineering_tool_version = to_utf8(header.version.substr(0, 100), page);
  project.exported_text = text_of(header.created, page);
  project.exported_at = read_created(project.exported_text);
  if (!project.exported_at && !project.exported_text.empty()) {
    warnings.add(fmt::format("the export's date \"{}\" can't be read; it is kept as written",
                             escape_for_terminal(project.exported_text)));
  }
}

Result<Project> parse_text(std::string_view bytes, CodePage page, const Limits& limits) {
  if (bytes.starts_with(kUtf8Mark)) {
    bytes.remove_prefix(kUtf8Mark.size());
  }
  Warnings warnings(limits.warnings);
  RecordReader reader(bytes, limits, warnings);
  StationBuilder station(page, warnings);
  station.expect_slaves(std::min<std::size_t>(expected_slaves(bytes), limits.records));
  Record record;
  for (;;) {
    const auto more = reader.next(record);
    if (!more) {
      return fail(more.error());
    }
    if (!*more) {
      break;
    }
    station.take(record);
  }
  if (!station.has_station()) {
    return fail(Error(Errc::malformed, "no STATION record can be read")
                    .hint("export the station again from HW Config"));
  }
  Project project;
  project.project_name = station.station();
  add_header(reader.header(), page, project, warnings);
  add_counts(reader.counts(), page, project);
  auto assets = station.finish(limits);
  if (!assets) {
    return fail(assets.error());
  }
  project.assets = std::move(*assets);
  project.warnings = warnings.take();
  return project;
}

Result<Project> parse(const Source& source, const Limits& limits) {
  const auto page = guess_code_page(source.bytes);
  if (is_utf16(page)) {
    return parse_text(to_utf8(source.bytes, page), CodePage::utf8, limits);
  }
  return parse_text(source.bytes, page, limits);
}

}  // namespace

extern const Parser module;
const Parser module{.name = "step7",
                    .reads = "STEP 7 V5.x HW Config station exports",
                    .suffixes = kSuffixes,
                    .access = Access::whole,
                    .claims = claims,
                    .parse = parse};

}  // namespace ot::parsers::step7
