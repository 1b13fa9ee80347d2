#include "agent/whole_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/stat.h>
#include <unistd.h>

#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

std::string text_in(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::ptrdiff_t files_in(const std::string& folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

}  // namespace

TEST_CASE("a file is written whole, and only its owner may open it", "[whole-file]") {
  const store::test::Folder folder;
  const auto path = folder.path("token");
  CHECK(write_whole(path, "one\n", IfThere::keep) == true);
  CHECK(text_in(path) == "one\n");
  CHECK(mode_of(path) == 0600);
  CHECK(files_in(folder.path("")) == 1);
}

TEST_CASE("a file that is there is kept or replaced, as was asked for", "[whole-file]") {
  const store::test::Folder folder;
  const auto path = folder.path("rackscout.toml");
  REQUIRE(write_whole(path, "one\n", IfThere::keep));
  CHECK(write_whole(path, "two\n", IfThere::keep) == false);
  CHECK(text_in(path) == "one\n");
  CHECK(write_whole(path, "three\n", IfThere::replace, {.mode = 0640, .group = ::getegid()}) ==
        true);
  CHECK(text_in(path) == "three\n");
  CHECK(mode_of(path) == 0640);
  CHECK(files_in(folder.path("")) == 1);
}

TEST_CASE("what can't be written leaves nothing and says why", "[whole-file]") {
  const store::test::Folder folder;
  const auto nowhere = folder.path("missing/token");
  const auto written = write_whole(nowhere, "one", IfThere::replace);
  REQUIRE_FALSE(written);
  CHECK(written.error().text() == "create it: No such file or directory");

  const auto taken = folder.path("folder");
  std::filesystem::create_directory(taken);
  CHECK_FALSE(write_whole(taken, "one", IfThere::replace));
  CHECK(files_in(folder.path("")) == 1);
}
