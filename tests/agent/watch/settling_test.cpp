#include "agent/watch/settling.hpp"

#include "tests/catch.hpp"

namespace ot::agent::watch {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Paths = std::vector<std::string>;

constexpr seconds kSettle{2};

Moment at(milliseconds time) {
  return Moment{} + time;
}

}  // namespace

TEST_CASE("a path is due when it was left alone for the settle time", "[watch][settling]") {
  Settling settling(kSettle);
  CHECK_FALSE(settling.due());
  settling.touch("/a", Sign::closed, at(seconds(0)));
  settling.touch("/a", Sign::closed, at(seconds(1)));
  CHECK(settling.due() == at(seconds(3)));
  CHECK(settling.take(at(milliseconds(2999))).changed.empty());
  CHECK(settling.take(at(seconds(3))).changed == Paths{"/a"});
  CHECK(settling.take(at(seconds(9))).changed.empty());
  CHECK_FALSE(settling.due());
}

TEST_CASE("a file that is still open is waited for longer, until it is closed",
          "[watch][settling]") {
  Settling settling(kSettle);
  settling.touch("/a", Sign::opened, at(seconds(0)));
  settling.touch("/a", Sign::altered, at(seconds(1)));
  CHECK(settling.due() == at(seconds(21)));
  settling.touch("/a", Sign::closed, at(seconds(5)));
  CHECK(settling.due() == at(seconds(7)));
}

TEST_CASE("the last sign says whether a path is gone", "[watch][settling]") {
  Settling settling(kSettle);
  settling.touch("/a", Sign::closed, at(seconds(0)));
  settling.touch("/a", Sign::gone, at(seconds(0)));
  settling.touch("/b", Sign::gone, at(seconds(0)));
  settling.touch("/b", Sign::closed, at(seconds(0)));
  const auto rested = settling.take(at(seconds(2)));
  CHECK(rested.gone == Paths{"/a"});
  CHECK(rested.changed == Paths{"/b"});
}

TEST_CASE("a folder that is gone covers what was dirty below it", "[watch][settling]") {
  Settling settling(kSettle);
  for (const auto* path : {"/a/b", "/a/c/d", "/a.cfg", "/a0"}) {
    settling.touch(path, Sign::closed, at(seconds(0)));
  }
  settling.touch("/a", Sign::gone, at(seconds(0)));
  const auto rested = settling.take(at(seconds(2)));
  CHECK(rested.gone == Paths{"/a"});
  CHECK(rested.changed == Paths{"/a.cfg", "/a0"});
}

TEST_CASE("more paths than can be named become one look at everything", "[watch][settling]") {
  Settling settling(kSettle);
  for (std::size_t i = 0; i <= Settling::kMost; ++i) {
    settling.touch("/" + std::to_string(i), Sign::closed, at(seconds(0)));
  }
  settling.touch("/more", Sign::closed, at(seconds(1)));
  CHECK(settling.is_flooded());
  CHECK(settling.size() == 0);
  CHECK(settling.due() == at(seconds(3)));
  CHECK_FALSE(settling.take(at(seconds(2))).everything);
  CHECK(settling.take(at(seconds(3))).everything);
  CHECK_FALSE(settling.due());
}

TEST_CASE("a flood that does not end is not waited for", "[watch][settling]") {
  Settling settling(kSettle);
  for (std::size_t i = 0; i < 60 + Settling::kMost; ++i) {
    const auto time = i < Settling::kMost ? seconds(0) : seconds(i - Settling::kMost);
    settling.touch("/" + std::to_string(i), Sign::closed, at(time));
  }
  CHECK(settling.due() == at(seconds(30)));
}

TEST_CASE("a path that does not come to rest is told once", "[watch][settling]") {
  Settling settling(kSettle);
  for (int second = 0; second <= 60; ++second) {
    settling.touch("/a", Sign::closed, at(seconds(second)));
  }
  CHECK(settling.due() == at(seconds(60)));
  CHECK(settling.take(at(seconds(60))).changed.empty());
  CHECK(settling.newly_restless(at(seconds(59))).empty());
  CHECK(settling.newly_restless(at(seconds(60))) == Paths{"/a"});
  CHECK(settling.newly_restless(at(seconds(61))).empty());
  CHECK(settling.restless() == 1);
  CHECK(settling.due() == at(seconds(62)));
  CHECK(settling.take(at(seconds(62))).changed == Paths{"/a"});
  CHECK(settling.restless() == 0);
}

TEST_CASE("a path that is given back rests once more and keeps its history", "[watch][settling]") {
  Settling settling(kSettle);
  settling.touch("/a", Sign::closed, at(seconds(0)));
  for (int second = 2; second <= 60; second += 2) {
    REQUIRE(settling.take(at(seconds(second))).changed == Paths{"/a"});
    settling.put_back({"/a"}, at(seconds(second)));
  }
  CHECK(settling.newly_restless(at(seconds(61))) == Paths{"/a"});
}

TEST_CASE("a path that is given back does not hide that it is gone", "[watch][settling]") {
  Settling settling(kSettle);
  settling.touch("/a", Sign::closed, at(seconds(0)));
  settling.take(at(seconds(2)));
  settling.touch("/a", Sign::gone, at(seconds(3)));
  settling.put_back({"/a"}, at(seconds(4)));
  CHECK(settling.take(at(seconds(5))).gone == Paths{"/a"});
}

}  // namespace ot::agent::watch
