#include "agent/service/kept.hpp"

#include "tests/catch.hpp"

namespace ot::agent {
namespace {

std::shared_ptr<const int> number(int value) {
  return std::make_shared<const int>(value);
}

}  // namespace

TEST_CASE("what was kept is found until the store changes", "[kept]") {
  Kept<int> kept(10);
  kept.keep("a", 1, number(7), 1);
  REQUIRE(kept.find("a", 1));
  CHECK(*kept.find("a", 1) == 7);
  CHECK_FALSE(kept.find("b", 1));
  CHECK_FALSE(kept.find("a", 2));
  CHECK_FALSE(kept.find("a", 1));  // and is not kept any longer
}

TEST_CASE("what was used last stays, as long as all of it is not too much", "[kept]") {
  Kept<int> kept(10);
  kept.keep("a", 1, number(1), 4);
  kept.keep("b", 1, number(2), 4);
  CHECK(kept.find("a", 1));
  kept.keep("c", 1, number(3), 4);
  CHECK(kept.find("a", 1));
  CHECK_FALSE(kept.find("b", 1));
  CHECK(kept.find("c", 1));
  kept.keep("d", 1, number(4), 11);  // more than all: nothing makes room for it
  CHECK_FALSE(kept.find("d", 1));
  CHECK(kept.find("a", 1));
  kept.clear();
  CHECK_FALSE(kept.find("a", 1));
}

TEST_CASE("of many small things the oldest goes", "[kept]") {
  Kept<int> kept(1000);
  for (int i = 0; i < 100; ++i) {
    kept.keep(std::to_string(i), 1, number(i), 1);
  }
  CHECK_FALSE(kept.find("0", 1));
  CHECK(kept.find("99", 1));
}

}  // namespace ot::agent
