#include "store/schema.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "base/hash.hpp"
#include "store/open.hpp"
#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

std::string schema_of(Database& database) {
  Query query(database, "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name");
  std::string all;
  while (query.next()) {
    all += query.text() + "\n";
  }
  REQUIRE(query.end().has_value());
  return all;
}

std::int64_t pragma(Database& database, const std::string& name) {
  Query query(database, ComposedSql{"PRAGMA " + name});
  REQUIRE(query.next());
  return query.integer();
}

std::string bytes_of(const std::string& path) {
  std::ostringstream all;
  all << std::ifstream(path, std::ios::binary).rdbuf();
  return all.str();
}

mode_t mode_of(const std::string& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

Error refusal(const std::string& path, Mode mode = Mode::read_write) {
  auto store = Store::open(path, mode);
  REQUIRE_FALSE(store.has_value());
  return store.error();
}

/// Acts as nobody while it lives, where the tests run as root.
class Unprivileged {
 public:
  Unprivileged() : changed_(::geteuid() == 0 && ::seteuid(65534) == 0) {}
  ~Unprivileged() {
    if (changed_ && ::seteuid(0) != 0) {
      std::abort();
    }
  }

 private:
  bool changed_;
};

}  // namespace

TEST_CASE("a fresh store has the schema that migrating every earlier version leads to", "[store]") {
  Folder folder;
  auto fresh = open_database(folder.path("fresh.db"), Mode::read_write);
  REQUIRE(fresh.has_value());
  for (std::size_t version = 1; version <= migrations().size(); ++version) {
    const std::string path = folder.path("from" + std::to_string(version) + ".db");
    {
      auto older = raw(path);
      REQUIRE(migrate(older, migrations().first(version)).has_value());
    }
    auto migrated = open_database(path, Mode::read_write);
    REQUIRE(migrated.has_value());
    CHECK(schema_of(*migrated) == schema_of(*fresh));
    CHECK(pragma(*migrated, "user_version") == pragma(*fresh, "user_version"));
  }
  CHECK(pragma(*fresh, "application_id") == kApplicationId);
}

TEST_CASE("a store of an earlier version gets the missing steps and keeps its rows", "[store]") {
  Folder folder;
  const std::array<std::string_view, 2> steps = {"CREATE TABLE a(x INTEGER) STRICT;",
                                                 "ALTER TABLE a ADD COLUMN y INTEGER;"};
  auto database = raw(folder.path("s.db"));
  REQUIRE(migrate(database, std::span(steps).first(1)).has_value());
  REQUIRE(database.execute("INSERT INTO a VALUES(1)").has_value());
  CHECK(examine(database, steps) == Kind::older);
  REQUIRE(migrate(database, steps).has_value());
  CHECK(examine(database, steps) == Kind::current);
  CHECK(*integer_from(database, "SELECT count(*) FROM a WHERE y IS NULL") == 1);
}

TEST_CASE("a step that fails leaves the store at the version it had", "[store]") {
  Folder folder;
  const std::array<std::string_view, 3> steps = {"CREATE TABLE a(x INTEGER) STRICT;",
                                                 "CREATE TABLE b(x INTEGER) STRICT;", "NONSENSE"};
  auto database = raw(folder.path("s.db"));
  REQUIRE(migrate(database, std::span(steps).first(1)).has_value());
  CHECK_FALSE(migrate(database, steps).has_value());
  CHECK(pragma(database, "user_version") == 1);
  CHECK_FALSE(database.in_transaction());
  CHECK(*integer_from(database, "SELECT count(*) FROM sqlite_schema") == 1);
}

TEST_CASE("a released migration is not edited", "[store]") {
  // Never change a number here: add a migration and its number.
  const std::array<std::string, 7> released = {
      "5adb3104418c5503", "ce3e94ee1103d197", "26e742d05bf529e4", "91042efb612768b0",
      "761e2bd2dc854c49", "e571965c708652ac", "2991c9822c3ca162"};
  REQUIRE(migrations().size() == released.size());
  for (std::size_t i = 0; i < released.size(); ++i) {
    FileHasher hasher;
    hasher.add(migrations()[i]);
    CHECK(hasher.finish().sha256.substr(0, 16) == released[i]);
  }
}

TEST_CASE("a store of a later rackscout is refused and not touched", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  { open(path); }
  { REQUIRE(raw(path).execute("PRAGMA user_version = 99").has_value()); }
  const std::string before = bytes_of(path);
  for (const Mode mode : {Mode::read_write, Mode::read_only}) {
    const Error error = refusal(path, mode);
    CHECK(error.code() == Errc::unsupported);
    CHECK(error.text().find("schema 99") != std::string::npos);
    CHECK_FALSE(error.hint().empty());
  }
  CHECK(bytes_of(path) == before);
}

TEST_CASE("another program's SQLite file is refused and not touched", "[store]") {
  Folder folder;
  const std::string path = folder.path("places.sqlite");
  { REQUIRE(raw(path).execute("CREATE TABLE moz_places(id INTEGER)").has_value()); }
  const std::string before = bytes_of(path);
  const Error error = refusal(path);
  CHECK(error.code() == Errc::wrong_use);
  CHECK(error.text().find("another program") != std::string::npos);
  CHECK(bytes_of(path) == before);
}

TEST_CASE("a file that is no SQLite database is refused as corrupt and not touched", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  std::ofstream(path) << std::string(5000, 'x');
  const Error error = refusal(path);
  CHECK(error.code() == Errc::corrupt);
  CHECK(error.text().find(path) != std::string::npos);
  CHECK(error.hint().find("backup") != std::string::npos);
  CHECK(bytes_of(path) == std::string(5000, 'x'));
}

TEST_CASE("a damaged page is an error that says corrupt", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = open(path);
    import(store, {.assets = { cpu("S1", "A1") }});
  }
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const std::string garbage(4096, '\xff');
  for (int page = 1; page < 20; ++page) {
    file.seekp(page * 4096);
    file.write(garbage.data(), 4096);
  }
  file.close();
  auto store = Store::open(path, Mode::read_only);
  const auto listed = store ? store->list_assets({}, [](const StoredAsset&) { return true; })
                            : Result<void>(fail(store.error()));
  REQUIRE_FALSE(listed.has_value());
  CHECK(listed.error().code() == Errc::corrupt);
}

TEST_CASE("a store that is not there can be written but not read", "[store]") {
  Folder folder;
  const std::string path = folder.path("a/b/s.db");
  CHECK(refusal(path, Mode::read_only).code() == Errc::not_found);
  CHECK_FALSE(std::filesystem::exists(folder.path("a")));
  open(path);
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("only the owner can read a new store, its -wal, its -shm and its folder", "[store]") {
  Folder folder;
  const mode_t before = ::umask(0);
  const std::string path = folder.path("deep/s.db");
  auto store = open(path);
  import(store, {.assets = { cpu("S1", "A1") }});
  ::umask(before);
  CHECK(mode_of(path) == 0600);
  CHECK(mode_of(path + "-wal") == 0600);
  CHECK(mode_of(path + "-shm") == 0600);
  CHECK(mode_of(folder.path("deep")) == 0700);
}

TEST_CASE("names that SQLite would take for something else are files", "[store]") {
  Folder folder;
  for (const std::string name : {":memory:", "a?mode=memory", "100%25.db", "a#b"}) {
    open(folder.path(name));
    CHECK(std::filesystem::exists(folder.path(name)));
  }
  CHECK(refusal("").code() == Errc::wrong_use);
}

TEST_CASE("a store in a folder that can't be written is readable by somebody else", "[store]") {
  Folder folder;
  const std::string path = folder.path("shared/s.db");
  {
    auto store = open(path);
    import(store, {.assets = { cpu("S1", "A1") }});
  }
  ::chmod(folder.path("").c_str(), 0755);
  ::chmod(path.c_str(), 0444);
  ::chmod(folder.path("shared").c_str(), 0555);
  {
    const Unprivileged nobody;
    auto store = open(path, Mode::read_only);
    CHECK(only_asset(store).shown.add_ons.size() == 3);
    CHECK_FALSE(store.remember_foreign("/x", {}, now()).has_value());
  }
  ::chmod(folder.path("shared").c_str(), 0755);
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
}

TEST_CASE("a store is read while another process has it open and writes", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto writer = open(path);
  import(writer, {.assets = { cpu("S1", "A1") }});
  const Version second{.path = "/plant/line2.cfg", .assets = {cpu("S2", "A2")}};
  finish(writer, begin(writer, second), second);
  auto reader = open(path, Mode::read_only);
  CHECK(assets(reader).size() == 1);
  REQUIRE(writer.commit().has_value());
  CHECK(assets(reader).size() == 2);
}

}  // namespace ot::store::test
