#include "agent/walk.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::agent {
namespace {

namespace fs = std::filesystem;

const std::atomic<bool> kGoOn{false};

}  // namespace

TEST_CASE("as many files are counted as are met", "[walk]") {
  const tests::TemporaryFolder folder;
  fs::create_directories(folder.path() / "a" / "b");
  for (const auto* name : {"one", "a/two", "a/three", "a/b/four"}) {
    std::ofstream(folder.path() / name) << name;
  }
  fs::create_symlink(folder.path() / "one", folder.path() / "link");
  REQUIRE(::mkfifo((folder.path() / "pipe").c_str(), 0600) == 0);
  std::uint64_t met = 0;
  walk(folder.path().string(), [&met](const std::string&, const store::FileStamp&) {
    ++met;
    return true;
  });
  CHECK(met == 4);
  CHECK(count_files(folder.path().string(), kGoOn) == met);
}

TEST_CASE("a plain file counts as one, a missing one as none", "[walk]") {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "one";
  std::ofstream(file) << "x";
  CHECK(count_files(file.string(), kGoOn) == 1);
  CHECK(count_files((folder.path() / "none").string(), kGoOn) == 0);
}

}  // namespace ot::agent
