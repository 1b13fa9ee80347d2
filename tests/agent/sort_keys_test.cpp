#include "agent/sort_keys.hpp"

#include <array>

#include "tests/catch.hpp"

using ot::agent::parse_sort;

namespace {

constexpr std::array<std::string_view, 3> kTokens = {"name", "lastUpdated", "assetCount"};

/// "name+ lastUpdated-", or the error.
std::string sorted_by(std::string_view text) {
  const auto keys = parse_sort(text, kTokens);
  if (!keys) {
    return keys.error().message();
  }
  std::string out;
  for (const auto& key : *keys) {
    out += (out.empty() ? "" : " ") + key.token + (key.descending ? "-" : "+");
  }
  return out;
}

}  // namespace

TEST_CASE("sort keys may be written in several ways", "[sort]") {
  CHECK(sorted_by("lastUpdated") == "lastUpdated+");
  CHECK(sorted_by("-lastUpdated") == "lastUpdated-");
  CHECK(sorted_by("name:asc") == "name+");
  CHECK(sorted_by("name:DESC") == "name-");
  CHECK(sorted_by("-assetCount, name") == "assetCount- name+");
  CHECK(sorted_by(R"([{"lastUpdated":"dec"}])") == "lastUpdated-");
  CHECK(sorted_by(R"( [{"name":"asc"},{"assetCount":"desc"}] )") == "name+ assetCount-");
  CHECK(sorted_by("[]").empty());
}

TEST_CASE("sort tokens match in any case", "[sort]") {
  CHECK(sorted_by("LASTUPDATED") == "lastUpdated+");
}

TEST_CASE("an unknown sort token is named, with the nearest one", "[sort]") {
  CHECK(sorted_by("nmae") == R"(sort: unknown token "nmae"; did you mean "name"?)");
  CHECK(sorted_by("serial") == R"(sort: unknown token "serial")");
}

TEST_CASE("a wrong sort direction or form is wrong use", "[sort]") {
  for (const auto* text :
       {"", ",", "name,", "name:", "name:up", "[", R"([1])", R"(["name"])", R"([{"name":1}])",
        R"([{}])", R"([{"name":"up"}])", R"([{"name":"asc","assetCount":"asc"}])"}) {
    const auto keys = parse_sort(text, kTokens);
    INFO(text);
    REQUIRE_FALSE(keys.has_value());
    CHECK(keys.error().code() == ot::Errc::wrong_use);
  }
}
