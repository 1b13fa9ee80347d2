#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ot::agent {

/// A line of a tree: its cells are lined up with those of its siblings.
struct TreeNode {
  std::vector<std::string> cells;
  std::vector<TreeNode> children;
};

/// Box-drawing characters where they can be shown, ASCII otherwise.
enum class Branches { unicode, ascii };

/// The tree as lines. Cells are escaped for the terminal.
std::string render_tree(const TreeNode& root, Branches branches);

/// Lines of cells, lined up, each behind `indent`; escaped for the terminal.
std::string render_rows(const std::vector<std::vector<std::string>>& rows, std::string_view indent);

}  // namespace ot::agent
