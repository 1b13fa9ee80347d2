#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "agent/list_view.hpp"
#include "agent/report.hpp"
#include "agent/selection.hpp"
#include "agent/side_difference.hpp"
#include "agent/station_tree.hpp"

namespace ot::agent {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// How many differences of one source are printed; JSON has them all.
constexpr std::size_t kDifferencesShown = 40;

void add_row(Rows& rows, std::string_view name, std::string value) {
  if (!value.empty()) {
    rows.push_back({std::string(name), std::move(value)});
  }
}

std::string section(std::string_view title, const Rows& rows) {
  return rows.empty() ? "" : fmt::format("\n{}\n{}", title, render_rows(rows, "  "));
}

std::string sure(std::string text, Confidence confidence) {
  if (confidence != Confidence::confirmed && !text.empty()) {
    text += fmt::format(" ({})", to_string(confidence));
  }
  return text;
}

void add_warnings(Rows& rows, const store::StoredFile& file) {
  for (const auto& warning : file.warnings) {
    rows.push_back({located(file.path, warning.position) + ": " + warning.message});
  }
}

std::string exported_text(const store::StoredFile& file) {
  return file.exported_at ? minute_text(*file.exported_at) : file.exported_text;
}

std::string facts_of(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  Rows rows;
  add_row(rows, "asset id", std::to_string(asset.asset_id));
  add_row(rows, "uuid", asset.asset_uuid.text());
  add_row(rows, "kind", std::string(to_string(record.hardware.category)));
  add_row(rows, "vendor", record.hardware.vendor);
  add_row(rows, "product", record.hardware.product_name);
  add_row(rows, "serial number", record.serial_number);
  add_row(rows, "type", record.type_id);
  add_row(rows, "first seen", minute_text(asset.created) + " UTC");
  add_row(rows, "last updated", minute_text(asset.last_updated) + " UTC");
  return section("Facts", rows);
}

std::string details_of(const std::vector<store::StoredAsset>& assets) {
  Rows rows;
  for (const auto& asset : assets) {
    const auto& record = asset.shown.record;
    for (const auto& detail : record.details) {
      std::vector<std::string> row = {detail.name, sure(detail.value, detail.confidence)};
      if (assets.size() > 1) {
        row.insert(row.begin(), record.name);
      }
      rows.push_back(std::move(row));
    }
  }
  return section("Details", rows);
}

std::string source_text(const SourceReport& source, bool newest) {
  Rows rows;
  const auto& lines = source.differences;
  for (std::size_t i = 0; i < std::min(lines.size(), kDifferencesShown); ++i) {
    rows.push_back({lines[i]});
  }
  if (lines.size() > kDifferencesShown) {
    rows.push_back({fmt::format("{} more; --format json has all", lines.size() - rows.size())});
  }
  const auto exported = exported_text(source.file);
  const auto note = newest && lines.empty() ? "" : (lines.empty() ? "says the same" : "differs:");
  return render_rows({{source.file.path, exported.empty() ? "" : "exported " + exported, note}},
                     "  ") +
         render_rows(rows, "      ");
}

std::string sources_of(const std::vector<SourceReport>& sources) {
  std::string text = sources.size() > 1 ? "\nSources, newest first\n" : "\nSource\n";
  for (const auto& source : sources) {
    text += source_text(source, &source == &sources.front());
  }
  return sources.empty() ? "" : text;
}

std::string observations_of(const StationReport& report) {
  Rows rows;
  for (const auto& observation : report.observations) {
    const auto& sighting = observation.sighting;
    rows.push_back({sighting.protocol, sighting.target,
                    "last seen " + minute_text(sighting.last_seen) + " UTC",
                    "first seen " + minute_text(sighting.first_seen) + " UTC"});
    if (report.assets.size() > 1) {
      rows.back().insert(rows.back().begin(), observation.asset_name);
    }
  }
  return section("Observed", rows);
}

/// Where project and device were both read, what contradicts stands here.
std::string side_differences_of(const std::vector<store::StoredAsset>& assets) {
  Rows rows;
  bool compared = false;
  for (const auto& asset : assets) {
    const auto found = asset.sides ? differences(*asset.sides) : std::vector<Difference>();
    compared = compared || asset.sides.has_value();
    const auto name = assets.size() > 1 ? asset.shown.record.name + ": " : std::string();
    for (std::size_t i = 0; i < std::min(found.size(), kDifferencesShown); ++i) {
      rows.push_back({name + words(found[i])});
    }
    if (found.size() > kDifferencesShown) {
      rows.push_back({fmt::format("{}{} more; --format json has all", name,
                                  found.size() - kDifferencesShown)});
    }
  }
  if (compared && rows.empty()) {
    rows.push_back({"none in what both state"});
  }
  return section("Differences between project and device", rows);
}

std::string facts_of(const store::StoredFile& file) {
  Rows rows;
  const auto tool = file.engineering_tool_name + " " + file.engineering_tool_version;
  add_row(rows, "status", std::string(to_string(file.status)));
  add_row(rows, "error", file.error);
  add_row(rows, "tool", tool == " " ? "" : sure(tool, file.tool_confidence));
  add_row(rows, "vendor", file.vendor);
  add_row(rows, "project", file.project_name);
  add_row(rows, "exported", file.exported_text.empty() ? exported_text(file) : file.exported_text);
  add_row(rows, "last updated", minute_text(file.last_updated) + " UTC");
  add_row(rows, "plant location", file.place.plant_location);
  add_row(rows, "site", file.place.site);
  add_row(rows, "area", file.place.area);
  add_row(rows, "uploaded by", file.uploaded_by);
  add_row(rows, "size", fmt::format("{} bytes", file.size));
  add_row(rows, "MD5", file.digests.md5);
  add_row(rows, "SHA-256", file.digests.sha256);
  add_row(rows, "parser", file.parser);
  add_row(rows, "assets", std::to_string(file.asset_count));
  add_row(rows, "uuid", file.file_uuid.text());
  return render_rows({{file.path}}, "") + render_rows(rows, "  ");
}

/// A tree for each run of assets that make one station.
std::string trees_of(const std::vector<store::StoredAsset>& assets, Branches branches) {
  std::string text;
  const std::span all(assets);
  for (std::size_t from = 0, to = 0; from < all.size(); from = to) {
    while (to < all.size() && (to == from || are_one_station(std::array{all[from], all[to]}))) {
      ++to;
    }
    text += "\n" + render_tree(station_tree(all.subspan(from, to - from)), branches);
  }
  return text;
}

}  // namespace

std::string text_of(const StationReport& report, Branches branches) {
  auto text = render_tree(station_tree(report.assets), branches);
  if (report.assets.size() == 1) {
    text += facts_of(report.assets.front());
  }
  text += details_of(report.assets);
  text += side_differences_of(report.assets);
  text += observations_of(report);
  text += sources_of(report.sources);
  Rows warnings;
  for (const auto& source : report.sources) {
    add_warnings(warnings, source.file);
  }
  return text + section("Warnings", warnings);
}

std::string text_of(const FileReport& report, Branches branches) {
  Rows warnings;
  add_warnings(warnings, report.file);
  Rows details;
  for (const auto& detail : report.file.details) {
    details.push_back({detail.name, sure(detail.value, detail.confidence)});
  }
  return facts_of(report.file) + section("Details of the file", details) +
         section("Warnings", warnings) + trees_of(report.assets, branches) +
         details_of(report.assets);
}

}  // namespace ot::agent
