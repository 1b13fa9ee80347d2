// `rackscout config` as its users meet it.
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "tests/catch.hpp"
#include "tests/e2e/program.hpp"
#include "tests/parsers/case.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A configuration in a folder of its own.
struct Place {
  explicit Place(const std::string& text = {}) {
    if (!text.empty()) {
      std::ofstream(file) << text;
    }
  }
  TemporaryFolder folder;
  std::string file = (folder.path() / "rackscout.toml").string();
};

const std::string kFolderThatIsThere = "[[folder]]\npath = \"/usr/share\"\n";

}  // namespace

TEST_CASE("config init writes what config check accepts", "[e2e][config]") {
  const Place place;
  const auto wrote = rackscout({"config", "init", "--config", place.file});
  CHECK(holds(wrote.err, "rackscout config check"));
  CHECK(wrote.exit_code == 0);
  struct stat status {};
  REQUIRE(::stat(place.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  const auto checked = rackscout({"config", "check", "--config", place.file});
  CHECK(checked.exit_code == 0);
  CHECK(holds(checked.err, "0 mistakes"));
  CHECK(rackscout({"config", "init", "--stdout"}).out == content_of(place.file));
}

TEST_CASE("config init replaces a configuration only when it is told to", "[e2e][config]") {
  const Place place("site = \"mine\"\n");
  const auto refused = rackscout({"config", "init", "--config", place.file});
  CHECK(refused.exit_code == 2);
  CHECK(holds(refused.err, "it is there already"));
  CHECK(content_of(place.file) == "site = \"mine\"\n");
  CHECK(rackscout({"config", "init", "--config", place.file, "--force"}).exit_code == 0);
  CHECK(content_of(place.file) == rackscout({"config", "init", "--stdout"}).out);
  CHECK(std::distance(std::filesystem::directory_iterator(place.folder.path()), {}) == 1);
}

TEST_CASE("config check prints every mistake at its place, and ends with 2", "[e2e][config]") {
  const Place place("sit = \"x\"\n[[folder]]\npath = \"srv\"\n");
  const auto run = rackscout({"config", "check", "--config", place.file});
  CHECK(run.exit_code == 2);
  CHECK(holds(run.out, place.file + ":1:1: unknown key \"sit\"; did you mean \"site\"?\n  "));
  CHECK(holds(run.out, place.file + ":3:8: path: \"srv\" is no path from the root on\n  "));
  CHECK(holds(run.err, "2 mistakes"));
}

TEST_CASE("what can't be read is told together with the mistakes", "[e2e][config]") {
  const Place place("sit = 1\n[[folder]]\npath = \"/nowhere/at/all\"\n");
  const auto run = rackscout({"config", "check", "--config", place.file});
  CHECK(run.exit_code == 2);
  CHECK(holds(run.out, "unknown key"));
  CHECK(holds(run.out, ":3:8: path: there is no \"/nowhere\""));
}

TEST_CASE("config check prints JSON for programs", "[e2e][config]") {
  const Place place("gap = \"1s\"\n");
  const auto run = rackscout({"config", "check", "--config", place.file, "--format", "json"});
  CHECK(run.exit_code == 2);
  const auto findings = Json::parse(run.out)["findings"];
  REQUIRE(findings.size() == 1);
  CHECK(findings[0]["severity"] == "mistake");
  CHECK(findings[0]["line"] == 1);
  CHECK(findings[0]["column"] == 1);
  CHECK(findings[0]["key"] == "gap");
}

TEST_CASE("nothing from a configuration drives the terminal", "[e2e][config]") {
  const Place place("site = \"x\"\n\"\\u001b[31m\" = 1\n");
  const auto run = rackscout({"config", "check", "--config", place.file});
  CHECK(run.exit_code == 2);
  CHECK_FALSE(holds(run.out, "\x1b"));
}

TEST_CASE("a configuration that is not there ends config check with 1", "[e2e][config]") {
  const Place place;
  const auto run = rackscout({"config", "check", "--config", place.file});
  CHECK(run.exit_code == 1);
  CHECK(run.out.empty());
  CHECK(holds(run.err, "No such file"));
  CHECK(holds(run.err, "rackscout config init"));
  CHECK(rackscout({"config", "check", "--config", place.folder.path().string()}).exit_code == 1);
}

TEST_CASE("RACKSCOUT_CONFIG names the configuration, and --config wins over it", "[e2e][config]") {
  const Place named(kFolderThatIsThere);
  const Place other("site = 5\n");
  CHECK(rackscout_with("RACKSCOUT_CONFIG", other.file, {"config", "check"}).exit_code == 2);
  CHECK(rackscout_with("RACKSCOUT_CONFIG", other.file, {"config", "check", "--config", named.file})
            .exit_code == 0);
}

TEST_CASE("config show prints all that holds", "[e2e][config]") {
  const Place place(kFolderThatIsThere);
  const auto toml = rackscout({"config", "show", "--config", place.file});
  CHECK(toml.exit_code == 0);
  CHECK(holds(toml.out, "path = \"/usr/share\"\n"));
  CHECK(holds(toml.out, "gap = \"100ms\"\n"));
  const auto json =
      Json::parse(rackscout({"config", "show", "--config", place.file, "--format", "json"}).out);
  CHECK(json["folder"][0]["path"] == "/usr/share");
  const Place bad("site = 5\n");
  const auto refused = rackscout({"config", "show", "--config", bad.file});
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.empty());
}

TEST_CASE("a user who is not there, or config alone, is wrong use", "[e2e][config]") {
  const Place place(kFolderThatIsThere);
  CHECK(
      rackscout({"config", "check", "--config", place.file, "--user", "nobody at all"}).exit_code ==
      2);
  CHECK(rackscout({"config"}).exit_code == 2);
  CHECK(rackscout({"config", "chek"}).exit_code == 2);
}

}  // namespace ot::tests
