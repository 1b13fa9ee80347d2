#include "agent/watch/tree.hpp"

#include <set>

#include "tests/catch.hpp"

namespace ot::agent::watch {
namespace {

/// A tree with "/srv" watched by 1, and the watches that it dropped.
struct Planted {
  Tree tree;
  std::set<int> dropped;
  Tree::Drop drop = [this](int watch) { dropped.insert(watch); };

  explicit Planted(const std::string& root = "/srv") { tree.reset(root, 1); }

  Tree::Node put(const std::string& parent, const std::string& name, int watch) {
    const auto node = tree.put(*tree.find(parent), name, watch, drop);
    REQUIRE(node.has_value());
    return *node;
  }
};

}  // namespace

TEST_CASE("a folder's path is put together from those above it", "[watch][tree]") {
  Planted planted;
  planted.put("/srv", "b", 2);
  planted.put("/srv", "a", 3);
  planted.put("/srv/a", "c", 4);
  auto& tree = planted.tree;
  CHECK(tree.path(*tree.at(4)) == "/srv/a/c");
  CHECK(tree.path(*tree.at(4), "one.cfg") == "/srv/a/c/one.cfg");
  CHECK(tree.path(*tree.at(1)) == "/srv");
  CHECK(tree.find("/srv/a/c") == tree.at(4));
  CHECK(tree.find("/srv") == tree.at(1));
  CHECK_FALSE(tree.find("/srv/a/d"));
  CHECK_FALSE(tree.find("/other"));
  CHECK(tree.size() == 4);
}

TEST_CASE("the root of all is a root like others", "[watch][tree]") {
  Planted planted("/");
  planted.put("/", "srv", 2);
  CHECK(planted.tree.path(*planted.tree.at(2), "one.cfg") == "/srv/one.cfg");
  CHECK(planted.tree.find("/srv") == planted.tree.at(2));
}

TEST_CASE("a folder that leaves takes all below it along", "[watch][tree]") {
  Planted planted;
  planted.put("/srv", "a", 2);
  planted.put("/srv/a", "b", 3);
  planted.put("/srv/a/b", "c", 4);
  planted.put("/srv", "d", 5);
  planted.tree.remove(*planted.tree.find("/srv/a"), planted.drop);
  CHECK(planted.dropped == std::set{2, 3, 4});
  CHECK(planted.tree.size() == 2);
  CHECK_FALSE(planted.tree.find("/srv/a"));
  CHECK(planted.tree.path(*planted.tree.at(5)) == "/srv/d");
  planted.put("/srv", "a", 6);
  CHECK_FALSE(planted.tree.find("/srv/a/b"));
}

TEST_CASE("another folder under the same name replaces it", "[watch][tree]") {
  Planted planted;
  planted.put("/srv", "a", 2);
  planted.put("/srv/a", "b", 3);
  planted.put("/srv", "a", 4);
  CHECK(planted.dropped == std::set{2, 3});
  CHECK(planted.tree.at(4) == planted.tree.find("/srv/a"));
  CHECK_FALSE(planted.tree.find("/srv/a/b"));
}

TEST_CASE("the same folder met under another name keeps its watch", "[watch][tree]") {
  Planted planted;
  planted.put("/srv", "a", 2);
  planted.put("/srv/a", "b", 3);
  planted.put("/srv", "z", 2);
  CHECK(planted.dropped == std::set{3});
  CHECK(planted.tree.path(*planted.tree.at(2)) == "/srv/z");
  CHECK_FALSE(planted.tree.find("/srv/a"));
}

TEST_CASE("a folder that is mounted below itself is not entered again", "[watch][tree]") {
  Planted planted;
  planted.put("/srv", "a", 2);
  planted.put("/srv/a", "b", 3);
  CHECK_FALSE(planted.tree.put(*planted.tree.find("/srv/a/b"), "again", 2, planted.drop));
  CHECK_FALSE(planted.tree.put(*planted.tree.find("/srv/a/b"), "again", 1, planted.drop));
  CHECK(planted.dropped.empty());
  CHECK(planted.tree.size() == 3);
}

TEST_CASE("a folder takes less than 200 bytes", "[watch][tree]") {
  Planted planted;
  for (int i = 0; i < 10'000; ++i) {
    const auto parent = i < 100 ? "/srv" : "/srv/project " + std::to_string(i % 100);
    planted.put(parent, "project " + std::to_string(i), i + 2);
  }
  CHECK(planted.tree.size() == 10'001);
  CHECK(planted.tree.bytes() / planted.tree.size() < 200);
}

}  // namespace ot::agent::watch
