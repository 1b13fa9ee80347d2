#include "agent/survey/legs.hpp"

#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;
using namespace ot::agent::survey;

namespace {

std::string refusal(std::string_view content) {
  const auto areas = parse_targets(content, "");
  return areas ? std::string() : areas.error().text("areas.txt");
}

}  // namespace

TEST_CASE("a file of targets tells areas apart", "[survey]") {
  const auto areas = parse_targets(
      "10.0.0.9   # the gateway\n\n[Hall 1]\n10.0.0.0/30\r\n /dev/ttyUSB0\n[Empty]\n"
      "[ Hall 2 ]\n10.0.0.0/30",
      "Office");
  REQUIRE(areas);
  REQUIRE(areas->size() == 3);
  CHECK((*areas)[0].area == "Office");
  CHECK((*areas)[0].targets == std::vector<std::string>{"10.0.0.9"});
  CHECK((*areas)[1].area == "Hall 1");
  CHECK((*areas)[1].targets == std::vector<std::string>{"10.0.0.0/30", "/dev/ttyUSB0"});
  CHECK((*areas)[2].area == "Hall 2");
  CHECK((*areas)[2].targets == std::vector<std::string>{"10.0.0.0/30"});
}

TEST_CASE("a heading that is none is refused with its line", "[survey]") {
  CHECK_THAT(refusal("10.0.0.1\n[Hall 1\n"), Catch::StartsWith("areas.txt:2: "));
  CHECK_THAT(refusal("[]\n"), Catch::StartsWith("areas.txt:1: "));
  CHECK_THAT(refusal("[  ]\n"), Catch::StartsWith("areas.txt:1: "));
  CHECK_THAT(refusal("["), Catch::StartsWith("areas.txt:1: "));
  CHECK_FALSE(refusal(std::string(20'000, '\n')).empty());
}

TEST_CASE("names are not looked up offline", "[survey]") {
  ProbeOptionTexts texts;
  texts.targets = {"localhost"};
  const auto legs = legs_of(texts, {});
  REQUIRE_FALSE(legs);
  CHECK(legs.error().code() == Errc::wrong_use);
  CHECK_THAT(legs.error().message(), Catch::Contains("is a name"));
}

TEST_CASE("the same targets in the same area are one leg", "[survey]") {
  ProbeOptionTexts texts;
  texts.targets = {"10.0.0.0/30"};
  texts.area = "Hall 1";
  auto legs = legs_of(texts, {});
  REQUIRE(legs);
  legs->front().ended = now();
  auto again = legs_of(texts, {});
  REQUIRE(again);
  add_legs(*legs, *again);
  CHECK(legs->size() == 1);
  texts.area = "Hall 2";
  auto other = legs_of(texts, {});
  REQUIRE(other);
  add_legs(*legs, *other);
  CHECK(legs->size() == 2);
}
