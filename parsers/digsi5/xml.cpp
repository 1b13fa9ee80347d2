#include "parsers/digsi5/xml.hpp"

#include <pugixml.hpp>

#include "base/text.hpp"
#include "parsers/scl/encoding.hpp"
#include "parsers/scl/prolog.hpp"

namespace ot::parsers::digsi5 {

std::string root_name(std::string_view head) {
  const auto decoded = scl::decode(head);
  return decoded ? std::string(scl::local_name(scl::read_prolog(decoded->text()).root))
                 : std::string();
}

std::optional<ProjectData> project_data(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) {
    return std::nullopt;
  }
  const auto root = document.document_element();
  if (scl::local_name(root.name()) != "Data" ||
      std::string_view(root.attribute("Type").value()) != "Project") {
    return std::nullopt;
  }
  ProjectData data;
  data.name = trim(root.attribute("Name").value());
  data.compatibility_version = trim(root.attribute("ProjectCompatibilityVersion").value());
  for (const auto& child : root.children()) {
    if (scl::local_name(child.name()) == "ProjectVersion") {
      data.version = trim(child.text().get());
    }
  }
  return data;
}

}  // namespace ot::parsers::digsi5
