#include <sys/stat.h>

#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

constexpr std::chrono::hours kYear{365 * 24};

/// One station, under ever another name.
void save_as(Store& store, int number) {
  const auto text = std::to_string(number);
  import(store, {.path = "/a/1.cfg", .content = text, .assets = { cpu("S" + text, "A1") }});
}

constexpr const char* kManyDeleted =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20010)"
    " INSERT INTO files(file_uuid, path, name, extension, status, last_updated, uploaded_by,"
    " device, inode, size, mtime_ns, ctime_ns, site, area, plant_location)"
    " SELECT randomblob(16), '/b/' || i, i, '.cfg', 'Deleted', i, '', 0, 0, 0, 0, 0, '', '', '' "
    "FROM n";

}  // namespace

TEST_CASE("history goes when it is too old, and nothing that lives does", "[store][upkeep]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "A1") }});
  import(store, {.path = "/a/1.cfg", .content = "second", .assets = { cpu("S1", "A1") }});
  REQUIRE(store.journal()->size() == 2);
  REQUIRE(files(store).size() == 2);
  CHECK(*store.trim({.age = kYear}, now()) == 0);
  CHECK(*store.trim({.age = kYear}, now() + 2 * kYear) == 3);
  CHECK(store.journal()->empty());
  REQUIRE(files(store).size() == 1);
  CHECK(files(store).front().status == FileStatus::imported);
  CHECK(assets(store).size() == 1);
  CHECK(store.check()->empty());
}

TEST_CASE("much history goes in pieces, and of deleted files the last are kept",
          "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  auto store = open(path);
  import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "A1") }});
  import(store, {.path = "/a/1.cfg", .content = "second", .assets = { cpu("S1", "A1") }});
  REQUIRE(raw(path).execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)"
      " INSERT INTO journal(at, kind, subject, before, after) SELECT 0, 'test', i, '', '' FROM n"));
  REQUIRE(raw(path).execute(kManyDeleted));
  CHECK(*store.trim({.age = kYear}, Time(kYear) + std::chrono::hours(1)) == 25'000 + 20'010);
  CHECK(store.journal()->size() == 2);
  CHECK(store.check()->empty());
  REQUIRE(raw(path).execute(kManyDeleted));
  CHECK(*store.trim({}, now()) == 11);  // one was there
  auto database = raw(path);
  CHECK(*integer_from(database, "SELECT min(last_updated) FROM files") == 12);
}

TEST_CASE("an asset that left the list long ago is forgotten, one that may return is not",
          "[store][upkeep]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "A1") }});
  import(store, {.path = "/a/1.cfg", .content = "second", .assets = { cpu("S2", "A2") }});
  REQUIRE(store.find_assets("1")->size() == 1);
  REQUIRE(store.trim({.age = kYear}, now()).has_value());
  CHECK(store.find_assets("1")->size() == 1);
  REQUIRE(store.trim({.age = kYear}, now() + 2 * kYear).has_value());
  CHECK(store.find_assets("1")->empty());
  CHECK(store.find_assets("2")->size() == 1);
  CHECK(assets(store).size() == 1);
  CHECK(store.check()->empty());
}

TEST_CASE("of the places that an asset ever had the last ones are kept", "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  auto store = open(path);
  const auto knows = [&path](int number) {
    auto database = raw(path);
    return *integer_from(database, "SELECT count(*) FROM asset_keys WHERE value LIKE ?",
                         "%\ns" + std::to_string(number) + "\n%") == 1;
  };
  const auto days_pass = [&path] {
    REQUIRE(raw(path).execute("UPDATE asset_keys SET said_at = said_at - 200000000"));
  };
  for (int number = 0; number < 300; ++number) {
    save_as(store, number);
    if (number == 20) {
      days_pass();
    }
  }
  save_as(store, 0);
  save_as(store, 300);
  REQUIRE(store.trim({}, now()).has_value());
  CHECK(knows(0));
  CHECK(knows(300));
  CHECK_FALSE(knows(1));
  CHECK_FALSE(knows(20));
  auto database = raw(path);
  CHECK(*integer_from(database, "SELECT count(*) FROM asset_keys") == 257);
  CHECK(assets(store).size() == 1);
  CHECK(store.check()->empty());
}

TEST_CASE("what an earlier rackscout knew of places is kept", "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  auto store = open(path);
  for (int number = 0; number < 300; ++number) {
    save_as(store, number);
  }
  auto database = raw(path);
  REQUIRE(database.execute("UPDATE asset_keys SET said_at = 0"));
  REQUIRE(store.trim({}, now()).has_value());
  CHECK(*integer_from(database, "SELECT count(*) FROM asset_keys") == 301);
}

TEST_CASE("the oldest entries go when the journal is too large", "[store][upkeep]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  for (int i = 0; i < 20; ++i) {
    import(store, {.path = "/a/1.cfg", .content = std::to_string(i), .assets = {}});
  }
  const auto before = *store.journal();
  CHECK(*store.trim({.journal_size = 1 << 20}, now()) == 0);
  const auto removed = *store.trim({.journal_size = 500}, now());
  const auto left = *store.journal();
  CHECK(removed + static_cast<std::int64_t>(left.size()) == 20);
  REQUIRE_FALSE(left.empty());
  CHECK(left.size() < 10);
  CHECK(left.back().after == before.back().after);
  CHECK(*store.trim({}, now() + 10 * kYear) == 0);
}

TEST_CASE("the size of the journal is one of bytes, not of characters", "[store][upkeep]") {
  const auto left = [](const std::string& name) {
    Folder folder;
    auto store = open(folder.path("s.db"));
    for (int i = 0; i < 20; ++i) {
      import(store, {.path = "/" + name + "/1.cfg", .content = std::to_string(i), .assets = {}});
    }
    REQUIRE(store.trim({.journal_size = 4000}, now()).has_value());
    return store.journal()->size();
  };
  std::string umlauts;
  for (int i = 0; i < 100; ++i) {
    umlauts += "\u00fc";
  }
  CHECK(left(umlauts) < 20);
  CHECK(left(umlauts) == left(std::string(umlauts.size(), 'u')));
}

TEST_CASE("the journal can be read from a time on", "[store][upkeep]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  observe(store, cj2m());
  Observation changed = cj2m(on_day(2));
  changed.record.firmware_version = "2.10";
  observe(store, changed);
  changed.at = on_day(3);
  changed.record.firmware_version = "2.11";
  observe(store, changed);
  std::vector<std::string> seen;
  const auto take = [&seen](const JournalEntry& entry) {
    seen.push_back(entry.after);
    return true;
  };
  REQUIRE(store.journal_since(on_day(3), take));
  CHECK(seen == std::vector<std::string>{"the asset itself: CJ2M-CPU33, firmware 2.11"});
  REQUIRE(store.journal_since(on_day(4), take));
  CHECK(seen.size() == 1);
}

TEST_CASE("a sound store has nothing to complain of, a meddled one has", "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  {
    auto store = open(path);
    import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "A1") }});
    observe(store, cj2m());
    CHECK(store.check()->empty());
  }
  auto raw = Database::open(path, Database::Access::read_write);
  REQUIRE(raw);
  SECTION("a file that is gone") {
    REQUIRE(raw->execute("DELETE FROM files"));
  }
  SECTION("an asset that is gone") {
    REQUIRE(raw->execute("DELETE FROM assets WHERE asset_id = 1"));
  }
  SECTION("add-ons that are gone") {
    REQUIRE(raw->execute("DELETE FROM add_ons WHERE asset_id = 1"));
  }
  SECTION("an index that lacks a row") {
    REQUIRE(raw->execute("PRAGMA writable_schema = OFF; DELETE FROM asset_facts"));
  }
  CHECK_FALSE(open(path, Mode::read_only).check()->empty());
}

TEST_CASE("a backup is a whole store, for its owner alone", "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  const auto copy = folder.path("copy.db");
  auto store = open(path);
  import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "A1") }});
  auto reading = open(path, Mode::read_only);
  REQUIRE(reading.back_up(copy));
  struct stat status {};
  REQUIRE(::stat(copy.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  CHECK(dump(copy) == dump(path));
  SECTION("it never replaces a file") {
    const auto again = reading.back_up(copy);
    REQUIRE_FALSE(again);
    CHECK(again.error().text().find("File exists") != std::string::npos);
    CHECK(dump(copy) == dump(path));
  }
  SECTION("and goes on as a store of its own") {
    auto other = open(copy);
    import(other, {.path = "/a/2.cfg", .assets = { cpu("S2", "A2") }});
    CHECK(assets(other).size() == 2);
    CHECK(assets(store).size() == 1);
  }
}

TEST_CASE("a forgotten asset leaves nothing but the journal", "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  auto store = open(path);
  observe(store, cj2m());
  const AssetId other = observe(store, meter("M1"));
  const auto uuid = store.find_assets(std::to_string(other))->front().asset_uuid;
  REQUIRE(store.forget_asset(other));
  REQUIRE(store.commit());
  CHECK(assets(store).size() == 1);
  CHECK(store.find_assets(uuid.text())->empty());
  CHECK(store.check()->empty());
  REQUIRE(entries(store, "asset.forgotten").size() == 1);
  CHECK(dump(path, {"journal"}).find("M1") == std::string::npos);
  SECTION("its id is not given again") {
    CHECK(observe(store, meter("M2")) > other);
  }
  SECTION("it may come back") {
    observe(store, meter("M1"));
    CHECK(assets(store).size() == 2);
    CHECK(store.find_assets(uuid.text())->size() == 1);
  }
  SECTION("one that is not there") {
    const auto forgotten = store.forget_asset(4711);
    REQUIRE_FALSE(forgotten);
    CHECK(forgotten.error().code() == Errc::not_found);
  }
}

}  // namespace ot::store::test
