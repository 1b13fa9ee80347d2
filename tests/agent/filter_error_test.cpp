#include "agent/filter_error.hpp"

#include <string>

#include "base/text.hpp"
#include "tests/catch.hpp"

namespace ot::agent {

TEST_CASE("a caret stands below the character that is meant", "[agent]") {
  const auto pointed = point_at("name: ä and vendr: x", 12);
  CHECK(pointed.text == "name: ä and vendr: x");
  CHECK(pointed.caret == "            ^");
  CHECK(point_at("", 0).caret == "^");
  CHECK(point_at("ab", 99).caret == "  ^");
  CHECK(point_at("a\tb: c", 2).text == "a b: c");
  CHECK(point_at("a\tb: c", 2).caret == "  ^");
  CHECK(point_at("a\x1b: c", 2).text == "a\\x1b: c");
  CHECK(point_at("a\x1b: c", 2).caret == "     ^");
}

TEST_CASE("of a long filter only the surroundings are shown", "[agent]") {
  const std::string filter = std::string(5'000, 'a') + "X" + std::string(5'000, 'b');
  const auto pointed = point_at(filter, 5'000);
  CHECK(display_width(pointed.text) < 80);
  CHECK(pointed.text.substr(0, 4) == "…a");
  CHECK(pointed.caret.size() == pointed.text.find('X') - 1);
}

}  // namespace ot::agent
