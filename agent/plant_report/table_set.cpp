#include <filesystem>

#include <fmt/format.h>

#include "agent/csv.hpp"
#include "agent/plant_report/plain.hpp"
#include "agent/plant_report/table_set_cell.hpp"
#include "agent/plant_report/table_set_tables.hpp"
#include "agent/whole_file.hpp"

namespace ot::agent::plant_report {
namespace {

/// Without it, Excel takes UTF-8 for the code page of the machine.
constexpr std::string_view kMark = "\xEF\xBB\xBF";

std::string row_text(std::vector<std::string> cells) {
  for (auto& cell : cells) {
    cell = sheet_text(cell);
  }
  auto line = csv_row(cells);
  line.pop_back();
  return line + "\r\n";
}

std::string sheet_file_text(SheetTable table) {
  std::string text(kMark);
  text += row_text(std::move(table.head));
  for (auto& row : table.rows) {
    text += row_text(std::move(row));
  }
  return text;
}

Result<void> make_folder(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return fail(system_error(failed.value(), fmt::format("make the folder \"{}\"", folder))
                    .hint("name a folder, or one that can be made"));
  }
  return {};
}

}  // namespace

Result<void> write_table_set(const PlantReport& report, const std::string& folder) {
  if (auto made = make_folder(folder); !made) {
    return made;
  }
  for (const auto& sheet : sheets()) {
    const auto path = (std::filesystem::path(folder) / sheet.file).string();
    auto written = write_whole(path, sheet_file_text(sheet.table(report)), IfThere::replace);
    if (!written) {
      return fail(std::move(written.error()).during(fmt::format("\"{}\"", path)));
    }
  }
  return {};
}

}  // namespace ot::agent::plant_report
