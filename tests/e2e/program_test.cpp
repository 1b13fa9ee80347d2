// The built program as its users meet it: exit codes, streams, stores that are
// not as they should be.
#include "tests/e2e/program.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/catch.hpp"
#include "tests/parsers/case.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace {

namespace fs = std::filesystem;

const std::string kSample = (fs::path(RACKSCOUT_TESTS_DIR) / "sample").string();
const std::string kCase =
    (fs::path(RACKSCOUT_TESTS_DIR) / "parsers/cases/step7/profinet_devices/input.cfg").string();

void write(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::size_t files_below(const fs::path& folder) {
  const fs::recursive_directory_iterator entries(folder);
  return static_cast<std::size_t>(std::count_if(
      begin(entries), end(entries), [](const auto& entry) { return entry.is_regular_file(); }));
}

/// A store in a folder of its own, with the sample plant in it.
class SampleStore {
 public:
  SampleStore() { run = rackscout({"ingest", "--store", path(), kSample}); }

  std::string path() const { return (folder_.path() / "plant.db").string(); }
  Run run;

 private:
  TemporaryFolder folder_;
};

/// A disk of a few pages, where the test may mount one.
class SmallDisk {
 public:
  SmallDisk() : mounted_(::mount("tmpfs", path().c_str(), "tmpfs", 0, "size=100k") == 0) {}
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;
  ~SmallDisk() {
    if (mounted_) {
      ::umount(path().c_str());
    }
  }
  bool mounted() const { return mounted_; }
  bool grow() { return ::mount("tmpfs", path().c_str(), "tmpfs", MS_REMOUNT, "size=20m") == 0; }
  fs::path path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  bool mounted_;
};

}  // namespace

TEST_CASE("the sample plant is read, and what failed is told", "[e2e]") {
  const SampleStore store;
  CHECK(store.run.exit_code == 3);  // one archive is broken
  CHECK(holds(store.run.out, "5 imported"));
  CHECK(holds(store.run.out, "11 assets"));
  CHECK(holds(store.run.err, "broken_copy.dz5"));
  struct stat status {};
  REQUIRE(::stat(store.path().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("ingesting again changes nothing and says so", "[e2e]") {
  const SampleStore store;
  const auto before = rackscout({"list", "files", "--store", store.path(), "--format", "json"});
  const auto again = rackscout({"ingest", "--store", store.path(), kSample});
  CHECK(again.exit_code == 3);
  CHECK(holds(again.out, "0 imported"));
  CHECK(holds(again.out, "5 unchanged"));
  const auto after = rackscout({"list", "files", "--store", store.path(), "--format", "json"});
  CHECK(before.out == after.out);
}

TEST_CASE("the lists have the platform's shape", "[e2e]") {
  const SampleStore store;
  const auto files =
      Json::parse(rackscout({"list", "files", "--store", store.path(), "--format", "json"}).out);
  REQUIRE(files.is_array());
  REQUIRE(files.size() == 6);
  for (const auto& file : files) {
    CHECK(file.contains("lastUpdated"));
    CHECK_FALSE(file.contains("sha256"));
  }
  const auto assets =
      Json::parse(rackscout({"list", "assets", "--store", store.path(), "--format", "json"}).out);
  REQUIRE(assets["assets"].size() == 11);
  const auto& asset = assets["assets"][0];
  CHECK(asset["hardware"]["class"] == "OT");
  CHECK(asset["inventory"]["source"] == "Project File");
  CHECK_FALSE(asset.contains("station"));
}

TEST_CASE("every list format holds the same records", "[e2e]") {
  const SampleStore store;
  const auto lines = rackscout({"list", "assets", "--store", store.path(), "--format", "ndjson"});
  CHECK(std::count(lines.out.begin(), lines.out.end(), '\n') == 11);
  const auto csv = rackscout({"list", "files", "--store", store.path(), "--format", "csv"});
  CHECK(std::count(csv.out.begin(), csv.out.end(), '\n') == 7);
  const auto table = rackscout({"list", "assets", "--store", store.path()});
  CHECK(holds(table.out, "6ES7414-3EM07-0AB0"));
  CHECK_FALSE(holds(table.out, "\x1b["));  // no terminal, no colour
}

TEST_CASE("a station is shown as a tree, by name or by file", "[e2e]") {
  const SampleStore store;
  const auto station = rackscout({"show", "Line3_AS", "--store", store.path()});
  CHECK(station.exit_code == 0);
  CHECK(holds(station.out, "CPU 414-3 PN/DP"));
  CHECK(holds(station.out, "10.77.3.11"));
  const auto file = rackscout({"show", "old_backup_truncated.cfg", "--store", store.path()});
  CHECK(holds(file.out, "cut off"));
  CHECK(rackscout({"show", "nothing like it", "--store", store.path()}).exit_code == 2);
}

TEST_CASE("parse needs no store and ends with 3 for what is no project file", "[e2e]") {
  const auto parsed = rackscout({"parse", kCase});
  CHECK(parsed.exit_code == 0);
  const auto json = Json::parse(parsed.out);
  CHECK(json["assets"].size() == 3);
  CHECK(json["assets"][0]["origin"] == "configured");
  CHECK(Json::parse(rackscout({"parse", "--compact", kCase}).out) == json);
  const auto foreign = rackscout({"parse", kSample + "/README.md"});
  CHECK(foreign.exit_code == 3);
  CHECK(holds(foreign.err, "README.md"));
}

TEST_CASE("wrong use ends with 2, help and version with 0", "[e2e]") {
  CHECK(rackscout({}).exit_code == 2);
  CHECK(rackscout({"ingset"}).exit_code == 2);
  CHECK(holds(rackscout({"ingset"}).err, "ingest"));
  CHECK(rackscout({"list", "planets"}).exit_code == 2);
  CHECK(rackscout({"ingest"}).exit_code == 2);
  for (const auto* command : {"ingest", "list", "show", "parse", "list-parsers"}) {
    const auto help = rackscout({command, "--help"});
    CHECK(help.exit_code == 0);
    if (std::string(command) != "list-parsers") {
      CHECK(holds(help.out, "Examples:"));
    }
  }
  const auto version = rackscout({"--version"});
  CHECK(version.exit_code == 0);
  CHECK(holds(version.out, "step7"));
  CHECK(holds(version.out, "commit"));
}

TEST_CASE("what was asked for and can't be written is a failure", "[e2e]") {
  const SampleStore store;
  const std::vector<std::vector<std::string>> commands = {
      {"--version"}, {"--help"}, {"list", "--help"}, {"list", "files", "--store", store.path()}};
  for (const auto& command : commands) {
    CHECK(rackscout_into("/dev/full", command).exit_code == 1);
  }
}

TEST_CASE("no file of ours takes the place of a closed stream, and lost data is a failure",
          "[e2e]") {
  const TemporaryFolder folder;
  const auto store = (folder.path() / "s.db").string();
  const auto run = rackscout_without({0, 1}, {"ingest", "--store", store, kCase});
  CHECK(run.exit_code == 1);
  CHECK(holds(run.err, "write to standard output"));
  CHECK(rackscout_without({0, 1, 2}, {"list", "files", "--store", store}).exit_code == 1);
  CHECK(content_of(store + ".lock").empty());
  CHECK(content_of(store).starts_with("SQLite format 3"));
  const auto files = rackscout({"list", "files", "--store", store, "--format", "json"});
  CHECK(Json::parse(files.out).size() == 1);
}

TEST_CASE("the option --yes is accepted by every command and named in its help", "[e2e]") {
  CHECK(rackscout({"--yes", "list-parsers"}).exit_code == 0);
  CHECK(rackscout({"parse", kCase, "--yes"}).exit_code == 0);
  for (const auto* command : {"ingest", "list", "show", "parse", "list-parsers"}) {
    CHECK(holds(rackscout({command, "--help"}).out, "--yes"));
  }
  for (const auto* option : {"--store FILE", "--site TEXT", "--uploaded-by NAME"}) {
    CHECK(holds(rackscout({"ingest", "--help"}).out, option));
  }
}

TEST_CASE("numbers that are too large are refused, not cut", "[e2e]") {
  for (const auto* option : {"--page-size", "--page-number"}) {
    const auto run = rackscout({"list", "files", option, "99999999999999999999999"});
    CHECK(run.exit_code == 2);
    CHECK(holds(run.err, option));
  }
}

TEST_CASE("a terminal shows how many files are done of how many", "[e2e]") {
  const TemporaryFolder folder;
  const auto store = (folder.path() / "s.db").string();
  const auto run = rackscout_on_terminal({"ingest", "--store", store, kSample, kCase});
  CHECK(run.exit_code == 3);
  CHECK(holds(run.err, "ingest ["));
  CHECK(holds(run.err, " 0/" + std::to_string(files_below(kSample) + 1)));
  CHECK_FALSE(holds(rackscout({"ingest", "--store", store, kSample}).err, "ingest ["));
}

TEST_CASE("the summary tells what the store holds", "[e2e]") {
  const SampleStore store;
  const auto run = rackscout({"ingest", "--store", store.path(), "--format", "json", kSample});
  const auto json = Json::parse(run.out);
  CHECK(json["unchanged"] == 5);
  CHECK(json["store"]["path"] == store.path());
  CHECK(json["store"]["files"] == 6);
  CHECK(json["store"]["assets"] == 11);
  CHECK(json["store"].contains("addOns"));
}

TEST_CASE("what a file says of itself is shown with it", "[e2e]") {
  const TemporaryFolder folder;
  const auto store = (folder.path() / "s.db").string();
  REQUIRE(rackscout({"ingest", "--store", store, kCase}).exit_code == 0);
  CHECK(holds(rackscout({"show", "input.cfg", "--store", store}).out, "codePage"));
  const auto shown =
      Json::parse(rackscout({"show", "input.cfg", "--store", store, "--format", "json"}).out);
  CHECK(shown["projectFile"].contains("details"));
}

TEST_CASE("users' names in paths inside of a file are redacted in every command", "[e2e]") {
  const TemporaryFolder folder;
  const auto store = (folder.path() / "s.db").string();
  const auto file = folder.path() / "one.cfg";
  write(file,
        "FILEVERSION \"3.2\"\n#STEP7_VERSION V5.6\n\nSTATION S7400 , \"C:\\Users\\jdoe\\AS01\"\n"
        "BEGIN \nEND \n\nRACK 0, SLOT 3, \"6ES7 412-2XJ05-0AB0\", \"CPU\"\nBEGIN \nEND \n\n"
        "RACK 0, SLOT 4, \"6ES7 421-1BL01-0AA0\", \"/home/jdoe/DI\"\nBEGIN \nEND \n");
  REQUIRE(rackscout({"ingest", "--store", store, file.string()}).exit_code == 0);
  const std::vector<std::vector<std::string>> commands = {
      {"parse", file.string()},
      {"show", "1", "--store", store},
      {"show", "1", "--store", store, "--format", "json"},
      {"list", "assets", "--store", store, "--extended"},
      {"list", "assets", "--store", store, "--extended", "--format", "csv"}};
  for (const auto& command : commands) {
    const auto run = rackscout(command);
    CHECK(run.exit_code == 0);
    CHECK(holds(run.out, "<user>"));
    CHECK_FALSE(holds(run.out, "jdoe"));
  }
  CHECK(holds(rackscout({"parse", "--keep-paths", file.string()}).out, "jdoe"));
}

TEST_CASE("a list never makes a store", "[e2e]") {
  const TemporaryFolder folder;
  const auto path = (folder.path() / "none.db").string();
  const auto run = rackscout_with("RACKSCOUT_STORE", path, {"list", "files"});
  CHECK(run.exit_code == 1);
  CHECK(holds(run.err, "rackscout ingest"));
  CHECK(holds(run.err, "rackscout probe"));
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a path that is not there is reported and the rest is read", "[e2e]") {
  const TemporaryFolder folder;
  const auto store = (folder.path() / "s.db").string();
  const auto run = rackscout({"ingest", "--store", store, "/nonexistent/share", kCase});
  CHECK(run.exit_code == 3);
  CHECK(holds(run.out, "1 imported"));
  CHECK(holds(run.err, "/nonexistent/share"));
}

TEST_CASE("a store that is no store is refused and left alone", "[e2e]") {
  const TemporaryFolder folder;
  const auto store = (folder.path() / "s.db").string();
  const std::string text(20'000, 'x');
  write(store, text);
  const auto run = rackscout({"ingest", "--store", store, kCase});
  CHECK(run.exit_code == 1);
  CHECK(holds(run.err, store));
  CHECK(content_of(store) == text);
  CHECK_FALSE(fs::exists(store + ".lock"));
}

TEST_CASE("a damaged store ends with a clear message, not with a wrong list", "[e2e]") {
  const SampleStore sample;
  auto bytes = content_of(sample.path());
  REQUIRE(bytes.size() > 8192);
  std::fill(bytes.begin() + 4096, bytes.end(), '\xA5');
  write(sample.path(), bytes);
  const auto run = rackscout({"list", "assets", "--store", sample.path()});
  CHECK(run.exit_code == 1);
  CHECK(holds(run.err, sample.path()));
}

TEST_CASE("a store of a newer rackscout is refused and left alone", "[e2e]") {
  const SampleStore sample;
  auto bytes = content_of(sample.path());
  bytes[62] = '\x7F';  // the database header's user version, big-endian at offset 60
  write(sample.path(), bytes);
  const auto run = rackscout({"ingest", "--store", sample.path(), kCase});
  CHECK(run.exit_code == 1);
  CHECK(holds(run.err, "newer"));
  CHECK(content_of(sample.path()) == bytes);
}

TEST_CASE("a full disk fails the run, loses nothing, and the next one goes on", "[e2e]") {
  SmallDisk disk;
  if (!disk.mounted()) {
    WARN("skipped: no tmpfs can be mounted here");
    return;
  }
  const auto store = (disk.path() / "s.db").string();
  const auto full = rackscout({"ingest", "--store", store, kSample});
  CHECK(full.exit_code == 1);
  CHECK(holds(full.err, "full"));
  REQUIRE(disk.grow());
  CHECK(rackscout({"ingest", "--store", store, kSample}).exit_code == 3);
  const auto files =
      Json::parse(rackscout({"list", "files", "--store", store, "--format", "json"}).out);
  CHECK(files.size() == 6);
}

}  // namespace ot::tests
