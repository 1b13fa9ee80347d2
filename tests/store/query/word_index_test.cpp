#include "store/word_index.hpp"

#include <string>
#include <vector>

#include "store/open.hpp"
#include "store/query/filter.hpp"
#include "store/query/vocabulary.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"
#include "tests/store/query/random.hpp"

namespace ot::store::query::test {
namespace {

using store::test::begin;
using store::test::cj2m;
using store::test::cpu;
using store::test::finish;
using store::test::Folder;
using store::test::gone;
using store::test::import;
using store::test::observe;
using store::test::raw;
using store::test::Version;

Page filtered(const std::string& filter) {
  auto parsed = parse(filter, asset_vocabulary(), now());
  INFO((parsed ? "" : parsed.error().text()));
  REQUIRE(parsed.has_value());
  Page page;
  page.filter = std::move(*parsed);
  return page;
}

std::int64_t found(Store& store, const std::string& filter) {
  const auto count = store.count_assets(filtered(filter));
  INFO((count ? "" : count.error().text()));
  REQUIRE(count.has_value());
  return *count;
}

bool is_sound(Store& store) {
  const auto wrong = store.check_words();
  INFO((wrong ? "" : wrong.error().text()));
  REQUIRE(wrong.has_value());
  return wrong->empty();
}

/// Takes back what came with telling others of the store.
constexpr const char* kWithoutUplink =
    "DROP TRIGGER files_added; DROP TRIGGER files_changed; DROP TRIGGER files_removed;"
    " DROP TRIGGER assets_changed; DROP TRIGGER assets_left; DROP TRIGGER observations_seen;"
    " DROP TRIGGER asset_keys_lost; DROP TRIGGER asset_keys_gained; DROP VIEW clock;"
    " DROP VIEW sightings; DROP TABLE changes; DROP TABLE sinks; DROP TABLE set_aside;"
    " DROP TABLE sensors; DROP TABLE received; DROP TABLE received_sightings;"
    " ALTER TABLE assets DROP COLUMN sensor; DROP INDEX files_received; DROP INDEX files_live;"
    " ALTER TABLE files DROP COLUMN sensor; ALTER TABLE files DROP COLUMN seen_by;"
    " ALTER TABLE files DROP COLUMN sensor_uuid; ALTER TABLE files DROP COLUMN generation;"
    " CREATE UNIQUE INDEX files_live ON files(path, (status = 'Importing'))"
    " WHERE status <> 'Deleted';";

/// A store as the rackscout before the index of words left it.
void make_older(const std::string& path) {
  auto database = raw(path);
  const auto without = database.execute(kWithoutUplink);
  INFO((without ? "" : without.error().text()));
  REQUIRE(without.has_value());
  const auto done = database.execute(
      "DROP TABLE group_runs; DROP TABLE targets;"
      " DROP TABLE asset_words; DROP TRIGGER assets_shown; DROP TABLE words_due;"
      " ALTER TABLE observations DROP COLUMN asked; ALTER TABLE asset_keys DROP COLUMN said_at;"
      " DROP INDEX assets_newest; DROP INDEX files_newest;"
      " DELETE FROM meta WHERE name = 'words'; PRAGMA user_version = 3");
  INFO((done ? "" : done.error().text()));
  REQUIRE(done.has_value());
}

}  // namespace

TEST_CASE("the words stay those of what is shown, whatever happens to the assets", "[query]") {
  Folder folder;
  Dice dice(3);
  auto store = store::test::open(folder.path("s.db"));
  for (int step = 0; step < 150; ++step) {
    INFO("step " << step);
    switch (dice.below(4)) {
      case 0:
      case 1: import(store, random_version(dice)); break;
      case 2: observe(store, random_observation(dice)); break;
      default: gone(store, "/plant/" + std::to_string(dice.below(40)) + ".cfg"); break;
    }
    if (step % 10 == 9) {
      CHECK(is_sound(store));
    }
  }
}

TEST_CASE("an asset that leaves the list is found no more, and again when it returns", "[query]") {
  Folder folder;
  auto store = store::test::open(folder.path("s.db"));
  import(store, {.assets = { cpu("Kiln 1", "A1") }});
  CHECK(found(store, "station: \"kiln\"") == 1);
  gone(store, "/plant/line1.cfg");
  CHECK(found(store, "station: \"kiln\"") == 0);
  CHECK(is_sound(store));
  import(store, {.assets = { cpu("Kiln 1", "A1") }});
  CHECK(found(store, "station: \"kiln\"") == 1);
  observe(store, cj2m());
  CHECK(found(store, "hardware.vendor: Omron") == 1);
}

TEST_CASE("what the open batch changed is found before it is committed", "[query]") {
  Folder folder;
  auto store = store::test::open(folder.path("s.db"));
  const Version version{.assets = {cpu("Kiln 1", "A1")}};
  finish(store, begin(store, version), version);
  CHECK(found(store, "station: Kiln") == 1);
  auto reader = store::test::open(folder.path("s.db"), Mode::read_only);
  CHECK(found(reader, "station: Kiln") == 0);
  REQUIRE(store.commit().has_value());
  CHECK(found(reader, "station: Kiln") == 1);
}

TEST_CASE("a store of an earlier rackscout is indexed when it is opened for writing", "[query]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = store::test::open(path);
    import(store, {.assets = { cpu("Kiln 1", "A1"), cpu("Kiln 2", "A2") }});
    observe(store, cj2m());
  }
  make_older(path);
  const auto refused = Store::open(path, Mode::read_only);
  REQUIRE_FALSE(refused.has_value());
  CHECK_FALSE(refused.error().hint().empty());
  auto store = store::test::open(path);
  CHECK(found(store, "station: Kiln") == 2);
  CHECK(found(store, "addOn.unitAddress: 18") == 1);
  CHECK(is_sound(store));
}

TEST_CASE("words of other rules are renewed by writing and refused by reading", "[query]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = store::test::open(path);
    import(store, {.assets = { cpu("Kiln 1", "A1") }});
  }
  REQUIRE(raw(path)
              .execute("UPDATE meta SET value = value + 1 WHERE name = 'words';"
                       " UPDATE asset_words SET station = 'other'")
              .has_value());
  {
    auto reader = store::test::open(path, Mode::read_only);
    CHECK(store::test::assets(reader).size() == 1);
    const auto refused = reader.count_assets(filtered("station: Kiln"));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code() == Errc::unsupported);
    CHECK(refused.error().hint().find("ingest") != std::string::npos);
  }
  auto store = store::test::open(path);
  CHECK(found(store, "station: Kiln") == 1);
  CHECK(is_sound(store));
}

TEST_CASE("words that are wrong, missing or left over are noticed", "[query]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = store::test::open(path);
    import(store, {.assets = { cpu("Kiln 1", "A1"), cpu("Kiln 2", "A2"), cpu("Kiln 3", "A3") }});
    CHECK(is_sound(store));
  }
  REQUIRE(raw(path)
              .execute("UPDATE asset_words SET station = 'kiln' WHERE rowid = 1;"
                       " DELETE FROM asset_words WHERE rowid = 2;"
                       " INSERT INTO asset_words(rowid, name) VALUES(9, 'ghost')")
              .has_value());
  auto store = store::test::open(path);
  CHECK(store.check_words() == std::vector<AssetId>{1, 2, 9});
  auto reader = store::test::open(path, Mode::read_only);
  CHECK(reader.check_words() == std::vector<AssetId>{1, 2, 9});
}

}  // namespace ot::store::query::test
