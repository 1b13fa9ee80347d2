// Every folder below cases/ holds a rackscout.toml, the findings that are
// expected of it, as `rackscout config check` prints them, and, where it has no
// mistake, effective.toml: all that holds then, as `rackscout config show` does.
#include <filesystem>

#include "agent/config/config_text.hpp"
#include "agent/config/read.hpp"
#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"

namespace ot::agent::test {
namespace {

namespace fs = std::filesystem;

std::string findings_text(const std::vector<Finding>& findings) {
  std::string text;
  for (const auto& finding : findings) {
    text += text_of(finding) + "\n";
    text += finding.hint.empty() ? "" : "  " + finding.hint + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("every configuration gives the findings that are expected of it", "[config][cases]") {
  std::size_t good = 0;
  std::size_t bad = 0;
  for (const auto& folder : fs::directory_iterator(RACKSCOUT_TESTS_DIR "/agent/config/cases")) {
    DYNAMIC_SECTION(folder.path().filename().string()) {
      const auto text = tests::content_of(folder.path() / "rackscout.toml");
      const auto read = read_config(text, "rackscout.toml");
      CHECK(findings_text(read.findings) == tests::content_of(folder.path() / "expected"));
      CHECK(read.config.has_value() != has_mistakes(read.findings));
      CHECK((read.config ? config_text(*read.config) : "") ==
            tests::content_of(folder.path() / "effective.toml"));
    }
    ++(fs::exists(folder.path() / "effective.toml") ? good : bad);
  }
  CHECK(good >= 5);
  CHECK(bad >= 25);
}

}  // namespace ot::agent::test
