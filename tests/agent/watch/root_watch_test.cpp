// One root, step by step: no clock, no kernel, but real folders.
#include "agent/watch/root_watch.hpp"

#include <filesystem>
#include <fstream>

#include <sys/inotify.h>

#include "tests/agent/watch/fake_notifier.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

namespace ot::agent::watch {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using Paths = std::vector<std::string>;

SharedMounts mounts_of(const std::string& point, const std::string& type) {
  return std::make_shared<const Mounts>(
      Mounts{{.id = 1, .point = "/", .type = "ext4"}, {.id = 2, .point = point, .type = type}});
}

/// A root below a temporary folder, at a time that the test decides.
class Scene {
 public:
  explicit Scene(WatchedFolder::Mode mode = WatchedFolder::Mode::automatic) {
    fs::create_directories(root() / "a" / "b");
    make({.path = root().string(), .mode = mode});
  }

  void make(const WatchedFolder& folder) {
    watch = std::make_unique<RootWatch>(folder, std::make_unique<FakeNotifier>(kernel),
                                        std::make_unique<FakeNotifier>(path_kernel), seconds(2));
  }

  fs::path root() const { return fs::canonical(folder_.path()) / "srv" / "root"; }
  std::string path(const std::string& name) const { return (root() / name).string(); }

  void open(const SharedMounts& mounts = std::make_shared<const Mounts>()) {
    watch->open(mounts, now, Reason::start);
    settle();
  }

  void settle() {
    while (watch->has_work()) {
      watch->work(now);
    }
  }

  /// Opens, and has the first look done.
  void begin(const SharedMounts& mounts = std::make_shared<const Mounts>()) {
    open(mounts);
    REQUIRE(watch->take(now).has_value());
    done();
  }

  void tell(const std::string& folder, std::uint32_t mask, const std::string& name = {}) {
    const Event event{.watch = kernel.watch_of(folder), .mask = mask, .name = name};
    watch->on_events({&event, 1}, now);
    settle();
  }

  /// Of a folder that the root's path leads through. Whether that concerned it.
  bool tell_of_path(const std::string& folder, std::uint32_t mask, const std::string& name = {}) {
    const Event event{.watch = path_kernel.watch_of(folder), .mask = mask, .name = name};
    const bool concerned = watch->on_path_events({&event, 1}, now);
    settle();
    return concerned;
  }

  void done(Paths unsettled = {}) {
    watch->looked({.root = root().string(), .unsettled = std::move(unsettled)}, now, Time{});
  }

  std::optional<Changes> after(Span span) {
    now += span;
    auto changes = watch->take(now);
    settle();
    return changes ? changes : watch->take(now);
  }

  Kernel kernel;
  Kernel path_kernel;
  Moment now = Moment{} + hours(1);
  std::unique_ptr<RootWatch> watch;

 private:
  tests::TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("every folder is watched before the first look is asked for", "[watch][root]") {
  Scene scene;
  scene.watch->open(std::make_shared<const Mounts>(), scene.now, Reason::start);
  CHECK_FALSE(scene.watch->take(scene.now));
  scene.settle();
  CHECK(scene.kernel.watches.size() == 3);
  const auto changes = scene.watch->take(scene.now);
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::start);
  CHECK(scene.watch->status().mode == RootMode::notify);
  CHECK(scene.watch->status().folders == 3);
}

TEST_CASE("no second look is asked for before the first is done", "[watch][root]") {
  Scene scene;
  scene.open();
  REQUIRE(scene.watch->take(scene.now));
  scene.tell(scene.path("a"), IN_CLOSE_WRITE, "one.cfg");
  CHECK_FALSE(scene.after(seconds(10)));
  CHECK_FALSE(scene.watch->due());
  scene.done();
  const auto changes = scene.watch->take(scene.now);
  REQUIRE(changes.has_value());
  CHECK(changes->changed == Paths{scene.path("a/one.cfg")});
}

TEST_CASE("after a day everything is looked at once more, or when told", "[watch][root]") {
  Scene scene;
  scene.begin();
  CHECK(scene.watch->due() == scene.now + hours(24));
  auto folder = scene.watch->folder();
  folder.rescan = minutes(10);
  scene.watch->configure(folder, seconds(2), scene.now);
  CHECK(scene.watch->due() == scene.now + minutes(10));
  const auto changes = scene.after(minutes(10));
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::interval);
}

TEST_CASE("another place is a reason to look at everything", "[watch][root]") {
  Scene scene;
  scene.begin();
  auto folder = scene.watch->folder();
  folder.area = "Hall 3";
  scene.watch->configure(folder, seconds(2), scene.now);
  const auto changes = scene.watch->take(scene.now);
  REQUIRE(changes.has_value());
  CHECK(changes->reason == Reason::configured);
  CHECK(scene.kernel.opened == 1);
}

TEST_CASE("lost events: deaf until the storm is over, then all is looked at", "[watch][root]") {
  Scene scene;
  scene.begin();
  const Event lost{.watch = -1, .mask = IN_Q_OVERFLOW, .name = {}};
  scene.watch->on_events({&lost, 1}, scene.now);
  CHECK_FALSE(scene.kernel.is_open);
  fs::create_directory(scene.root() / "missed");
  CHECK_FALSE(scene.after(seconds(1)));
  const auto changes = scene.after(seconds(1));
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::overflow);
  CHECK(scene.kernel.watches.contains(scene.path("missed")));
}

TEST_CASE("where watches run out the folder is polled, and the remedy is told", "[watch][root]") {
  Scene scene;
  scene.kernel.limit = 2;
  scene.open();
  const auto changes = scene.watch->take(scene.now);
  REQUIRE(changes.has_value());
  CHECK(changes->reason == Reason::start);
  const auto status = scene.watch->status();
  CHECK(status.mode == RootMode::poll);
  REQUIRE(status.problem.has_value());
  CHECK(status.problem->text() ==
        "the kernel's limit of watched folders is reached (8192 for each user); raise it: sudo "
        "sysctl fs.inotify.max_user_watches=131072; until then the folder is looked at every 300 "
        "s");
  CHECK_FALSE(scene.kernel.is_open);
  scene.done();
  CHECK(scene.watch->due() == scene.now + minutes(5));
  const auto next = scene.after(minutes(5));
  REQUIRE(next.has_value());
  CHECK(next->reason == Reason::interval);
}

TEST_CASE("watches that run out later lead to polling, too", "[watch][root]") {
  Scene scene;
  scene.begin();
  scene.kernel.limit = 3;
  fs::create_directory(scene.root() / "c");
  scene.tell(scene.root().string(), IN_CREATE | IN_ISDIR, "c");
  CHECK(scene.watch->status().mode == RootMode::poll);
  REQUIRE(scene.after(seconds(0)).has_value());
}

TEST_CASE("without inotify instances the folder is polled", "[watch][root]") {
  Scene scene;
  scene.kernel.has_instances = false;
  scene.open();
  CHECK(scene.watch->status().mode == RootMode::poll);
  CHECK(scene.watch->status().problem->text().find("max_user_instances") != std::string::npos);
}

TEST_CASE("the kernel is asked for inotify instances again", "[watch][root]") {
  Scene scene;
  scene.kernel.has_instances = false;
  scene.begin();
  REQUIRE(scene.after(minutes(10)).has_value());
  CHECK(scene.watch->status().mode == RootMode::poll);
  scene.done();

  scene.kernel.has_instances = true;
  REQUIRE(scene.after(minutes(5)).has_value());
  CHECK(scene.watch->status().mode == RootMode::poll);  // it was asked five minutes ago
  scene.done();
  const auto changes = scene.after(minutes(5));
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::interval);
  CHECK(scene.watch->status().mode == RootMode::notify);
  CHECK(scene.watch->status().folders == 3);
  CHECK_FALSE(scene.watch->status().problem);
  scene.done();
  CHECK(scene.watch->due() == scene.now + hours(24));
}

TEST_CASE("while nobody tells of the root's path, it is looked at sooner", "[watch][root]") {
  Scene scene;
  scene.path_kernel.has_instances = false;
  scene.begin();
  CHECK(scene.watch->status().mode == RootMode::notify);
  CHECK(scene.watch->due() == scene.now + minutes(5));
  scene.path_kernel.has_instances = true;
  REQUIRE(scene.after(minutes(5)).has_value());
  scene.done();
  CHECK(scene.path_kernel.is_open);
  CHECK(scene.watch->due() == scene.now + hours(24));
}

TEST_CASE("a network share is polled and not touched", "[watch][root]") {
  Scene scene;
  fs::remove_all(scene.root());  // whoever touched it would notice
  scene.open(mounts_of(scene.root().string(), "nfs4"));
  CHECK(scene.watch->status().mode == RootMode::poll);
  CHECK(scene.kernel.opened == 0);
  REQUIRE(scene.watch->take(scene.now).has_value());
  scene.watch->looked({.root = scene.root().string(), .problem = Error(Errc::io, "hangs")},
                      scene.now, Time{});
  CHECK(scene.watch->due() == scene.now + minutes(5));
  CHECK(scene.watch->status().problem->message() == "hangs");
}

TEST_CASE("a share that is told to be watched is watched, and looked at, too", "[watch][root]") {
  Scene scene(WatchedFolder::Mode::notify);
  scene.begin(mounts_of(scene.root().string(), "cifs"));
  CHECK(scene.watch->status().mode == RootMode::notify);
  CHECK(scene.watch->due() == scene.now + minutes(5));
}

TEST_CASE("a share below the root is left out, and looked at at the interval", "[watch][root]") {
  Scene scene;
  scene.begin(mounts_of(scene.path("a"), "nfs"));
  CHECK(scene.watch->status().folders == 1);
  CHECK(scene.watch->due() == scene.now + minutes(5));
}

TEST_CASE("a folder that is told to be polled is polled", "[watch][root]") {
  Scene scene(WatchedFolder::Mode::poll);
  scene.begin();
  CHECK(scene.kernel.opened == 0);
  CHECK(scene.watch->due() == scene.now + minutes(5));
}

TEST_CASE("a missing root is waited for at the nearest folder above", "[watch][root]") {
  Scene scene;
  fs::rename(scene.root().parent_path(), scene.root().parent_path().string() + ".away");
  scene.open();
  auto status = scene.watch->status();
  CHECK(status.mode == RootMode::missing);
  REQUIRE(status.problem.has_value());
  CHECK(status.problem->text().find("what is known of it stays") != std::string::npos);
  CHECK(scene.watch->due() == scene.now + seconds(30));

  const auto above = scene.root().parent_path().parent_path().string();
  REQUIRE(scene.kernel.watches.contains(above));
  scene.tell(above, IN_CREATE, "something else");
  CHECK(scene.watch->due() == scene.now + seconds(30));
  fs::rename(scene.root().parent_path().string() + ".away", scene.root().parent_path());
  scene.tell(above, IN_MOVED_TO | IN_ISDIR, "srv");
  CHECK(scene.watch->due() == scene.now);
  const auto changes = scene.after(seconds(0));
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::returned);
  CHECK_FALSE(scene.watch->status().problem);
}

TEST_CASE("a missing root is looked for, too", "[watch][root]") {
  Scene scene;
  fs::remove_all(scene.root());
  scene.open();
  CHECK_FALSE(scene.after(seconds(30)));
  fs::create_directories(scene.root());
  REQUIRE(scene.after(seconds(30)).has_value());
}

TEST_CASE("a root that leaves takes nothing along", "[watch][root]") {
  Scene scene;
  scene.begin();
  scene.tell(scene.path("a"), IN_DELETE, "one.cfg");
  SECTION("it was removed") {
    fs::remove_all(scene.root());
    scene.tell(scene.root().string(), IN_DELETE_SELF);
  }
  SECTION("it was renamed") {
    fs::rename(scene.root(), scene.root().string() + ".away");
    scene.tell(scene.root().string(), IN_MOVE_SELF);
  }
  SECTION("it was unmounted") {
    fs::remove_all(scene.root());
    scene.tell(scene.root().string(), IN_UNMOUNT);
  }
  SECTION("a folder above it was renamed, and nobody told") {
    fs::rename(scene.root().parent_path(), scene.root().parent_path().string() + ".away");
  }
  CHECK_FALSE(scene.after(seconds(2)));
  CHECK(scene.watch->status().mode == RootMode::missing);
  CHECK(scene.watch->status().dirty == 0);
}

TEST_CASE("another folder in the place of one above the root is looked at", "[watch][root]") {
  Scene scene;
  const auto above = scene.root().parent_path();
  SECTION("it told so itself") {
    scene.begin();
    fs::rename(above, above.string() + ".away");
    fs::create_directories(scene.root() / "new");
    CHECK(scene.tell_of_path(above.string(), IN_MOVE_SELF));
  }
  SECTION("it can't be watched, and the one above told") {
    scene.path_kernel.refused = {above.string()};
    scene.begin();
    fs::rename(above, above.string() + ".away");
    fs::create_directories(scene.root() / "new");
    CHECK(scene.tell_of_path(above.parent_path().string(), IN_MOVED_FROM | IN_ISDIR, "srv"));
  }
  const auto changes = scene.watch->take(scene.now);
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::returned);
  CHECK(scene.watch->status().folders == 2);
  CHECK(scene.kernel.watches.contains(scene.path("new")));
}

TEST_CASE("a root's link that is made anew leads to another folder", "[watch][root]") {
  Scene scene;
  const auto top = scene.root().parent_path();
  const auto link = top / "links" / "current";
  fs::create_directories(link.parent_path());
  fs::create_directories(top / "next" / "new");
  fs::create_directory_symlink(scene.root(), link);
  scene.make({.path = link.string()});
  scene.begin();
  CHECK(scene.watch->status().folders == 3);
  const auto links = link.parent_path().string();
  CHECK_FALSE(scene.tell_of_path(links, IN_CREATE, "something else"));
  CHECK(scene.path_kernel.opened == 1);

  fs::remove(link);
  fs::create_directory_symlink("../next", link);
  CHECK(scene.tell_of_path(links, IN_CREATE, "current"));
  const auto changes = scene.watch->take(scene.now);
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::returned);
  CHECK(changes->root == link.string());
  CHECK(scene.kernel.watches.contains((top / "next" / "new").string()));
  CHECK(scene.path_kernel.watches.contains((top / "next").string()));
}

TEST_CASE("a root that is reached by another way is told by its new path", "[watch][root]") {
  Scene scene;
  scene.begin();
  const auto above = scene.root().parent_path().string();
  fs::rename(above, above + ".away");
  fs::create_directory_symlink(above + ".away", above);
  CHECK(scene.tell_of_path(above, IN_MOVE_SELF));
  REQUIRE(scene.watch->take(scene.now).has_value());
  CHECK(scene.kernel.watches.contains(above + ".away/root/a"));
}

TEST_CASE("a folder above the root that moves and comes back changes nothing", "[watch][root]") {
  Scene scene;
  scene.begin();
  const auto above = scene.root().parent_path().string();
  CHECK(scene.tell_of_path(above, IN_MOVE_SELF));
  CHECK_FALSE(scene.watch->take(scene.now));
  CHECK(scene.kernel.opened == 1);
  const Event lost{.watch = -1, .mask = IN_Q_OVERFLOW, .name = {}};
  CHECK(scene.watch->on_path_events({&lost, 1}, scene.now));
  CHECK_FALSE(scene.watch->take(scene.now));
  CHECK(scene.kernel.opened == 1);
}

TEST_CASE("another folder in the root's place is looked at", "[watch][root]") {
  Scene scene;
  scene.begin();
  fs::rename(scene.root(), scene.root().string() + ".away");
  fs::create_directories(scene.root() / "new");
  scene.tell(scene.root().string(), IN_MOVE_SELF);
  const auto changes = scene.watch->take(scene.now);
  REQUIRE(changes.has_value());
  CHECK(changes->reason == Reason::returned);
  CHECK(scene.watch->status().folders == 2);
}

TEST_CASE("a file in the root's place can't be watched", "[watch][root]") {
  Scene scene;
  fs::remove_all(scene.root());
  std::ofstream(scene.root()) << "x";
  scene.open();
  CHECK(scene.watch->status().mode == RootMode::unreadable);
  CHECK(scene.watch->status().problem->text().starts_with("is no folder"));
}

TEST_CASE("a root that may not be read is tried again", "[watch][root]") {
  Scene scene;
  scene.kernel.refused = {scene.root().string()};
  scene.open();
  CHECK(scene.watch->status().mode == RootMode::unreadable);
  CHECK(scene.watch->status().problem->message() == "can't be watched: Permission denied");
  CHECK_FALSE(scene.watch->take(scene.now));
  scene.kernel.refused.clear();
  REQUIRE(scene.after(seconds(30)).has_value());
}

TEST_CASE("a folder that may not be read is told, and watched when it may", "[watch][root]") {
  Scene scene;
  scene.kernel.refused = {scene.path("a")};
  scene.begin();
  CHECK(scene.watch->status().mode == RootMode::notify);
  CHECK(scene.watch->status().folders == 1);
  REQUIRE(scene.watch->status().problem.has_value());
  CHECK(scene.watch->status().problem->text().find(scene.path("a")) != std::string::npos);
  scene.kernel.refused.clear();
  scene.tell(scene.root().string(), IN_ATTRIB | IN_ISDIR, "a");
  CHECK(scene.watch->status().folders == 3);
  CHECK_FALSE(scene.watch->status().problem);
}

TEST_CASE("of many folders that may not be read each is watched when it may", "[watch][root]") {
  constexpr int kFolders = 150;  // more than are remembered
  Scene scene;
  Paths names;
  for (int i = 0; i < kFolders; ++i) {
    names.push_back("closed " + std::to_string(i));
    fs::create_directory(scene.root() / names.back());
    scene.kernel.refused.insert(scene.path(names.back()));
  }
  scene.begin();
  CHECK(scene.watch->status().folders == 3);
  scene.kernel.refused.clear();
  for (const auto& name : names) {
    scene.tell(scene.root().string(), IN_ATTRIB | IN_ISDIR, name);
  }
  CHECK(scene.watch->status().folders == 3 + kFolders);
  CHECK_FALSE(scene.watch->status().problem);
}

TEST_CASE("what is mounted at or below the root makes it another tree", "[watch][root]") {
  Scene scene;
  scene.begin(mounts_of("/elsewhere", "ext4"));
  scene.watch->on_mounts(mounts_of("/elsewhere/else", "ext4"), scene.now);
  CHECK(scene.kernel.opened == 1);
  scene.watch->on_mounts(mounts_of(scene.path("a"), "ext4"), scene.now);
  CHECK(scene.kernel.opened == 2);
  scene.settle();
  CHECK(scene.watch->take(scene.now)->reason == Reason::mounted);
  scene.done();
  scene.watch->on_mounts(mounts_of("/elsewhere", "ext4"), scene.now);
  CHECK(scene.kernel.opened == 3);
}

TEST_CASE("a file system that left below the root takes nothing along", "[watch][root]") {
  Scene scene;
  scene.begin();
  scene.tell(scene.path("a"), IN_UNMOUNT);
  CHECK(scene.watch->status().folders == 1);
  CHECK(scene.watch->status().dirty == 0);
}

TEST_CASE("what was being written is looked at again when it has rested", "[watch][root]") {
  Scene scene;
  scene.open();
  REQUIRE(scene.watch->take(scene.now));
  scene.done({scene.path("a/one.cfg")});
  CHECK(scene.watch->due() == scene.now + seconds(2));
  const auto changes = scene.after(seconds(2));
  REQUIRE(changes.has_value());
  CHECK(changes->changed == Paths{scene.path("a/one.cfg")});
}

TEST_CASE("what was told and could not be stored is looked at again", "[watch][root]") {
  Scene scene;
  scene.begin();
  scene.tell(scene.path("a"), IN_CLOSE_WRITE, "one.cfg");
  REQUIRE(scene.after(seconds(2)).has_value());
  scene.watch->looked({.root = scene.root().string(),
                       .failed = true,
                       .problem = Error(Errc::io, "the disk is full")},
                      scene.now, Time{});
  CHECK(scene.watch->status().problem->message() == "the disk is full");
  const auto changes = scene.after(seconds(30));
  REQUIRE(changes.has_value());
  CHECK(changes->rescan);
  CHECK(changes->reason == Reason::retry);
  scene.done();
  CHECK_FALSE(scene.watch->status().problem);
  CHECK(scene.watch->due() == scene.now + hours(24));
}

TEST_CASE("a file that is written again and again is reported, not read", "[watch][root]") {
  Scene scene;
  scene.begin();
  for (int second = 0; second < 100; ++second) {
    scene.tell(scene.path("a"), IN_CLOSE_WRITE, "log.cfg");
    CHECK_FALSE(scene.after(seconds(1)));
  }
  CHECK(scene.watch->status().restless == 1);
  CHECK(scene.after(seconds(1)).has_value());
  CHECK(scene.watch->status().restless == 0);
}

TEST_CASE("what comes by a hard link is not waited for to be closed", "[watch][root]") {
  Scene scene;
  scene.begin();
  std::ofstream(scene.path("a/made.cfg")) << "x";
  scene.tell(scene.path("a"), IN_CREATE, "made.cfg");
  CHECK(scene.watch->due() == scene.now + seconds(20));
  fs::create_hard_link(scene.path("a/made.cfg"), scene.path("a/linked.cfg"));
  scene.tell(scene.path("a"), IN_CREATE, "linked.cfg");
  CHECK(scene.watch->due() == scene.now + seconds(2));
}

}  // namespace ot::agent::watch
