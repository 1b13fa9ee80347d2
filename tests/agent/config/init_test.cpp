// How `rackscout config init` writes its file.
#include <csignal>
#include <filesystem>
#include <fstream>

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/commands.hpp"
#include "agent/config/config_text.hpp"
#include "tests/catch.hpp"
#include "tests/e2e/program.hpp"
#include "tests/execute.hpp"
#include "tests/parsers/case.hpp"
#include "tests/temporary.hpp"

namespace ot::agent::test {
namespace {

namespace fs = std::filesystem;

const std::string kMine = "site = \"mine\"\n";

struct Place {
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }
  std::string path(const std::string& name) const { return (folder.path() / name).string(); }
  std::ptrdiff_t files() const { return std::distance(fs::directory_iterator(folder.path()), {}); }

  tests::TemporaryFolder folder;
  std::string file = path("rackscout.toml");
};

std::vector<std::string> init(const std::string& file, bool force) {
  std::vector<std::string> arguments = {"config", "init", "--config", file};
  if (force) {
    arguments.emplace_back("--force");
  }
  return arguments;
}

/// As on a disk on which no file can grow.
int init_on_full_disk(const std::string& file, bool force) {
  auto arguments = init(file, force);
  arguments.insert(arguments.begin(), RACKSCOUT_PROGRAM);
  const auto child = ::fork();
  if (child == 0) {
    const rlimit none{};
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &none);
    tests::execute(arguments);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("config init --force writes through no link that lies beside the file",
          "[config][init]") {
  const Place place;
  place.write("rackscout.toml", kMine);
  place.write("victim", kMine);
  fs::create_symlink(place.path("victim"), place.file + ".new");
  CHECK(tests::rackscout(init(place.file, true)).exit_code == 0);
  CHECK(tests::content_of(place.path("victim")) == kMine);
  CHECK(tests::content_of(place.file) == initial_config());
  struct stat status {};
  REQUIRE(::stat(place.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0640);
  CHECK(place.files() == 3);
}

TEST_CASE("config init follows no link in place of the file", "[config][init]") {
  const Place place;
  fs::create_symlink(place.path("victim"), place.file);
  CHECK(tests::rackscout(init(place.file, false)).exit_code == 2);
  CHECK(place.files() == 1);
}

TEST_CASE("a configuration that can't be written whole is not written at all", "[config][init]") {
  const Place place;
  CHECK(init_on_full_disk(place.file, false) == exit_code::kOwnFailure);
  CHECK(place.files() == 0);
  place.write("rackscout.toml", kMine);
  CHECK(init_on_full_disk(place.file, true) == exit_code::kOwnFailure);
  CHECK(tests::content_of(place.file) == kMine);
  CHECK(place.files() == 1);
}

TEST_CASE("config init that finds a configuration leaves nothing beside it", "[config][init]") {
  const Place place;
  place.write("rackscout.toml", kMine);
  CHECK(tests::rackscout(init(place.file, false)).exit_code == 2);
  CHECK(tests::content_of(place.file) == kMine);
  CHECK(place.files() == 1);
}

}  // namespace ot::agent::test
