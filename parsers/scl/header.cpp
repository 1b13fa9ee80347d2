#include "parsers/scl/header.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "parsers/scl/dates.hpp"
#include "parsers/scl/ied.hpp"
#include "parsers/scl/tree.hpp"

namespace ot::parsers::scl {
namespace {

/// The manufacturer that all IEDs share; empty if they differ or there are none.
std::string shared_vendor(const Project& project) {
  const auto& assets = project.assets;
  const bool same =
      !assets.empty() && std::all_of(assets.begin(), assets.end(), [&](const Asset& asset) {
        return asset.hardware.vendor == assets[0].hardware.vendor;
      });
  return same ? assets[0].hardware.vendor : std::string();
}

/// "2.2.24.0" or "V5.90": no name in it.
bool is_bare_version(std::string_view text) {
  if (text.starts_with('V') || text.starts_with('v')) {
    text.remove_prefix(1);
  }
  return !text.empty() && text.find_first_not_of("0123456789.") == text.npos;
}

/// SEL Architect writes its version alone; elsewhere nobody knows whose it is.
void read_tool(std::string_view tool, std::string_view vendor, Project& project) {
  constexpr std::string_view kVersion = ", Version:";
  const auto at = tool.find(kVersion);
  if (at != tool.npos) {
    project.engineering_tool_name = trim(tool.substr(0, at));
    project.engineering_tool_version = trim(tool.substr(at + kVersion.size()));
  } else if (!is_bare_version(tool)) {
    project.engineering_tool_name = tool;
  } else {
    project.engineering_tool_version = tool;
    if (vendor == kSel) {
      project.engineering_tool_name = "SEL Architect";
      project.tool_confidence = Confidence::declared;
    }
  }
}

bool is_siemens_tool(std::string_view name) {
  return name.starts_with("IEC 61850 System Configurator") || name.starts_with("DIGSI");
}

/// The name spaces that DIGSI 5 declares on the root.
bool has_siemens_name_space(pugi::xml_node scl) {
  for (const auto attribute : scl.attributes()) {
    if (std::string_view(attribute.name()).starts_with("xmlns:") &&
        std::string_view(attribute.value()).starts_with("http://www.siemens.com/energy/")) {
      return true;
    }
  }
  return false;
}

/// A merged file has lost its toolID, but Siemens IEDs keep the name spaces of
/// the tool that exported them. It does not say which version that was.
void read_tool_by_name_space(pugi::xml_node scl, Project& project) {
  const auto& assets = project.assets;
  const bool any_siemens = std::any_of(assets.begin(), assets.end(), [](const Asset& asset) {
    return asset.hardware.vendor == kSiemens;
  });
  const bool untold =
      project.engineering_tool_name.empty() && project.engineering_tool_version.empty();
  if (untold && any_siemens && has_siemens_name_space(scl)) {
    project.engineering_tool_name = "DIGSI 5";
    project.tool_confidence = Confidence::declared;
  }
}

void add_detail(Project& project, std::string name, std::string value) {
  if (!value.empty()) {
    project.details.push_back({std::move(name), std::move(value)});
  }
}

/// "2007B4": the edition of IEC 61850-6 as it is usually cited.
std::string edition(pugi::xml_node scl) {
  std::string text(attribute_of(scl, "version"));
  text += attribute_of(scl, "revision");
  text += attribute_of(scl, "release");
  return text;
}

/// Keeps the newest date that can be read, or the last one as it is written.
void offer_date(std::string_view text, Project& project) {
  if (text.empty()) {
    return;
  }
  const auto date = parse_date(text);
  const bool newest = date && (!project.exported_at || *date >= *project.exported_at);
  if (newest || !project.exported_at) {
    project.exported_at = date;
    project.exported_text = text;
  }
}

}  // namespace

void read_header(pugi::xml_node scl, Project& project) {
  const auto header = scl.child("Header");
  const auto shared = shared_vendor(project);
  project.project_name = attribute_of(header, "id");
  read_tool(attribute_of(header, "toolID"), shared, project);
  read_tool_by_name_space(scl, project);
  project.vendor = is_siemens_tool(project.engineering_tool_name) ? kSiemens : shared;
  add_detail(project, "sclEdition", edition(scl));
  add_detail(project, "headerVersion", std::string(attribute_of(header, "version")));
  add_detail(project, "headerRevision", std::string(attribute_of(header, "revision")));
  for (const auto item : header.child("History").children("Hitem")) {
    offer_date(attribute_of(item, "when"), project);
  }
  for (const auto ied : scl.children("IED")) {
    offer_date(text_of(private_of(ied, "Siemens-ModifiedDate"), kLongestName), project);
  }
}

}  // namespace ot::parsers::scl
