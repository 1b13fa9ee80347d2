#include <cstdlib>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "base/number.hpp"
#include "store/schema.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"
#include "tests/store/power_trial.hpp"

namespace ot::store::test {
namespace {

/// RACKSCOUT_POWER: how many plants are tried, at all points and in all ways; unset: a sample.
std::size_t plants() {
  const char* text = std::getenv("RACKSCOUT_POWER");
  return whole_number<std::size_t>(text == nullptr ? "" : text).value_or(0);
}

Tried fail_power(const std::vector<DiskEvent>& events, std::span<const Moment> moments,
                 std::uint64_t seed, std::size_t sample) {
  PowerTrial trial(events, moments, seed);
  return plants() > 0 ? trial.run() : trial.run_sample(sample);
}

void check(const std::string& what, const Tried& tried) {
  if (plants() > 0) {
    fmt::print(
        "{}: {} writes, {} syncs; {} points, {} states of the disk, {} more of a second cut\n",
        what, tried.writes, tried.syncs, tried.points, tried.states, tried.again);
    std::fflush(stdout);
  }
  INFO(what);
  CHECK(tried.trouble == "");
}

std::string folder_of(const Folder& folder) {
  return std::filesystem::path(folder.path("s.db")).parent_path();
}

/// The first one has the limits that every store has.
Settings limits_of(std::uint64_t plant) {
  return plant == 1 && plants() > 0
             ? Settings{}
             : Settings{.log_pages = static_cast<int>(20 + 30 * (plant % 3)), .cache_pages = 12};
}

Tried try_plant(std::uint64_t plant, Settings settings) {
  constexpr std::size_t kSteps = 60;
  Folder folder;
  std::optional<LoggingVfs> log(std::in_place, folder_of(folder), settings);
  const auto moments = PowerPlant(folder.path("s.db"), *log, plant).work(kSteps);
  const auto events = log->events();
  log.reset();
  return fail_power(events, moments, plant, 40);
}

std::vector<std::string> texts(Database& database, const std::string& sql) {
  std::vector<std::string> all;
  Query query(database, ComposedSql{sql});
  while (query.next()) {
    all.push_back(query.text());
  }
  REQUIRE(query.end().has_value());
  return all;
}

/// A store of an earlier schema that holds what can be taken over from a newer one.
void make_older(const std::string& path, std::size_t version, const std::string& newer) {
  auto older = raw(path);
  REQUIRE(older.execute("PRAGMA journal_mode = WAL"));
  REQUIRE(migrate(older, migrations().first(version)));
  REQUIRE(older.execute("ATTACH '" + newer + "' AS newer; BEGIN"));
  for (const auto& table : texts(older,
                                 "SELECT name FROM main.sqlite_schema WHERE type = 'table'"
                                 " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                                 " AND name NOT LIKE 'asset\\_words%' ESCAPE '\\'")) {
    const auto columns =
        texts(older, "SELECT group_concat(name) FROM pragma_table_info('" + table + "', 'main')")
            .front();
    REQUIRE(older.execute("REPLACE INTO main." + table + "(" + columns + ") SELECT " + columns +
                          " FROM newer." + table));
  }
  REQUIRE(older.execute("DELETE FROM main.meta WHERE name = 'words'; COMMIT"));
}

Tried try_upgrade(std::size_t version, const std::string& newer) {
  Folder folder;
  const auto path = folder.path("s.db");
  make_older(path, version, newer);
  std::optional<LoggingVfs> log(std::in_place, folder_of(folder));
  Moment upgraded{.what = "upgrade"};
  {
    auto store = open(path);
    upgraded.end = log->events().size();
    upgraded.rows = dump(path);
    upgraded.promise = promise_of(store);
  }
  const auto events = log->events();
  log.reset();
  CHECK(upgraded.promise.files.size() == 2);
  return fail_power(events, {&upgraded, 1}, version, 8);
}

}  // namespace

TEST_CASE("whenever the power fails, what was promised is there, and nothing by halves",
          "[store][power]") {
  for (std::uint64_t plant = 1; plant <= std::max<std::size_t>(plants(), 1); ++plant) {
    const auto tried = try_plant(plant, limits_of(plant));
    check(fmt::format("plant {}", plant), tried);
    CHECK(tried.states > 50);
    CHECK(tried.again > 0);
  }
}

TEST_CASE("a power cut finds out a store that spares its syncs", "[store][power]") {
  auto settings = limits_of(2);
  settings.spares_syncs = true;
  CHECK_THAT(try_plant(2, settings).trouble, Catch::Contains("not what it was before or after"));
}

TEST_CASE("a power cut finds out a store that takes a sector for safe", "[store][power]") {
  auto settings = limits_of(2);
  settings.trusts_sector = true;
  CHECK_THAT(try_plant(2, settings).trouble, Catch::Contains("garbage"));
}

TEST_CASE("whenever the power fails while a store is upgraded, the next start upgrades it",
          "[store][power]") {
  Folder folder;
  const auto newer = folder.path("newer.db");
  {
    auto store = open(newer);
    import(store, {.path = "/a/1.cfg", .assets = { cpu("S1", "A1") }});
    import(store, {.path = "/a/2.cfg", .assets = { cpu("S2", "A2") }});
    REQUIRE(store.remember_foreign("/a/notes.cfg", {.size = 5}, now()));
    observe(store, cj2m());
  }
  for (std::size_t version = 1; version < migrations().size(); ++version) {
    const auto tried = try_upgrade(version, newer);
    check(fmt::format("upgrade from schema {}", version), tried);
    CHECK(tried.states > 0);
  }
}

}  // namespace ot::store::test
