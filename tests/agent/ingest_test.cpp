// Folders that change between runs and while they are read.
#include "agent/ingest.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "agent/file_reader.hpp"
#include "tests/agent/share.hpp"
#include "tests/catch.hpp"

namespace ot::agent {
namespace fs = std::filesystem;
using tests::Share;
using tests::station;
using tests::write;

TEST_CASE("a folder is read once, and again only what changed", "[ingest]") {
  Share share;
  write(share.root() / "a" / "one.cfg", station("ONE"));
  write(share.root() / "b" / "two.cfg", station("TWO"));
  write(share.root() / "router.cfg", "hostname sw1\n!\n");
  const auto first = share.ingest();
  CHECK(first.files == 3);
  CHECK(first.imported == 2);
  CHECK(first.foreign == 1);
  CHECK(first.stored.assets == 2);
  CHECK(first.stored.add_ons == 2);
  CHECK(first.stored.files == 2);

  const auto second = share.ingest();
  CHECK(second.imported == 0);
  CHECK(second.unchanged == 2);
  CHECK(second.foreign == 1);

  write(share.root() / "a" / "one.cfg", station("ONE", "another module"));
  const auto third = share.ingest();
  CHECK(third.imported == 1);
  CHECK(third.unchanged == 1);
  CHECK(share.with_status(FileStatus::deleted) == 1);
  CHECK(share.with_status(FileStatus::imported) == 2);
}

TEST_CASE("ingest --rehash reads everything and changes nothing in the lists", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  share.ingest();
  IngestOptions options;
  options.rehash = true;
  CHECK(share.ingest(options).imported == 1);
  CHECK(share.files().size() == 1);
}

TEST_CASE("what was just written is read again, for its stamp may not tell", "[ingest]") {
  Share share;
  std::ofstream(share.root() / "one.cfg") << station("ONE");
  share.ingest();
  CHECK(share.ingest().imported == 1);
  CHECK(share.files().size() == 1);
}

TEST_CASE("a file that is gone becomes Deleted, only below the paths given", "[ingest]") {
  Share share;
  write(share.root() / "a" / "one.cfg", station("ONE"));
  write(share.root() / "b" / "two.cfg", station("TWO"));
  share.ingest();
  fs::remove(share.root() / "a" / "one.cfg");
  fs::remove(share.root() / "b" / "two.cfg");
  IngestOptions only_a;
  only_a.paths = {(share.root() / "a").string()};
  CHECK(share.ingest(only_a).gone == 1);
  CHECK(share.with_status(FileStatus::deleted) == 1);
  CHECK(share.ingest().gone == 1);
  CHECK(share.with_status(FileStatus::deleted) == 2);
}

TEST_CASE("a root that is not there deletes nothing and is reported", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  share.ingest();
  fs::rename(share.root(), share.other());
  const auto summary = share.ingest();
  CHECK(summary.gone == 0);
  REQUIRE(summary.problems.size() == 1);
  CHECK(share.with_status(FileStatus::imported) == 1);
}

TEST_CASE("a folder that can't be listed keeps all that is below the root", "[ingest]") {
  if (::geteuid() == 0) {
    WARN("skipped: root may list every folder");
    return;
  }
  Share share;
  write(share.root() / "closed" / "one.cfg", station("ONE"));
  write(share.root() / "two.cfg", station("TWO"));
  share.ingest();
  fs::remove(share.root() / "two.cfg");
  fs::permissions(share.root() / "closed", fs::perms::none);
  const auto summary = share.ingest();
  fs::permissions(share.root() / "closed", fs::perms::owner_all);
  CHECK(summary.gone == 0);
  CHECK(summary.problems.size() == 1);
}

TEST_CASE("symbolic links are not followed out of the folder", "[ingest]") {
  Share share;
  write(share.other() / "outside.cfg", station("OUTSIDE"));
  fs::create_directory_symlink(share.other(), share.root() / "folder");
  fs::create_symlink(share.other() / "outside.cfg", share.root() / "file.cfg");
  fs::create_directory_symlink(share.root(), share.root() / "loop");
  const auto summary = share.ingest();
  CHECK(summary.files == 0);
  CHECK(summary.links == 3);
}

TEST_CASE("a named pipe does not hold the run up", "[ingest]") {
  Share share;
  REQUIRE(::mkfifo((share.root() / "pipe.cfg").c_str(), 0600) == 0);
  CHECK(share.ingest().files == 0);
}

TEST_CASE("a broken file fails alone, keeps its row, and is told every time", "[ingest]") {
  Share share;
  write(share.root() / "broken.dz5", "no archive at all");
  write(share.root() / "one.cfg", station("ONE"));
  const auto first = share.ingest();
  CHECK(first.imported == 1);
  REQUIRE(first.failed.size() == 1);
  CHECK(first.failed[0].error.message().find("ZIP") != std::string::npos);
  CHECK(share.with_status(FileStatus::failed) == 1);
  CHECK(share.ingest().failed.size() == 1);
  CHECK(share.files().size() == 2);
}

TEST_CASE("a project file that becomes something else leaves the list", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  share.ingest();
  write(share.root() / "one.cfg", "hostname sw1\n");
  CHECK(share.ingest().foreign == 1);
  CHECK(share.with_status(FileStatus::deleted) == 1);
  CHECK(share.store().counts()->assets == 0);
}

TEST_CASE("another plant location makes a new row; none given keeps the old one", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  IngestOptions hall;
  hall.plant_location = "Hall 3";
  share.ingest(hall);
  CHECK(share.ingest().unchanged == 1);
  hall.plant_location = "Hall 4";
  CHECK(share.ingest(hall).imported == 1);
  const auto files = share.files();
  REQUIRE(files.size() == 2);
  CHECK(share.with_status(FileStatus::deleted) == 1);
}

TEST_CASE("a run that is stopped leaves rows that the next one takes up", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  write(share.root() / "two.cfg", station("TWO"));
  const auto known = share.store().begin_imports(std::vector<store::NewImport>{
      {.path = (share.root() / "one.cfg").string()}});  // as a run that died would
  REQUIRE(known.has_value());
  CHECK(share.with_status(FileStatus::importing) == 1);
  CHECK(share.ingest().imported == 2);
  CHECK(share.files().size() == 2);
  CHECK(share.with_status(FileStatus::imported) == 2);
}

TEST_CASE("a run that is stopped before it read makes no rows", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  share.stop = true;
  const auto summary = share.ingest();
  CHECK(summary.stopped);
  CHECK(share.files().empty());
}

TEST_CASE("what an earlier run left Importing is read, wherever it lies", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  write(share.other() / "two.cfg", station("TWO"));
  const auto begun = share.store().begin_imports(std::vector<store::NewImport>{
      {.path = (share.other() / "two.cfg").string(), .place = {.plant_location = "Hall 1"}}});
  REQUIRE(begun.has_value());
  IngestOptions hall;
  hall.plant_location = "Hall 3";
  const auto summary = share.ingest(hall);
  CHECK(summary.imported == 2);
  CHECK(summary.files == 2);
  CHECK(share.with_status(FileStatus::imported) == 2);
  for (const auto& file : share.files()) {
    CHECK(file.place.plant_location == (file.name == "two" ? "Hall 1" : "Hall 3"));
  }
}

TEST_CASE("what was left Importing and is gone leaves no row", "[ingest]") {
  Share share;
  const auto path = share.other() / "gone.cfg";
  write(path, station("GONE"));
  const auto stamp = stamp_of(path.string());
  REQUIRE(stamp.has_value());
  REQUIRE(share.store().begin_imports(
      std::vector<store::NewImport>{{.path = path.string(), .stamp = *stamp}}));
  fs::remove_all(share.other());
  CHECK(share.ingest().problems.empty());
  CHECK(share.with_status(FileStatus::importing) == 0);
}

TEST_CASE("what was left Importing on a disk that is not there stays", "[ingest]") {
  Share share;
  REQUIRE(share.store().begin_imports(std::vector<store::NewImport>{
      {.path = (share.other() / "away.cfg").string(), .stamp = {.device = 987654321}}}));
  CHECK(share.ingest().problems.size() == 1);
  CHECK(share.with_status(FileStatus::importing) == 1);
}

TEST_CASE("several backups of one station are one asset in the summary", "[ingest]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  write(share.root() / "one_backup.cfg", station("ONE", "an older module"));
  const auto summary = share.ingest();
  CHECK(summary.imported == 2);
  CHECK(summary.stored.assets == 1);
}

TEST_CASE("a file that grows or shrinks while it is read is said to have changed", "[ingest]") {
  Share share;
  const auto path = share.root() / "one.cfg";
  for (const auto flags : {std::ios::app, std::ios::trunc}) {
    write(path, station("ONE") + std::string(300'000, '\n'));
    auto reader = ProjectFileReader::open(path.string(), false);
    REQUIRE(reader.has_value());
    bool touched = false;
    wall::Pool pool;
    const auto read = reader->read(pool, {}, [&](std::uint64_t) {
      if (!touched) {
        std::ofstream(path, std::ios::binary | flags) << "more";
        touched = true;
      }
      return true;
    });
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code() == Errc::changed);
  }
}

TEST_CASE("a file that vanishes while it is read is read to its end", "[ingest]") {
  Share share;
  const auto path = share.root() / "one.cfg";
  write(path, station("ONE"));
  auto reader = ProjectFileReader::open(path.string(), false);
  REQUIRE(reader.has_value());
  fs::remove(path);
  wall::Pool pool;
  const auto read = reader->read(pool, {}, {});
  REQUIRE(read.has_value());
  CHECK(read->project.assets.size() == 1);
  CHECK(read->digests.md5.size() == 32);
}

}  // namespace ot::agent
