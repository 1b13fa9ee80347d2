// What a watcher names is looked at, and nothing else.
#include <unistd.h>

#include "tests/agent/share.hpp"

namespace ot::agent {

namespace fs = std::filesystem;
using tests::Share;
using tests::station;
using tests::write;

TEST_CASE("only the paths named are looked at", "[ingest][changes]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  write(share.root() / "two.cfg", station("TWO"));
  const auto summary = share.ingest_changes(
      {.root = share.root().string(), .changed = {(share.root() / "one.cfg").string()}});
  CHECK(summary.files == 1);
  CHECK(summary.imported == 1);
  CHECK(share.files().size() == 1);
}

TEST_CASE("a folder that changed is looked at with all below it", "[ingest][changes]") {
  Share share;
  write(share.root() / "a" / "one.cfg", station("ONE"));
  write(share.root() / "a" / "b" / "two.cfg", station("TWO"));
  const auto folder = (share.root() / "a").string();
  const auto file = (share.root() / "a" / "one.cfg").string();
  const auto summary = share.ingest_changes(
      {.root = share.root().string(), .changed = {folder, file, folder}, .gone = {file}});
  CHECK(summary.files == 2);
  CHECK(summary.imported == 2);
}

TEST_CASE("what is said to be gone and is there is read", "[ingest][changes]") {
  Share share;
  write(share.root() / "one.cfg", station("ONE"));
  const auto summary = share.ingest_changes(
      {.root = share.root().string(), .gone = {(share.root() / "one.cfg").string()}});
  CHECK(summary.imported == 1);
  CHECK(summary.gone == 0);
}

TEST_CASE("a folder that is gone takes all below it along", "[ingest][changes]") {
  Share share;
  write(share.root() / "a" / "b" / "one.cfg", station("ONE"));
  write(share.root() / "a" / "router.cfg", "hostname sw1\n!\n");
  write(share.root() / "a-b" / "two.cfg", station("TWO"));
  share.ingest();
  fs::remove_all(share.root() / "a");
  const auto summary = share.ingest_changes(
      {.root = share.root().string(), .gone = {(share.root() / "a").string()}});
  CHECK(summary.gone == 1);
  CHECK(share.with_status(FileStatus::deleted) == 1);
  CHECK(share.with_status(FileStatus::imported) == 1);
}

TEST_CASE("a moved file is deleted there and read here in one go", "[ingest][changes]") {
  Share share;
  const auto there = share.root() / "there.cfg";
  const auto here = share.root() / "new" / "here.cfg";
  write(there, station("ONE"));
  share.ingest();
  fs::create_directories(here.parent_path());
  fs::rename(there, here);
  const auto summary = share.ingest_changes(
      {.root = share.root().string(), .changed = {here.string()}, .gone = {there.string()}});
  CHECK(summary.imported == 1);
  CHECK(summary.gone == 1);
  CHECK(summary.stored.files == 1);
  CHECK(summary.stored.assets == 1);
}

TEST_CASE("a root that is missing lets nothing below it be gone", "[ingest][changes]") {
  Share share;
  const auto path = share.root() / "one.cfg";
  write(path, station("ONE"));
  share.ingest();
  fs::rename(share.root(), share.other());
  const auto summary =
      share.ingest_changes({.root = share.root().string(), .gone = {path.string()}});
  CHECK(summary.gone == 0);
  REQUIRE(summary.problems.size() == 1);
  CHECK(summary.problems[0].error.text().find("nothing below it was changed") != std::string::npos);
  CHECK(share.with_status(FileStatus::imported) == 1);
}

TEST_CASE("a file on a disk that is not there is not gone", "[ingest][changes]") {
  Share share;
  const auto path = (share.root() / "away.cfg").string();
  const auto rows = share.store().begin_imports(
      std::vector<store::NewImport>{{.path = path, .stamp = {.device = 987654321}}});
  REQUIRE(rows.has_value());
  const auto summary = share.ingest_changes({.root = share.root().string(), .gone = {path}});
  CHECK(summary.gone == 0);
  CHECK(summary.problems.size() == 1);
}

TEST_CASE("paths outside of the root are not looked at", "[ingest][changes]") {
  Share share;
  write(share.other() / "one.cfg", station("ONE"));
  write(share.root().string() + "2/two.cfg", station("TWO"));
  const auto summary = share.ingest_changes(
      {.root = share.root().string(),
       .changed = {(share.other() / "one.cfg").string(), share.root().string() + "2/two.cfg"}});
  CHECK(summary.files == 0);
}

TEST_CASE("a folder that became a link leads to no files any more", "[ingest][changes]") {
  Share share;
  const auto folder = share.root() / "a";
  write(folder / "one.cfg", station("ONE"));
  share.ingest();
  fs::rename(folder, share.other());
  fs::create_directory_symlink(share.other(), folder);
  SECTION("told of the folder") {
    CHECK(share.ingest_changes({.root = share.root().string(), .gone = {folder.string()}}).gone ==
          1);
  }
  SECTION("told of the file") {
    const auto summary = share.ingest_changes(
        {.root = share.root().string(), .changed = {(folder / "one.cfg").string()}});
    CHECK(summary.gone == 1);
    CHECK(summary.files == 0);
  }
  SECTION("by a look at everything") {
    CHECK(share.ingest().gone == 1);
  }
}

TEST_CASE("a folder that became a link to nowhere has no files any more", "[ingest][changes]") {
  Share share;
  const auto folder = share.root() / "a";
  write(folder / "one.cfg", station("ONE"));
  share.ingest();
  fs::remove_all(folder);
  SECTION("round in a circle") {
    fs::create_directory_symlink(folder, folder);
  }
  SECTION("to another device") {
    fs::create_directory_symlink("/proc", folder);
  }
  SECTION("to what is not there") {
    fs::create_directory_symlink(share.other(), folder);
  }
  const auto summary =
      share.ingest_changes({.root = share.root().string(), .changed = {folder.string()}});
  CHECK(summary.gone == 1);
  CHECK(summary.problems.empty());
}

TEST_CASE("a file whose place is taken by a folder is gone", "[ingest][changes]") {
  Share share;
  const auto path = share.root() / "one.cfg";
  write(path, station("ONE"));
  share.ingest();
  fs::remove(path);
  write(path / "two.cfg", station("TWO"));
  const auto summary =
      share.ingest_changes({.root = share.root().string(), .changed = {path.string()}});
  CHECK(summary.gone == 1);
  CHECK(summary.imported == 1);
}

TEST_CASE("a file that is being written is left for later", "[ingest][changes]") {
  Share share;
  const auto path = share.root() / "one.cfg";
  write(path, station("ONE"));
  fs::last_write_time(path, fs::file_time_type::clock::now());
  IngestOptions options;
  options.settle = std::chrono::minutes(10);
  const auto summary =
      share.ingest_changes({.root = share.root().string(), .changed = {path.string()}}, options);
  CHECK(summary.imported == 0);
  CHECK(summary.unsettled == std::vector{path.string()});
  CHECK(share.ingest(options).unsettled.size() == 1);
  options.settle = std::chrono::milliseconds(0);
  CHECK(share.ingest(options).imported == 1);
}

TEST_CASE("a time of the future keeps no file from being read", "[ingest][changes]") {
  Share share;
  const auto path = share.root() / "one.cfg";
  write(path, station("ONE"));
  fs::last_write_time(path, fs::file_time_type::clock::now() + std::chrono::hours(1));
  IngestOptions options;
  options.settle = std::chrono::minutes(10);
  CHECK(share.ingest(options).imported == 1);
}

TEST_CASE("places are those of the options", "[ingest][changes]") {
  Share share;
  const auto path = share.root() / "one.cfg";
  write(path, station("ONE"));
  IngestOptions options;
  options.site = "Werk 1";
  options.plant_location = "Hall 3";
  share.ingest_changes({.root = share.root().string(), .changed = {path.string()}}, options);
  REQUIRE(share.files().size() == 1);
  CHECK(share.files()[0].place.site == "Werk 1");
  CHECK(share.files()[0].place.plant_location == "Hall 3");
}

TEST_CASE("many changed files are imported in whole batches", "[ingest][changes]") {
  Share share;
  ChangedPaths paths{.root = share.root().string()};
  for (int i = 0; i < 100; ++i) {
    const auto path = share.root() / (std::to_string(i) + ".cfg");
    write(path, station("S" + std::to_string(i)));
    paths.changed.push_back(path.string());
  }
  CHECK(share.ingest_changes(paths).imported == 100);
  CHECK(share.with_status(FileStatus::importing) == 0);
  CHECK(share.ingest_changes(paths).unchanged == 100);
}

}  // namespace ot::agent
