#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <functional>

#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

constexpr int kSkipped = 77;

/// Runs the work in a child process; answers how that ended, as waitpid says it.
int in_child(const std::function<int()>& work) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ::_exit(work());
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  return status;
}

Version version_of(int number, std::size_t modules) {
  Asset asset = cpu("S" + std::to_string(number), "A" + std::to_string(number));
  asset.add_ons.clear();
  for (std::uint32_t slot = 0; slot < modules; ++slot) {
    asset.add_ons.push_back(module_at(slot, "6ES7321-1BH02-0AA0"));
  }
  return {.path = "/plant/" + std::to_string(number) + ".cfg", .assets = {asset}};
}

/// Begins a file and imports it, without the test framework: for children.
Result<void> try_import(Store& store, const Version& version) {
  const NewImport file{
      .path = version.path, .stamp = {}, .place = {}, .uploaded_by = "x", .same_row = 0};
  const auto ids = store.begin_imports({&file, 1});
  if (!ids) {
    return fail(ids.error());
  }
  ImportOutcome outcome;
  outcome.digests.sha256 = version.content;
  outcome.project.assets = version.assets;
  return store.finish_import(ids->front(), outcome);
}

/// Fills the store until it fails. 0: the error was a clear one, the commit
/// said so too, and the store is sound with what was committed before.
int fill(const std::string& path) {
  auto store = Store::open(path, Mode::read_write);
  if (!store || !try_import(*store, version_of(0, 10)) || !store->commit()) {
    return 1;
  }
  Result<void> done;
  for (int number = 1; done && number < 10'000; ++number) {
    done = try_import(*store, version_of(number, 2'000));
    done = done ? store->commit() : done;
  }
  if (done || done.error().code() != Errc::io || done.error().hint().empty()) {
    return 2;
  }
  static_cast<void>(store->commit());
  std::size_t whole = 0;
  bool half = false;
  const auto listed = store->list_assets({}, [&](const StoredAsset& asset) {
    whole += 1;
    half = half || (asset.shown.add_ons.size() != 10 && asset.shown.add_ons.size() != 2'000);
    return true;
  });
  return listed && whole >= 1 && !half ? 0 : 3;
}

int die_in_a_batch(const std::string& path) {
  auto store = Store::open(path, Mode::read_write);
  if (!store || !try_import(*store, version_of(1, 10)) || !store->commit()) {
    return 1;
  }
  std::vector<NewImport> more(3);
  for (std::size_t i = 0; i < more.size(); ++i) {
    more[i].path = "/plant/more" + std::to_string(i) + ".cfg";
  }
  const auto ids = store->begin_imports(more);
  ImportOutcome outcome;
  // More than the cache holds, so that parts of it are in the -wal already.
  outcome.project.assets = version_of(2, 50'000).assets;
  if (!ids || !store->finish_import(ids->front(), outcome)) {
    return 1;
  }
  return ::raise(SIGKILL);
}

/// A rack that was swapped in all its places is half written when the process dies.
int die_while_observing(const std::string& path) {
  auto store = Store::open(path, Mode::read_write);
  Observation seen = cj2m();
  for (int number = 0; number < 20'000; ++number) {
    seen.record.add_ons.push_back(unit(std::to_string(100 + number), "old", Category::io));
  }
  if (!store || !store->observe(seen) || !store->commit()) {
    return 1;
  }
  seen.at = on_day(2);
  for (AddOn& add_on : seen.record.add_ons) {
    add_on.hardware.model = "new";
  }
  // More than the cache holds, so that parts of it are in the -wal already.
  if (!store->observe(seen) || !store->observe(cj2m_port())) {
    return 1;
  }
  return ::raise(SIGKILL);
}

/// One batch meets a limit on the size of files; the next one meets none.
int lose_a_batch(const std::string& path) {
  auto store = Store::open(path, Mode::read_write);
  if (!store || !try_import(*store, version_of(1, 10)) || !store->commit()) {
    return 1;
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, SIG_IGN);
  limit.rlim_cur = 600'000;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto failed = try_import(*store, version_of(2, 50'000));
  const auto lost = store->commit();
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_FSIZE, &limit);
  if (failed || lost) {
    return 2;
  }
  return try_import(*store, version_of(3, 10)) && store->commit() ? 0 : 3;
}

/// A file system of half a megabyte that only this process sees.
bool mount_small(const std::string& path) {
  const int spaces = ::geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWNS | CLONE_NEWUSER;
  return ::unshare(spaces) == 0 &&
         ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
         ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=600k") == 0;
}

}  // namespace

TEST_CASE("a process killed in an open batch leaves Importing rows and no half records",
          "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  const int status = in_child([&path] { return die_in_a_batch(path); });
  REQUIRE(WIFSIGNALED(status));
  auto store = open(path);
  CHECK(only_asset(store).shown.add_ons.size() == 10);
  CHECK(store.counts()->add_ons == 10);
  const auto known = store.known_below("/plant");
  REQUIRE(known->size() == 4);
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK((*known)[i].status == FileStatus::importing);
  }
  auto database = Database::open(path, Database::Access::read_only);
  Query check(*database, "PRAGMA integrity_check");
  REQUIRE(check.next());
  CHECK(check.text() == "ok");
}

TEST_CASE("a process killed while it observes leaves what was committed", "[store][observe]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  const int status = in_child([&path] { return die_while_observing(path); });
  REQUIRE(WIFSIGNALED(status));
  auto store = open(path);
  const StoredAsset asset = only_asset(store);
  REQUIRE(asset.shown.add_ons.size() == 20'003);
  CHECK(asset.shown.add_ons.front().record.hardware.model == "old");
  CHECK(store.counts()->add_ons == 20'003);
  REQUIRE(asset.sightings.size() == 1);
  CHECK(asset.sightings.front().last_seen == on_day(1));
  CHECK(store.sources_of(asset.asset_id)->front().add_ons.size() == 20'003);
  CHECK(store.journal()->empty());
}

TEST_CASE("a file size limit is an error that says so, and nothing half is kept", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  const int status = in_child([&path] {
    const rlimit limit{.rlim_cur = 600'000, .rlim_max = 600'000};
    std::signal(SIGXFSZ, SIG_IGN);
    return ::setrlimit(RLIMIT_FSIZE, &limit) == 0 ? fill(path) : 9;
  });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a full disk is an error that says so, and nothing half is kept", "[store]") {
  Folder folder;
  const int status = in_child(
      [&folder] { return mount_small(folder.path("")) ? fill(folder.path("s.db")) : kSkipped; });
  REQUIRE(WIFEXITED(status));
  if (WEXITSTATUS(status) == kSkipped) {
    WARN("skipped: this machine lets nobody mount a small file system");
    return;
  }
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("a lost batch is told at commit, and the next one works", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  const int status = in_child([&path] { return lose_a_batch(path); });
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  auto store = open(path);
  CHECK(assets(store).size() == 2);
  CHECK(store.counts()->add_ons == 20);
}

}  // namespace ot::store::test
