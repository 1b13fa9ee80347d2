#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "store/lock.hpp"
#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {

TEST_CASE("a store has one writer at a time, and another is told so at once", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto writer = std::optional(open(path));
  const FileId row = begin(*writer, {.assets = {cpu("S1", "A1")}});
  const auto second = Store::open(path, Mode::read_write);
  REQUIRE_FALSE(second.has_value());
  CHECK(second.error().code() == Errc::io);
  CHECK(second.error().message().find("another rackscout is writing to the store") !=
        std::string::npos);
  CHECK(second.error().hint() ==
        "wait until it has ended, or stop the service that has it, or use another "
        "--store");
  finish(*writer, row, {.assets = {cpu("S1", "A1")}});
  CHECK(writer->commit().has_value());

  SECTION("readers are not hindered") {
    auto reader = open(path, Mode::read_only);
    CHECK(assets(reader).size() == 1);
  }
  SECTION("a link to the store is the same store") {
    std::filesystem::create_symlink(path, folder.path("link.db"));
    CHECK_FALSE(Store::open(folder.path("link.db"), Mode::read_write).has_value());
  }
  SECTION("another store is free") {
    CHECK(Store::open(folder.path("other.db"), Mode::read_write).has_value());
  }
  SECTION("the next one may write when it is closed") {
    writer.reset();
    CHECK(Store::open(path, Mode::read_write).has_value());
  }
  SECTION("a moved store keeps its lock") {
    const Store moved = std::move(*writer);
    writer.reset();
    CHECK_FALSE(Store::open(path, Mode::read_write).has_value());
  }
}

TEST_CASE("a store that can't be opened is not locked for longer", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  std::filesystem::create_directory(path);
  CHECK_FALSE(Store::open(path, Mode::read_write).has_value());
  std::filesystem::remove(path);
  CHECK(Store::open(path, Mode::read_write).has_value());
}

TEST_CASE("beside a file that is no store no lock is left", "[store]") {
  Folder folder;
  const std::string path = folder.path("README.md");
  std::ofstream(path) << "# A text that SQLite did not write\n";
  CHECK_FALSE(Store::open(path, Mode::read_write).has_value());
  CHECK_FALSE(std::filesystem::exists(path + ".lock"));

  SECTION("but one that was there stays") {
    std::ofstream(path + ".lock") << "";
    CHECK_FALSE(Store::open(path, Mode::read_write).has_value());
    CHECK(std::filesystem::exists(path + ".lock"));
  }
}

TEST_CASE("a lock that was removed is no lock, and the next writer makes another", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto first = WriterLock::take(path);
  REQUIRE(first.has_value());
  first->leave_nothing();
  CHECK(WriterLock::take(path).has_value());
}

TEST_CASE("only the owner can touch the file that locks a store", "[store]") {
  Folder folder;
  const mode_t before = ::umask(0);
  const std::string path = folder.path("s.db");
  open(path);
  ::umask(before);
  struct stat status {};
  REQUIRE(::stat((path + ".lock").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

}  // namespace ot::store::test
