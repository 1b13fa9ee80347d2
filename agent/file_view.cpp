#include "agent/list_view.hpp"

namespace ot::agent {
namespace {

using store::StoredFile;

std::vector<std::string> csv_head(Shape shape) {
  std::vector<std::string> names = {"name",
                                    "extension",
                                    "status",
                                    "plantLocation",
                                    "vendor",
                                    "assetCount",
                                    "engineeringToolName",
                                    "engineeringToolVersion",
                                    "fileHash",
                                    "uploadedBy",
                                    "lastUpdated"};
  if (shape == Shape::extended) {
    names.insert(names.end(),
                 {"fileUuid", "sha256", "path", "size", "parser", "site", "area", "projectName",
                  "exportedAt", "exportedText", "warningCount", "error"});
  }
  return names;
}

std::vector<std::string> csv_row_of(const StoredFile& file, Shape shape) {
  std::vector<std::string> cells = {file.name,
                                    file.extension,
                                    std::string(to_string(file.status)),
                                    file.place.plant_location,
                                    file.vendor,
                                    std::to_string(file.asset_count),
                                    file.engineering_tool_name,
                                    file.engineering_tool_version,
                                    file.digests.md5,
                                    file.uploaded_by,
                                    iso8601(file.last_updated)};
  if (shape == Shape::extended) {
    const auto exported = file.exported_at ? iso8601(*file.exported_at) : std::string();
    cells.insert(cells.end(),
                 {file.file_uuid.text(), file.digests.sha256, file.path, std::to_string(file.size),
                  file.parser, file.place.site, file.place.area, file.project_name, exported,
                  file.exported_text, std::to_string(file.warnings.size()), file.error});
  }
  return cells;
}

std::vector<std::vector<std::string>> csv_rows(const StoredFile& file, Shape shape) {
  return {csv_row_of(file, shape)};
}

std::vector<Column> columns(Shape shape) {
  std::vector<Column> columns = {
      {.title = "NAME", .least = 24, .rank = 0},
      {.title = "EXT", .least = 4, .rank = 2},
      {.title = "STATUS", .rank = 0},
      {.title = "ASSETS", .align = Align::right, .least = 6, .rank = 4},
      {.title = "TOOL", .least = 6, .rank = 3},
      {.title = "VERSION", .least = 6, .rank = 6},
      {.title = "PLANT LOCATION", .least = 8, .rank = 7},
      {.title = "UPDATED (UTC)", .least = 10, .rank = 5},
  };
  if (shape == Shape::extended) {
    columns.push_back({.title = "PATH", .least = 12, .rank = 8});
  }
  return columns;
}

Ink ink_of(FileStatus status) {
  switch (status) {
    case FileStatus::deleted: return Ink::dim;
    case FileStatus::failed: return Ink::bad;
    case FileStatus::importing: return Ink::attention;
    case FileStatus::imported: break;
  }
  return Ink::plain;
}

Row row(const StoredFile& file, Shape shape) {
  Row row{
      {file.name, file.extension, std::string(to_string(file.status)),
       std::to_string(file.asset_count), file.engineering_tool_name, file.engineering_tool_version,
       file.place.plant_location, minute_text(file.last_updated)},
      ink_of(file.status)};
  if (shape == Shape::extended) {
    row.cells.push_back(file.path);
  }
  return row;
}

}  // namespace

const ListView<StoredFile> kFileView = {
    JsonList::Layout::bare, file_json, csv_head, csv_rows, columns, row};

std::string minute_text(Time time) {
  auto text = iso8601(time).substr(0, 16);
  text[10] = ' ';
  return text;
}

}  // namespace ot::agent
