// The kernel's inotify and real folders. Nothing waits longer than it must.
#include "agent/watch/watcher.hpp"

#include <fstream>
#include <set>

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include "tests/agent/watch/watched.hpp"
#include "tests/catch.hpp"

namespace ot::agent::watch {
namespace {

namespace fs = std::filesystem;
using Paths = std::set<std::string>;

void write(const fs::path& path, const std::string& text = "x") {
  std::ofstream(path, std::ios::binary) << text;
}

/// A watched root whose first look is done, and what was told since.
class Told {
 public:
  explicit Told(const std::vector<std::string>& names = {"root"}) : watched(names) {}

  void begin() { REQUIRE(watched.begin()); }

  Paths changed() const {
    Paths paths;
    for (const auto& changes : watched.seen) {
      paths.insert(changes.changed.begin(), changes.changed.end());
    }
    return paths;
  }

  Paths gone() const {
    Paths paths;
    for (const auto& changes : watched.seen) {
      paths.insert(changes.gone.begin(), changes.gone.end());
    }
    return paths;
  }

  bool rescanned(Reason why) const {
    return std::any_of(watched.seen.begin(), watched.seen.end(), [why](const Changes& changes) {
      return changes.rescan && changes.reason == why;
    });
  }

  void expect(const Paths& want_changed, const Paths& want_gone = {}) {
    watched.run([&] { return changed() == want_changed && gone() == want_gone; });
    CHECK(changed() == want_changed);
    CHECK(gone() == want_gone);
  }

  fs::path root() const { return watched.root(); }
  std::string at(const std::string& name) const { return (root() / name).string(); }
  RootMode mode() const { return watched.watcher->status().front().mode; }

  Watched watched;
};

}  // namespace

TEST_CASE("a file that is written is told once it has settled", "[watch][watcher]") {
  Told told;
  told.begin();
  write(told.at("one.cfg"));
  told.expect({told.at("one.cfg")});
}

TEST_CASE("a file that is written in pieces is told after the last", "[watch][watcher]") {
  Told told;
  told.begin();
  std::ofstream file(told.at("one.cfg"));
  file << "first" << std::flush;
  write(told.at("other.cfg"));
  told.expect({told.at("other.cfg")});
  file << "second";
  file.close();
  told.expect({told.at("one.cfg"), told.at("other.cfg")});
}

TEST_CASE("a save by renaming is one change", "[watch][watcher]") {
  Told told;
  write(told.at("one.cfg"));
  told.begin();
  write(told.at(".one.cfg.swp"));
  write(told.at("4913"));
  fs::remove(told.at("4913"));
  fs::rename(told.at("one.cfg"), told.at("one.cfg~"));
  write(told.at("one.cfg.new"), "new");
  fs::rename(told.at("one.cfg.new"), told.at("one.cfg"));
  fs::remove(told.at("one.cfg~"));
  fs::remove(told.at(".one.cfg.swp"));
  told.expect({told.at("one.cfg")}, {told.at(".one.cfg.swp"), told.at("4913"), told.at("one.cfg~"),
                                     told.at("one.cfg.new")});
}

TEST_CASE("a file that is removed, moved out or renamed is gone", "[watch][watcher]") {
  Told told;
  for (const auto* name : {"removed", "moved", "renamed"}) {
    write(told.at(name));
  }
  told.begin();
  fs::remove(told.at("removed"));
  fs::rename(told.at("moved"), told.watched.top() / "elsewhere");
  fs::rename(told.at("renamed"), told.at("new name"));
  told.expect({told.at("new name")}, {told.at("removed"), told.at("moved"), told.at("renamed")});
}

TEST_CASE("a file moves between folders and between roots", "[watch][watcher]") {
  Told told({"root", "other"});
  fs::create_directories(told.root() / "a");
  fs::create_directories(told.root() / "b");
  const auto other = (told.watched.top() / "other" / "two").string();
  write(told.at("a/one"));
  write(told.at("a/two"));
  told.begin();
  fs::rename(told.at("a/one"), told.at("b/one"));
  fs::rename(told.at("a/two"), other);
  told.expect({told.at("b/one"), other}, {told.at("a/one"), told.at("a/two")});
}

TEST_CASE("what comes by a hard link or with new rights is told", "[watch][watcher]") {
  Told told;
  write(told.watched.top() / "outside");
  write(told.at("closed"));
  told.begin();
  fs::create_hard_link(told.watched.top() / "outside", told.at("linked"));
  fs::permissions(told.at("closed"), fs::perms::owner_all);
  told.expect({told.at("linked"), told.at("closed")});
}

TEST_CASE("a deep tree that is made at once is followed", "[watch][watcher]") {
  Told told;
  told.begin();
  Paths files;
  std::string folder = "new";
  for (int depth = 0; depth < 30; ++depth) {
    fs::create_directories(told.at(folder));
    write(told.at(folder + "/one.cfg"));
    files.insert(told.at(folder + "/one.cfg"));
    folder += "/deeper";
  }
  told.expect(files);
  write(told.at("new/deeper/deeper/later.cfg"));
  files.insert(told.at("new/deeper/deeper/later.cfg"));
  told.expect(files);
}

TEST_CASE("a tree that is removed is gone as one", "[watch][watcher]") {
  Told told;
  fs::create_directories(told.at("a/b/c"));
  write(told.at("a/b/c/one.cfg"));
  told.begin();
  CHECK(told.watched.watcher->status().front().folders == 4);
  fs::remove_all(told.at("a"));
  told.expect({}, {told.at("a")});
  CHECK(told.watched.watcher->status().front().folders == 1);
}

TEST_CASE("a folder that is renamed is gone there, and its files are here", "[watch][watcher]") {
  Told told;
  fs::create_directories(told.at("a/b"));
  write(told.at("a/one.cfg"));
  write(told.at("a/b/two.cfg"));
  told.begin();
  fs::rename(told.at("a"), told.at("z"));
  told.expect({told.at("z/one.cfg"), told.at("z/b/two.cfg")}, {told.at("a")});
  write(told.at("z/b/three.cfg"));
  told.expect({told.at("z/one.cfg"), told.at("z/b/two.cfg"), told.at("z/b/three.cfg")},
              {told.at("a")});
  CHECK(told.watched.watcher->status().front().folders == 3);
}

TEST_CASE("a folder that moves out is not listened to any more", "[watch][watcher]") {
  Told told;
  fs::create_directories(told.at("a/b"));
  told.begin();
  fs::rename(told.at("a"), told.watched.top() / "a");
  told.expect({}, {told.at("a")});
  write(told.watched.top() / "a" / "b" / "one.cfg");
  write(told.at("mark"));
  told.expect({told.at("mark")}, {told.at("a")});
}

TEST_CASE("links are not followed, be they loops or not", "[watch][watcher]") {
  Told told;
  fs::create_directories(told.watched.top() / "outside");
  fs::create_directory_symlink(told.root(), told.at("loop"));
  fs::create_directory_symlink(told.watched.top() / "outside", told.at("link"));
  told.begin();
  CHECK(told.watched.watcher->status().front().folders == 1);
  fs::create_directory_symlink(told.root(), told.at("later"));
  write(told.watched.top() / "outside" / "one.cfg");
  told.expect({told.at("later")});
}

TEST_CASE("a root behind a link is told by its own path", "[watch][watcher]") {
  Told told;
  const auto link = told.watched.top() / "link";
  fs::create_directory_symlink(told.root(), link);
  told.watched.folders.front().path = link.string();
  told.begin();
  write(link / "one.cfg");
  const auto path = (told.watched.top() / "root" / "one.cfg").string();
  told.expect({path});
  CHECK(told.watched.seen.front().root == link.string());
}

TEST_CASE("a root's link that is made anew is followed", "[watch][watcher]") {
  Told told({"v1", "v2"});
  const auto link = told.watched.top() / "current";
  fs::create_directory_symlink("v1", link);
  told.watched.folders = {{.path = link.string()}};
  told.begin();
  fs::create_directory_symlink("v2", told.watched.top() / "new");
  fs::rename(told.watched.top() / "new", link);
  REQUIRE(told.watched.run([&] { return told.rescanned(Reason::returned); }));
  const auto path = (told.watched.top() / "v2" / "one.cfg").string();
  write(path);
  told.expect({path});
}

TEST_CASE("a folder above a root that is renamed and made anew is followed", "[watch][watcher]") {
  Told told({"project/line"});
  told.begin();
  CHECK(told.watched.watcher->status().front().folders == 1);
  fs::rename(told.watched.top() / "project", told.watched.top() / "old");
  fs::create_directories(told.root());
  REQUIRE(told.watched.run([&] { return told.rescanned(Reason::returned); }));
  write(told.watched.top() / "old" / "line" / "unseen.cfg");
  write(told.at("one.cfg"));
  told.expect({told.at("one.cfg")});
}

TEST_CASE("a root that is removed and comes back is looked at", "[watch][watcher]") {
  Told told;
  write(told.at("one.cfg"));
  told.begin();
  const auto away = told.watched.top() / "away";
  fs::rename(told.root(), away);
  REQUIRE(told.watched.run([&] { return told.mode() == RootMode::missing; }));
  CHECK(told.gone().empty());
  fs::rename(away, told.root());
  REQUIRE(told.watched.run([&] { return told.rescanned(Reason::returned); }));
  CHECK(told.mode() == RootMode::notify);
  write(told.at("two.cfg"));
  told.expect({told.at("two.cfg")});
}

TEST_CASE("a root that is not there at first is found step by step", "[watch][watcher]") {
  Told told;
  fs::remove(told.root());
  told.watched.folders.front().path = (told.watched.top() / "a" / "b" / "root").string();
  told.watched.start();
  REQUIRE(told.mode() == RootMode::missing);
  fs::create_directory(told.watched.top() / "a");
  write(told.watched.top() / "a" / "no folder");
  bool made = false;
  REQUIRE(told.watched.run([&] {
    if (!std::exchange(made, true)) {
      fs::create_directories(told.root());
    }
    return told.rescanned(Reason::returned);
  }));
}

TEST_CASE("what was written while nobody watched is found by the first look", "[watch][watcher]") {
  Watched watched;
  watched.start();
  REQUIRE(watched.run([&] { return !watched.seen.empty(); }));
  CHECK(watched.seen.front().rescan);
  CHECK(watched.seen.front().reason == Reason::start);
}

TEST_CASE("a storm of ten thousand files becomes one look", "[watch][watcher]") {
  Told told;
  told.begin();
  for (int i = 0; i < 10'000; ++i) {
    write(told.at(std::to_string(i)));
  }
  REQUIRE(told.watched.run(
      [&] { return told.rescanned(Reason::overflow) || told.rescanned(Reason::flood); }));
  told.watched.seen.clear();
  write(told.at("after"));
  told.expect({told.at("after")});
}

TEST_CASE("folders that are configured anew come and go, others stay", "[watch][watcher]") {
  Told told({"root", "other"});
  fs::create_directories(told.watched.top() / "third");
  told.begin();
  write(told.at("before.cfg"));
  auto folders = told.watched.folders;
  folders[1].path = (told.watched.top() / "third").string();
  told.watched.watcher->reconfigure(folders, kQuick);
  write(told.watched.top() / "other" / "unseen.cfg");
  write(told.watched.top() / "third" / "seen.cfg");
  REQUIRE(told.watched.run([&] {
    return told.rescanned(Reason::start) && told.changed().contains(told.at("before.cfg"));
  }));
  const auto status = told.watched.watcher->status();
  REQUIRE(status.size() == 2);
  CHECK(status[1].path == folders[1].path);
}

TEST_CASE("a watcher that was stopped begins anew", "[watch][watcher]") {
  Told told;
  told.begin();
  told.watched.watcher->stop();
  told.watched.watcher->reconfigure(told.watched.folders, kQuick);
  CHECK(told.watched.watcher->status().empty());
  told.watched.watcher->start();
  REQUIRE(told.watched.run([&] { return told.rescanned(Reason::start); }));
}

TEST_CASE("after the end of the watcher nobody is called", "[watch][watcher]") {
  Told told;
  told.begin();
  write(told.at("one.cfg"));
  SECTION("it was stopped") {
    told.watched.watcher->stop();
    CHECK(told.watched.watcher->status().empty());
  }
  SECTION("it is no more") {
    told.watched.watcher.reset();
  }
  told.watched.io.restart();
  told.watched.io.run();
  CHECK(told.watched.seen.empty());
}

TEST_CASE("a callback may end the watcher", "[watch][watcher]") {
  Watched watched;
  int called = 0;
  watched.watcher.emplace(watched.io.get_executor(), watched.folders, kQuick, [&](const Changes&) {
    ++called;
    watched.watcher.reset();
  });
  watched.watcher->start();
  watched.io.run();
  CHECK(called == 1);
}

TEST_CASE("an idle watcher waits for nothing but its next look", "[watch][watcher]") {
  Told told;
  told.begin();
  told.watched.io.restart();
  CHECK(told.watched.io.poll() == 0);
  CHECK(told.watched.io.run_one_for(std::chrono::milliseconds(100)) == 0);
}

TEST_CASE("a root that is mounted and unmounted loses nothing", "[watch][watcher]") {
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    WARN("skipped: only root may mount");
    return;
  }
  Told told;
  told.begin();
  REQUIRE(::mount("none", told.root().c_str(), "tmpfs", 0, nullptr) == 0);
  CHECK(told.watched.run([&] { return told.rescanned(Reason::mounted); }));
  told.watched.seen.clear();
  write(told.at("on the disk.cfg"));
  told.expect({told.at("on the disk.cfg")});
  REQUIRE(::umount(told.root().c_str()) == 0);
  CHECK(told.watched.run([&] { return told.rescanned(Reason::mounted); }));
  CHECK(told.gone().empty());
}

}  // namespace ot::agent::watch
