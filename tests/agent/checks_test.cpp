#include "agent/checks.hpp"

#include "tests/catch.hpp"

using ot::agent::number_between;

TEST_CASE("numbers within their bounds are taken", "[checks]") {
  for (const auto* text : {"1", "20", "1000"}) {
    CHECK(number_between(1, 1000)(text).empty());
  }
  CHECK(number_between(0, 1000)("0").empty());
}

TEST_CASE("what is no number or out of bounds is refused and quoted", "[checks]") {
  for (const auto* text : {"", "0", "-1", "+1", "1.5", "1001", "x", "99999999999999999999999"}) {
    CHECK(number_between(1, 1000)(text) ==
          "\"" + std::string(text) + "\" is no whole number from 1 to 1000");
  }
}
