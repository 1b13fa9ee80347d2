#include <filesystem>
#include <fstream>

#include "agent/config/read.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::agent::test {
namespace {

namespace fs = std::filesystem;

/// Folders in a folder, and what is found of a configuration that watches some of them.
class Folders {
 public:
  std::string path(const std::string& name) const {
    return (fs::canonical(folder_.path()) / name).string();
  }
  void make(const std::string& name) const { fs::create_directories(path(name)); }
  void link(const std::string& name, const std::string& to) const {
    fs::create_symlink(path(to), path(name));
  }

  std::vector<Finding> findings(const std::vector<std::string>& names) const {
    std::string text;
    for (const auto& name : names) {
      text += "[[folder]]\npath = \"" + path(name) + "\"\n";
    }
    return read_config(text, "rackscout.toml").findings;
  }

 private:
  tests::TemporaryFolder folder_;
};

bool says_within(const Finding& finding, const std::string& outer) {
  return !finding.is_mistake() &&
         finding.message.find("lies within \"" + outer + "\"") != std::string::npos;
}

}  // namespace

TEST_CASE("a folder that is a link out of another one is no part of it", "[config]") {
  const Folders folders;
  folders.make("projects");
  folders.make("archive/hall1");
  folders.link("projects/old", "archive");
  CHECK(folders.findings({"projects", "projects/old"}).empty());
  CHECK(folders.findings({"projects", "projects/old/hall1"}).empty());
}

TEST_CASE("a folder behind a link is part of another one behind it", "[config]") {
  const Folders folders;
  folders.make("projects");
  folders.make("archive/hall1");
  folders.link("projects/old", "archive");
  const auto findings =
      folders.findings({"projects", "projects/old", "projects/old/hall1", "projects/new"});
  REQUIRE(findings.size() == 2);
  CHECK(says_within(findings[0], folders.path("projects/old")));
  CHECK(says_within(findings[1], folders.path("projects")));
}

TEST_CASE("a link that stays in the folder leads to a part of it", "[config]") {
  const Folders folders;
  folders.make("projects/hall1");
  folders.link("projects/hall2", "projects/hall1");
  const auto findings = folders.findings({"projects", "projects/hall2"});
  REQUIRE(findings.size() == 1);
  CHECK(says_within(findings[0], folders.path("projects")));
}

TEST_CASE("of folders that are not there the paths are compared", "[config]") {
  const Folders folders;
  const auto findings = folders.findings({"projects", "projects/hall1"});
  REQUIRE(findings.size() == 1);
  CHECK(says_within(findings[0], folders.path("projects")));
}

TEST_CASE("one folder twice is a mistake, also when it is a link", "[config]") {
  const Folders folders;
  folders.make("projects");
  folders.link("link", "projects");
  const auto findings = folders.findings({"link", "link"});
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_mistake());
}

}  // namespace ot::agent::test
