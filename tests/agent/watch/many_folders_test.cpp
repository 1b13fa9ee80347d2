// Many folders and files. RACKSCOUT_WATCH_FULL=1: as many as a large plant has.
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "tests/agent/watch/watched.hpp"
#include "tests/catch.hpp"

namespace ot::agent::watch {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

bool is_full_size() {
  return std::getenv("RACKSCOUT_WATCH_FULL") != nullptr;
}

long resident_kib() {
  std::ifstream file("/proc/self/statm");
  long size = 0;
  long resident = 0;
  file >> size >> resident;
  return resident * (::sysconf(_SC_PAGESIZE) / 1024);
}

auto milliseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

/// Fifty projects to a hall, twenty files to a project.
void make_tree(const fs::path& root, int folders) {
  for (int i = 1; i < folders; ++i) {
    const auto folder = root / fmt::format("hall {}", i / 50) / fmt::format("project {}", i);
    fs::create_directories(folder);
    for (int file = 0; file < 20; ++file) {
      std::ofstream(folder / fmt::format("station {}.cfg", file)) << "x";
    }
  }
}

}  // namespace

TEST_CASE("many folders are watched soon and take little memory", "[watch][many]") {
  const int folders = is_full_size() ? 5000 : 500;
  Watched watched;
  make_tree(watched.root(), folders);
  const auto resident = resident_kib();
  const auto start = Clock::now();
  REQUIRE(watched.begin());
  const auto began = milliseconds_since(start);
  const auto status = watched.watcher->status().front();
  CHECK(status.mode == RootMode::notify);
  CHECK(status.folders >= static_cast<std::size_t>(folders));
  const auto grown = resident_kib() - resident;

  const auto path = (watched.root() / "hall 3" / "project 170" / "station 7.cfg").string();
  const auto saved = Clock::now();
  std::ofstream(path) << "y";
  REQUIRE(watched.run([&] { return !watched.seen.empty(); }));
  CHECK(watched.seen.front().changed == std::vector{path});
  if (is_full_size()) {
    WARN(
        fmt::format("{} folders: watched after {} ms, {} KiB more resident, a save told after "
                    "{} ms (settle {} ms)",
                    status.folders, began, grown, milliseconds_since(saved), kQuick.count()));
  }
}

TEST_CASE("many folders that move at once are followed", "[watch][many]") {
  const int folders = is_full_size() ? 5000 : 500;
  Watched watched;
  fs::create_directories(watched.top() / "outside");
  make_tree(watched.top() / "outside", folders);
  REQUIRE(watched.begin());
  const auto moved_in = Clock::now();
  fs::rename(watched.top() / "outside", watched.root() / "inside");
  const auto is_followed = [&] {
    const auto status = watched.watcher->status().front();
    return status.folders > static_cast<std::size_t>(folders) && status.dirty == 0 &&
           !watched.seen.empty();
  };
  REQUIRE(watched.run(is_followed));
  const auto followed = milliseconds_since(moved_in);
  CHECK(watched.seen.front().rescan);  // more than can be named
  CHECK(watched.seen.front().reason == Reason::flood);
  const auto moved_out = Clock::now();
  fs::rename(watched.root() / "inside", watched.top() / "outside");
  REQUIRE(watched.run([&] { return watched.watcher->status().front().folders == 1; }));
  if (is_full_size()) {
    WARN(fmt::format("{} folders: moved in, followed after {} ms; moved out, forgotten after {} ms",
                     folders, followed, milliseconds_since(moved_out)));
  }
}

}  // namespace ot::agent::watch
