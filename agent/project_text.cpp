#include "agent/project_text.hpp"

#include "agent/json_text.hpp"
#include "agent/records_json.hpp"

namespace ot::agent {
namespace {

/// Puts texts of JSON values into one another, each on lines of its own unless
/// all shall be one line.
class Nesting {
 public:
  Nesting(bool compact, const std::function<void(std::string_view)>& sink)
      : compact_(compact), sink_(sink) {}

  void write(std::string_view text) { sink_(text); }
  void new_line(int depth) {
    if (!compact_) {
      sink_("\n" + std::string(static_cast<std::size_t>(depth), ' '));
    }
  }
  void key(std::string_view name, int depth) {
    new_line(depth);
    sink_("\"" + std::string(name) + (compact_ ? "\":" : "\": "));
  }
  /// The value, of which the first line stands behind what is there already.
  std::string text(const Json& value, int depth) const {
    if (compact_) {
      return json_text(value, -1);
    }
    return indented(json_text(value, 2), depth).substr(static_cast<std::size_t>(depth));
  }

 private:
  bool compact_;
  const std::function<void(std::string_view)>& sink_;
};

/// The elements of a list, each written by `write_element`, and its end.
template <class Element, class Write>
void write_list(const std::vector<Element>& elements, int depth, Nesting& out,
                const Write& write_element) {
  out.write("[");
  bool first = true;
  for (const auto& element : elements) {
    out.write(first ? "" : ",");
    out.new_line(depth + 2);
    write_element(element);
    first = false;
  }
  if (!first) {
    out.new_line(depth);
  }
  out.write("]");
}

void write_asset(const Asset& asset, Nesting& out) {
  auto text = out.text(parsed_asset_json(asset), 4);
  if (asset.add_ons.empty()) {
    return out.write(text);
  }
  // The asset's object stays open at its end: the add-ons are its last member.
  text.erase(text.find_last_not_of(" \n", text.size() - 2) + 1);
  out.write(text + ",");
  out.key("addOns", 6);
  write_list(asset.add_ons, 6, out,
             [&out](const AddOn& add_on) { out.write(out.text(parsed_add_on_json(add_on), 8)); });
  out.new_line(4);
  out.write("}");
}

}  // namespace

void write_project(const Project& project, const store::StoredFile& file, bool compact,
                   const std::function<void(std::string_view)>& sink) {
  Nesting out(compact, sink);
  out.write("{");
  out.key("projectFile", 2);
  out.write(out.text(project_head_json(project, file), 2) + ",");
  out.key("assets", 2);
  write_list(project.assets, 2, out, [&out](const Asset& asset) { write_asset(asset, out); });
  out.write(",");
  out.key("warnings", 2);
  out.write(out.text(warnings_json(project.warnings), 2));
  out.new_line(0);
  out.write("}\n");
}

}  // namespace ot::agent
