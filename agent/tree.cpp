#include "agent/tree.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ot::agent {
namespace {

struct Glyphs {
  std::string_view fork;
  std::string_view corner;
  std::string_view trunk;
  std::string_view blank;
};

constexpr Glyphs kUnicode = {"├─ ", "└─ ", "│  ", "   "};
constexpr Glyphs kAscii = {"|- ", "`- ", "|  ", "   "};

std::vector<std::size_t> cell_widths(const std::vector<TreeNode>& siblings) {
  std::vector<std::size_t> widths;
  for (const auto& node : siblings) {
    widths.resize(std::max(widths.size(), node.cells.size()));
    // A lone cell is a heading: it needs no column and makes none wider.
    for (std::size_t i = 0; i < node.cells.size() && node.cells.size() > 1; ++i) {
      widths[i] = std::max(widths[i], display_width(escape_for_terminal(node.cells[i])));
    }
  }
  return widths;
}

std::string joined(const TreeNode& node, const std::vector<std::size_t>& widths) {
  std::string line;
  std::size_t due = 0;   // where the next cell begins
  std::size_t used = 0;  // columns already written
  for (std::size_t i = 0; i < node.cells.size(); ++i) {
    const auto cell = escape_for_terminal(node.cells[i]);
    if (!cell.empty()) {
      line.append(due - used, ' ').append(cell);
      used = due + display_width(cell);
    }
    due = std::max(due + (widths[i] > 0 ? widths[i] + 2 : 0), used);
  }
  return line;
}

/// As deep as the tree was built by us: station, bus, device, slot, sub-slot.
void append_children(std::string& out, const TreeNode& parent, const std::string& indent,
                     const Glyphs& glyphs) {
  const auto widths = cell_widths(parent.children);
  for (const auto& child : parent.children) {
    const bool last = &child == &parent.children.back();
    out.append(indent).append(last ? glyphs.corner : glyphs.fork);
    out.append(joined(child, widths)).append("\n");
    append_children(out, child, indent + std::string(last ? glyphs.blank : glyphs.trunk), glyphs);
  }
}

}  // namespace

std::string render_tree(const TreeNode& root, Branches branches) {
  auto out = joined(root, cell_widths({root})) + "\n";
  append_children(out, root, "", branches == Branches::unicode ? kUnicode : kAscii);
  return out;
}

std::string render_rows(const std::vector<std::vector<std::string>>& rows,
                        std::string_view indent) {
  std::vector<TreeNode> nodes;
  nodes.reserve(rows.size());
  for (const auto& cells : rows) {
    nodes.push_back({cells, {}});
  }
  const auto widths = cell_widths(nodes);
  std::string out;
  for (const auto& node : nodes) {
    out.append(indent).append(joined(node, widths)).append("\n");
  }
  return out;
}

}  // namespace ot::agent
