#include "parsers/digsi5/xml.hpp"

#include <algorithm>

#include <pugixml.hpp>

#include "base/text.hpp"

namespace ot::parsers::digsi5 {
namespace {

std::string_view local_name(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

/// Drops everything up to and with `end`; all of it when there is no such end.
void drop_past(std::string_view& text, std::string_view end) {
  const auto at = text.find(end);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + end.size());
}

/// A document type with an internal subset ends with "]" and ">".
void drop_doctype(std::string_view& text) {
  const auto subset = text.find('[');
  if (subset < text.find('>')) {
    drop_past(text, "]");
  }
  drop_past(text, ">");
}

/// Drops what may stand before the root element.
void drop_prolog(std::string_view& text) {
  for (text = trim(text); text.starts_with("<?") || text.starts_with("<!"); text = trim(text)) {
    if (text.starts_with("<?")) {
      drop_past(text, "?>");
    } else if (text.starts_with("<!--")) {
      drop_past(text, "-->");
    } else {
      drop_doctype(text);
    }
  }
}

}  // namespace

std::string root_name(std::string_view head) {
  const auto utf8 = to_utf8(head, guess_code_page(head));
  std::string_view text = utf8;
  drop_prolog(text);
  if (!text.starts_with('<')) {
    return {};
  }
  text.remove_prefix(1);
  return std::string(local_name(text.substr(0, text.find_first_of(" \t\r\n/>"))));
}

std::optional<ProjectData> project_data(std::string_view xml) {
  pugi::xml_document document;
  if (!document.load_buffer(xml.data(), xml.size())) {
    return std::nullopt;
  }
  const auto root = document.document_element();
  if (local_name(root.name()) != "Data" ||
      std::string_view(root.attribute("Type").value()) != "Project") {
    return std::nullopt;
  }
  ProjectData data;
  data.name = trim(root.attribute("Name").value());
  data.compatibility_version = trim(root.attribute("ProjectCompatibilityVersion").value());
  for (const auto& child : root.children()) {
    if (local_name(child.name()) == "ProjectVersion") {
      data.version = trim(child.text().get());
    }
  }
  return data;
}

}  // namespace ot::parsers::digsi5
