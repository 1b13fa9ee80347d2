#include "tests/agent/config/surroundings.hpp"

#include <filesystem>

#include <sys/stat.h>

#include "agent/config/mending.hpp"
#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

std::string watched(const std::string& path) {
  return "[[folder]]\npath = \"" + path + "\"\n";
}

}  // namespace

TEST_CASE("a folder that can be read is no finding", "[config][surroundings]") {
  const Plant plant;
  const auto folder = plant.folder("projects", 0755);
  plant.file("projects/a.cfg", 0644);
  CHECK(plant.check(watched(folder), somebody().value_or(own_account())).empty());
}

TEST_CASE("a folder that is not there is told with its neighbours", "[config][surroundings]") {
  const Plant plant;
  plant.folder("projects", 0755);
  const auto findings = plant.check(watched(plant.path("project/hall1")), own_account());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_mistake());
  CHECK(findings[0].at == TextPlace{2, 8});
  CHECK(findings[0].message ==
        "path: there is no \"" + plant.path("project") + "\"; did you mean \"projects\"?");
}

TEST_CASE("a file is no folder", "[config][surroundings]") {
  const Plant plant;
  const auto findings = plant.check(watched(plant.file("projects", 0644)), own_account());
  REQUIRE(findings.size() == 1);
  CHECK(holds(findings[0].message, "is no folder"));
}

TEST_CASE("a folder that the user can't read is mended by the line that is told",
          "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  plant.folder("srv", 0750);
  plant.folder("srv/Hall 1", 0700);
  const auto folder = plant.folder("srv/Hall 1/projects", 0700);
  plant.file("srv/Hall 1/projects/a.cfg", 0600);
  const auto findings = plant.check(watched(folder), *nobody);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_mistake());
  CHECK(holds(findings[0].message, "nobody can't read this folder: \"" + plant.path("srv") +
                                       "\" (root:root, mode 0750) refuses it"));
  REQUIRE(run_as_root(findings[0].hint) == 0);
  CHECK(plant.check(watched(folder), *nobody).empty());
}

TEST_CASE("rights by an access list count", "[config][surroundings]") {
  const auto nobody = somebody();
  const Plant plant;
  const auto folder = plant.folder("projects", 0700);
  if (!nobody || run_as_root("setfacl -m u:nobody:rx " + folder + " 2>/dev/null") != 0) {
    return;
  }
  CHECK(plant.check(watched(folder), *nobody).empty());
}

TEST_CASE("a file below that the user can't read is a warning", "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  const auto folder = plant.folder("projects", 0755);
  plant.folder("projects/hall1", 0755);
  plant.file("projects/hall1/a.cfg", 0600);
  plant.folder("projects/private", 0700);
  const auto findings = plant.check(watched(folder), *nobody);
  REQUIRE(findings.size() == 1);
  CHECK_FALSE(findings[0].is_mistake());
  CHECK(holds(findings[0].message, "2 of the 3 files and folders"));
  REQUIRE(run_as_root(findings[0].hint) == 0);
  CHECK(plant.check(watched(folder), *nobody).empty());
}

TEST_CASE("a folder behind a link is tried where it lies", "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  plant.folder("closed", 0700);
  plant.folder("closed/projects", 0755);
  fs::create_symlink(plant.path("closed/projects"), plant.path("link"));
  const auto findings = plant.check(watched(plant.path("link")), *nobody);
  REQUIRE(findings.size() == 1);
  CHECK(holds(findings[0].message, "\"" + plant.path("closed") + "\""));
}

TEST_CASE("trying as somebody else changes nothing about us", "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const auto before = own_account();
  CHECK(try_access(*nobody, "/root", Want::list).value().granted() == false);
  const auto after = own_account();
  CHECK(after.uid == before.uid);
  CHECK(after.groups == before.groups);
}

TEST_CASE("every malformed line of a file of exclusions is found there", "[config][surroundings]") {
  const Plant plant;
  const auto file = plant.file("exclude", 0644, "10.0.0.5\nplc-7\n\n# safety\n10.0.0.0/33 # x\n");
  const auto findings =
      plant.check("[safety]\nexclude_files = [\"" + file + "\"]\n", own_account());
  REQUIRE(findings.size() == 2);
  CHECK(findings[0].file == file);
  CHECK(findings[0].at.line == 2);
  CHECK(findings[1].at.line == 5);
}

TEST_CASE("files that must be there are missed, files that are made are not",
          "[config][surroundings]") {
  const Plant plant;
  const auto missing = plant.path("missing");
  CHECK(plant.check("[safety]\nledger = \"" + missing + "\"\n", own_account()).empty());
  CHECK(plant.check("[api]\ntoken_file = \"" + missing + "\"\n", own_account()).empty());
  CHECK(plant.check("[store]\npath = \"" + missing + "\"\n", own_account()).empty());
  const auto findings = plant.check("[safety]\nexclude_files = [\"" + missing + "\"]\n" +
                                        "ledger = \"" + missing + "/x\"\nstop_file = \"" + missing +
                                        "/stop\"\n[store]\npath = \"" + missing + "/x\"\n",
                                    own_account());
  REQUIRE(findings.size() == 4);
  CHECK(holds(findings[0].message, "exclude_files: there is no"));
  CHECK(holds(findings[1].message, "ledger: there is no folder"));
  CHECK_FALSE(findings[2].is_mistake());
  CHECK(holds(findings[3].hint, "sudo install -d"));
}

TEST_CASE("what the user can't write is mended by the line that is told",
          "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  plant.folder("log", 0755);
  const auto text = "[safety]\nledger = \"" + plant.path("log/frames.ndjson") + "\"\n" +
                    "[store]\npath = \"" + plant.file("plant.db", 0600) + "\"\n";
  const auto findings = plant.check(text, *nobody);
  REQUIRE(findings.size() == 3);
  CHECK(holds(findings[0].message, "ledger: nobody can't make files in"));
  CHECK(holds(findings[1].message, "path: nobody can't make files in"));
  CHECK(holds(findings[2].message, "path: nobody can't write this file"));
  for (const auto& finding : findings) {
    REQUIRE(run_as_root(finding.hint) == 0);
  }
  CHECK(plant.check(text, *nobody).empty());
}

TEST_CASE("a store whose folder takes no new files is a mistake, also where it is there",
          "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  plant.folder("store", 0755);
  const auto text = "[store]\npath = \"" + plant.file("store/plant.db", 0666) + "\"\n";
  const auto findings = plant.check(text, *nobody);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_mistake());
  CHECK(holds(findings[0].message,
              "path: nobody can't make files in \"" + plant.path("store") + "\""));
  REQUIRE(run_as_root(findings[0].hint) == 0);
  CHECK(plant.check(text, *nobody).empty());
}

TEST_CASE("a stop file that is there is told", "[config][surroundings]") {
  const Plant plant;
  const auto findings =
      plant.check("[safety]\nstop_file = \"" + plant.file("stop", 0644) + "\"\n", own_account());
  REQUIRE(findings.size() == 1);
  CHECK_FALSE(findings[0].is_mistake());
  CHECK(holds(findings[0].message, "nothing is asked"));
}

TEST_CASE("a serial line that is none, or not there, is told", "[config][surroundings]") {
  const Plant plant;
  const auto findings =
      plant.check("[[probe]]\nname = \"a\"\ntargets = [\"" + plant.path("ttyUSB0") + "\", \"" +
                      plant.file("ttyS0", 0644) + "\"]\n",
                  own_account());
  REQUIRE(findings.size() == 2);
  CHECK_FALSE(findings[0].is_mistake());
  CHECK(findings[1].is_mistake());
  CHECK(holds(findings[1].message, "is no serial device"));
}

TEST_CASE("a configuration that everybody may write is a mistake", "[config][surroundings]") {
  const Plant plant;
  const auto file = plant.file("open.toml", 0666, "site = \"x\"\n");
  const auto findings = check_surroundings(load_config(file).value(), file, own_account());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].hint == "sudo chmod o-w " + file);
}

TEST_CASE("paths are words of a shell", "[config][surroundings]") {
  CHECK(shell_word("/srv/a-b_1.x") == "/srv/a-b_1.x");
  CHECK(shell_word("/srv/Hall 1") == "'/srv/Hall 1'");
  CHECK(shell_word("/srv/$(x)'s") == "'/srv/$(x)'\\''s'");
  CHECK(shell_word("") == "''");
}

}  // namespace ot::agent::test
