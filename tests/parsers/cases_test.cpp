// Every folder below cases/<parser>/ holds an input and what is expected of it:
// expected.json (all that `rackscout parse` prints) or expected.err (the error).
#include <map>
#include <set>

#include "parsers/parser.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"

namespace ot::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kCases = fs::path(RACKSCOUT_TESTS_DIR) / "parsers" / "cases";

struct Case {
  std::string parser;
  std::string name;
  fs::path input;
  bool malformed = false;
};

fs::path input_in(const fs::path& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().stem() == "input") {
      return entry.path();
    }
  }
  return {};
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const auto& parser : fs::directory_iterator(kCases)) {
    if (!parser.is_directory()) {
      continue;
    }
    for (const auto& folder : fs::directory_iterator(parser.path())) {
      if (folder.is_directory()) {
        cases.push_back({parser.path().filename().string(), folder.path().filename().string(),
                         input_in(folder.path()), fs::exists(folder.path() / "expected.err")});
      }
    }
  }
  return cases;
}

void without_hashes(Json& json) {
  for (const auto* key : {"fileHash", "sha256", "size"}) {
    json["projectFile"].erase(key);
  }
}

void check_error(const Case& one, const Result<Json>& actual) {
  REQUIRE_FALSE(actual.has_value());
  const auto expected = content_of(one.input.parent_path() / "expected.err");
  CHECK(actual.error().text(one.input.filename().string()) + "\n" == expected);
}

void check_records(const Case& one, const Result<Json>& actual) {
  INFO((actual ? "" : actual.error().text()));
  REQUIRE(actual.has_value());
  auto expected = Json::parse(content_of(one.input.parent_path() / "expected.json"));
  without_hashes(expected);
  CHECK(difference(expected, *actual) == "");
  CHECK(difference(*actual, expected) == "");
}

}  // namespace

TEST_CASE("every case of a parser gives what is expected of it", "[parsers][cases]") {
  for (const auto& one : all_cases()) {
    DYNAMIC_SECTION(one.parser << "/" << one.name) {
      REQUIRE_FALSE(one.input.empty());
      const auto actual = parsed(one.input);
      one.malformed ? check_error(one, actual) : check_records(one, actual);
    }
  }
}

TEST_CASE("every registered parser has a good case and a malformed one", "[parsers][cases]") {
  std::map<std::string, std::set<bool>> kinds;
  for (const auto& one : all_cases()) {
    kinds[one.parser].insert(one.malformed);
  }
  for (const auto* parser : parsers::all()) {
    INFO(parser->name);
    CHECK(kinds[std::string(parser->name)] == std::set<bool>{false, true});
  }
}

}  // namespace ot::tests
