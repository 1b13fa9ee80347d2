#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ot::parsers::digsi5 {

/// The local name of the root element, read from the beginning of an XML
/// document of any encoding. Empty for anything else.
std::string root_name(std::string_view head);

/// What `<Data Type="Project">` says of a project.
struct ProjectData {
  std::string name;
  std::string version;                ///< "8.80.0.0", of ProjectVersion
  std::string compatibility_version;  ///< of ProjectCompatibilityVersion
};

std::optional<ProjectData> project_data(std::string_view xml);

}  // namespace ot::parsers::digsi5
