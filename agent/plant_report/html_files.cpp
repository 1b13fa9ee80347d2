#include <algorithm>

#include "agent/list_view.hpp"
#include "agent/plant_report/html_sections.hpp"
#include "agent/process.hpp"

namespace ot::agent::plant_report {
namespace {

using store::StoredFile;

std::string tool_text(const StoredFile& file) {
  const bool both = !file.engineering_tool_name.empty() && !file.engineering_tool_version.empty();
  return file.engineering_tool_name + (both ? " " : "") + file.engineering_tool_version;
}

/// The error, else what the reader should know.
std::string remarks_of(const StoredFile& file) {
  std::string text = file.error;
  for (const auto& warning : file.warnings) {
    text += text.empty() ? "" : "; ";
    text += warning.message;
  }
  return text;
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::uint64_t kKib = 1024;
  if (bytes < kKib) {
    return fmt::format("{} B", bytes);
  }
  return bytes < kKib * kKib
             ? fmt::format("{} KiB", (bytes + kKib / 2) / kKib)
             : fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (kKib * kKib));
}

void put_table(Page& page, const std::vector<const StoredFile*>& files, std::string_view caption) {
  HtmlTable table(page, caption,
                  {{"File"},
                   {"State"},
                   {"Tool"},
                   {"Exported"},
                   {"Devices", Look::number},
                   {"Size", Look::number},
                   {"Area"},
                   {"SHA-256", Look::hash},
                   {"Remarks"}});
  for (const auto* file : files) {
    const auto exported = file->exported_at ? time_text(*file->exported_at) : file->exported_text;
    table.row({file->path, to_string(file->status), tool_text(*file), exported,
               std::to_string(file->asset_count), size_text(file->size),
               area_text(file->place.site, file->place.area), file->digests.sha256,
               remarks_of(*file)});
  }
}

}  // namespace

void put_files(Page& page, const PlantReport& report) {
  std::vector<const StoredFile*> live;
  std::vector<const StoredFile*> deleted;
  for (const auto& file : report.files) {
    (file.status == FileStatus::deleted ? deleted : live).push_back(&file);
  }
  const auto by_path = [](const auto* a, const auto* b) { return a->path < b->path; };
  std::sort(live.begin(), live.end(), by_path);
  page.put("<section class=\"s cv\" id=files><h2>Project files</h2>\n");
  if (!report.projects.empty()) {
    page.put("<p>Read below: ");
    for (const auto& folder : report.projects) {
      page.put("{}{}", &folder == &report.projects.front() ? "" : ", ", html_part(folder));
    }
    page.put("</p>");
  }
  if (live.empty()) {
    page.put("<p>No project file was read.</p>");
  } else {
    put_table(page, live, "Project files");
  }
  if (!deleted.empty()) {
    page.put("<details><summary>{}</summary>",
             counted(deleted.size(), "file that is gone or was replaced",
                     "files that are gone or were replaced"));
    put_table(page, deleted, "Files that are gone");
    page.put("</details>");
  }
  page.put("</section>\n");
}

}  // namespace ot::agent::plant_report
