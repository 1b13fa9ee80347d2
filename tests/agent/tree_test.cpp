#include "agent/tree.hpp"

#include "tests/catch.hpp"

using namespace ot::agent;

TEST_CASE("a tree draws its branches", "[tree]") {
  const TreeNode root{{"AS01"}, {{{"rack 0"}, {{{"slot 1"}, {}}}}, {{"rack 1"}, {}}}};
  CHECK(render_tree(root, Branches::unicode) ==
        "AS01\n"
        "├─ rack 0\n"
        "│  └─ slot 1\n"
        "└─ rack 1\n");
  CHECK(render_tree(root, Branches::ascii) ==
        "AS01\n"
        "|- rack 0\n"
        "|  `- slot 1\n"
        "`- rack 1\n");
}

TEST_CASE("siblings of a tree are lined up", "[tree]") {
  const TreeNode root{{"R"}, {{{"slot 1", "PS", "6ES7"}, {}}, {{"slot 10", "CPU 318", "6AB"}, {}}}};
  CHECK(render_tree(root, Branches::ascii) ==
        "R\n"
        "|- slot 1   PS       6ES7\n"
        "`- slot 10  CPU 318  6AB\n");
}

TEST_CASE("a heading does not widen the columns of its siblings", "[tree]") {
  const TreeNode root{{"R"}, {{{"a very long heading"}, {}}, {{"a", "b"}, {}}}};
  CHECK(render_tree(root, Branches::ascii) == "R\n|- a very long heading\n`- a  b\n");
}

TEST_CASE("empty cells leave no blanks at the end of a line", "[tree]") {
  CHECK(render_rows({{"a", "", ""}, {"bb", "", "c"}}, "  ") == "  a\n  bb  c\n");
}

TEST_CASE("a name from a file cannot break the lines of a tree", "[tree]") {
  const auto text = render_tree({{"a\nb\x1b[1m"}, {}}, Branches::ascii);
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(text.find('\x1b') == std::string::npos);
}
