// Real files that are not ours to distribute: each folder below shared/ names one
// in `source` and holds what a reader of the file found in it. Where the files
// are not there, the test says so and passes.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kExpectations = fs::path(RACKSCOUT_TESTS_DIR) / "parsers" / "shared";

/// Beside the checkout, or wherever RACKSCOUT_SHARED_DATA says.
fs::path shared_data() {
  const char* named = std::getenv("RACKSCOUT_SHARED_DATA");
  return named != nullptr ? fs::path(named)
                          : fs::path(RACKSCOUT_TESTS_DIR) / ".." / ".." / "shared" / "data";
}

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

/// The file itself, or a copy behind a prefix that makes a fragment whole.
fs::path with_prefix(const fs::path& folder, const fs::path& source, const TemporaryFolder& made) {
  if (!fs::exists(folder / "prefix.txt")) {
    return source;
  }
  const auto whole = made.path() / source.filename();
  std::ofstream(whole, std::ios::binary) << content_of(folder / "prefix.txt") << content_of(source);
  return whole;
}

void check(const Json& expected, const Result<Json>& actual) {
  if (expected.contains("error")) {
    REQUIRE_FALSE(actual.has_value());
    CHECK_THAT(actual.error().text(), Catch::Contains(expected["error"].get<std::string>()));
    return;
  }
  INFO((actual ? "" : actual.error().text()));
  REQUIRE(actual.has_value());
  if (expected["projectFile"].is_null()) {
    CHECK(actual->is_null());
    return;
  }
  CHECK(difference(expected, *actual) == "");
}

}  // namespace

TEST_CASE("real files give what a reader found in them", "[parsers][shared]") {
  const auto data = shared_data();
  if (!fs::is_directory(data)) {
    WARN("skipped: no shared data at " << data);
    return;
  }
  const TemporaryFolder made;
  for (const auto& entry : fs::directory_iterator(kExpectations)) {
    if (!entry.is_directory()) {
      continue;
    }
    DYNAMIC_SECTION(entry.path().filename().string()) {
      const auto source = data / first_line(entry.path() / "source");
      REQUIRE(fs::exists(source));
      check(Json::parse(content_of(entry.path() / "expected.json")),
            parsed(with_prefix(entry.path(), source, made)));
    }
  }
}

}  // namespace ot::tests
