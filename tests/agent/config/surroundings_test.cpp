#include "agent/config/surroundings.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/config/mending.hpp"
#include "tests/catch.hpp"
#include "tests/execute.hpp"
#include "tests/temporary.hpp"

namespace ot::agent::test {
namespace {

namespace fs = std::filesystem;

/// A folder that everybody can enter, and a configuration in it.
class Plant {
 public:
  Plant() { ::chmod(folder_.path().c_str(), 0755); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  std::string folder(const std::string& name, mode_t mode) const {
    fs::create_directories(path(name));
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }
  std::string file(const std::string& name, mode_t mode, const std::string& content = "x") const {
    std::ofstream(path(name)) << content;
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }

  std::vector<Finding> check(const std::string& text, const Account& account) const {
    const auto config = file("rackscout.toml", 0644, text);
    const auto read = read_config(text, config);
    for (const auto& finding : read.findings) {
      UNSCOPED_INFO(text_of(finding));
    }
    REQUIRE(read.config.has_value());
    auto findings = check_surroundings(read, config, account);
    for (const auto& finding : findings) {
      UNSCOPED_INFO(text_of(finding) << "\n  " << finding.hint);
    }
    return findings;
  }

 private:
  tests::TemporaryFolder folder_;
};

/// Somebody without rights. Only root can try what he may.
std::optional<Account> somebody() {
  auto nobody = account_named("nobody");
  return nobody && ::geteuid() == 0 ? std::optional(*nobody) : std::nullopt;
}

std::string watched(const std::string& path) {
  return "[[folder]]\npath = \"" + path + "\"\n";
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Runs a hint as root, who needs no sudo.
int run_as_root(std::string line) {
  for (auto at = line.find("sudo "); at != std::string::npos; at = line.find("sudo ", at)) {
    line.erase(at, 5);
  }
  const auto child = ::fork();
  if (child == 0) {
    std::vector<std::string> shell = {"/bin/sh", "-c", line};
    tests::execute(shell);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
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

TEST_CASE("a private key that everybody can read is a mistake", "[config][surroundings]") {
  const Plant plant;
  const auto certificate = plant.file("tls.pem", 0644, "-----BEGIN CERTIFICATE-----\n");
  const auto key = plant.file("tls.key", 0644, "-----BEGIN PRIVATE KEY-----\n");
  const auto text = "[api]\ncertificate = \"" + certificate + "\"\nkey = \"" + key + "\"\n";
  const auto findings = plant.check(text, own_account());
  REQUIRE(findings.size() == 1);
  CHECK(holds(findings[0].message, "key: everybody can read"));
  CHECK(findings[0].hint == "sudo chmod o-rwx " + key);
  ::chmod(key.c_str(), 0600);
  CHECK(plant.check(text, own_account()).empty());
  if (const auto nobody = somebody()) {
    const auto refused = plant.check(text, *nobody);
    REQUIRE(refused.size() == 1);
    CHECK(holds(refused[0].message, "nobody can't read this file"));
    REQUIRE(run_as_root(refused[0].hint) == 0);
    CHECK(plant.check(text, *nobody).empty());
  }
}

TEST_CASE("files that don't hold what they should are mistakes", "[config][surroundings]") {
  const Plant plant;
  const auto text = "[api]\ncertificate = \"" + plant.file("tls.pem", 0644) + "\"\nkey = \"" +
                    plant.file("tls.key", 0600, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n") +
                    "\"\n[api.jwt]\nalgorithm = \"HS256\"\nkey_file = \"" +
                    plant.file("secret", 0600, "hunter2") + "\"\n";
  const auto findings = plant.check(text, own_account());
  REQUIRE(findings.size() == 3);
  CHECK(holds(findings[0].message, "no PEM certificate"));
  CHECK(holds(findings[1].message, "pass phrase"));
  CHECK(holds(findings[2].message, "shorter than 32 bytes"));
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
  REQUIRE(findings.size() == 2);
  CHECK(holds(findings[0].message, "ledger: nobody can't make files in"));
  CHECK(holds(findings[1].message, "path: nobody can't write this file"));
  REQUIRE(run_as_root(findings[0].hint) == 0);
  REQUIRE(run_as_root(findings[1].hint) == 0);
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
