#include <set>

#include "store/places.hpp"
#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

struct Journal {
  std::vector<JournalEntry> swapped;
  std::vector<JournalEntry> appeared;
  std::vector<JournalEntry> vanished;
};

/// What the journal says of modules after the second version of a file.
Journal after(const Asset& first, const Asset& second) {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.content = "first", .assets = { first }});
  CHECK(entries(store, "module.").empty());
  import(store, {.content = "second", .assets = { second }});
  CHECK(assets(store).size() == 1);
  return {entries(store, "module.swapped"), entries(store, "module.appeared"),
          entries(store, "module.vanished")};
}

std::size_t count(const Journal& journal) {
  return journal.swapped.size() + journal.appeared.size() + journal.vanished.size();
}

}  // namespace

TEST_CASE("another order number in the place of an add-on is a swap: old and new", "[store]") {
  const Asset first = cpu("S1", "A1");
  Asset second = first;
  second.add_ons[1] = module_at(5, "6ES7322-1BL00-0AA0");
  const Journal journal = after(first, second);
  CHECK(count(journal) == 1);
  REQUIRE(journal.swapped.size() == 1);
  CHECK(journal.swapped[0].before == "unit 5, rack 0, slot 5: 6ES7321-1BH02-0AA0");
  CHECK(journal.swapped[0].after == "unit 5, rack 0, slot 5: 6ES7322-1BL00-0AA0");
  CHECK(parse_uuid(journal.swapped[0].subject).has_value());
}

TEST_CASE("another serial number in the place of an add-on is a swap", "[store]") {
  Asset first = cpu("S1", "A1");
  first.add_ons = {module_at(4, "X", "serial 1")};
  Asset second = first;
  second.add_ons[0].serial_number = "serial 2";
  CHECK(after(first, second).swapped.size() == 1);
  second.add_ons[0].serial_number = "";
  CHECK(count(after(first, second)) == 0);
  CHECK(count(after(second, first)) == 0);
}

TEST_CASE("another order number of the asset itself is a swap", "[store]") {
  const Asset first = cpu("S1", "A1");
  Asset second = first;
  second.order_id = "6ES7414-3XM05-0AB0";
  CHECK(after(first, second).swapped.size() == 1);
}

TEST_CASE("a module that comes or goes is noted, once each", "[store]") {
  const Asset first = cpu("S1", "A1");
  Asset second = first;
  second.add_ons.erase(second.add_ons.begin());
  second.add_ons.push_back(module_at(9, "6ES7331-7KF02-0AB0"));
  const Journal journal = after(first, second);
  CHECK(count(journal) == 2);
  REQUIRE(journal.appeared.size() == 1);
  REQUIRE(journal.vanished.size() == 1);
  CHECK(journal.appeared[0].after == "unit 9, rack 0, slot 9: 6ES7331-7KF02-0AB0");
  CHECK(journal.vanished[0].before == "unit 4, rack 0, slot 4: 6ES7321-1BH02-0AA0");
}

TEST_CASE("what another file says is noted once, and only when it is shown", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Asset first = cpu("S1", "A1");
  Asset second = first;
  second.add_ons[1].order_id = "6ES7322-1BL00-0AA0";
  import(store, {.path = "/a.cfg", .assets = { first }});

  SECTION("a newer export in another place") {
    import(store, {.path = "/b.cfg", .assets = {second}, .mtime_ns = 2'000'000'000'000});
    const auto noted = entries(store, "module.");
    REQUIRE(noted.size() == 1);
    CHECK(noted[0].kind == "module.swapped");
    CHECK(noted[0].before == "unit 5, rack 0, slot 5: 6ES7321-1BH02-0AA0");
    CHECK(noted[0].after == "unit 5, rack 0, slot 5: 6ES7322-1BL00-0AA0");
    gone(store, "/a.cfg");
    import(store, {.path = "/c.cfg", .assets = {second}, .mtime_ns = 3'000'000'000'000});
    CHECK(entries(store, "module.").size() == 1);
  }
  SECTION("the same path's next version after a copy of it is shown") {
    import(store, {.path = "/b.cfg", .assets = { first }});
    import(
        store,
        {.path = "/a.cfg", .content = "second", .assets = {second}, .mtime_ns = 2'000'000'000'000});
    import(
        store,
        {.path = "/b.cfg", .content = "second", .assets = {second}, .mtime_ns = 2'000'000'000'000});
    CHECK(entries(store, "module.").size() == 1);
  }
  SECTION("an older backup is not shown") {
    import(store, {.path = "/b.cfg", .assets = {second}, .mtime_ns = 1'000'000});
    CHECK(entries(store, "module.").empty());
    gone(store, "/a.cfg");
    CHECK(entries(store, "module.swapped").size() == 1);
  }
  SECTION("the asset itself counts, too") {
    Asset head = first;
    head.order_id = "6ES7414-3XM05-0AB0";
    import(store, {.path = "/b.cfg", .assets = {head}, .mtime_ns = 2'000'000'000'000});
    CHECK(entries(store, "module.swapped").size() == 1);
  }
}

TEST_CASE("a file that takes the place of a deleted one tells what was swapped", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto store = open(path);
  Asset asset = cpu("S1", "A1");
  import(store, {.path = "/a.cfg", .assets = { asset, cpu("S2", "A2") }});
  const auto before = assets(store, sorted_by("assetId")).front().shown.add_ons;
  gone(store, "/a.cfg");
  CHECK(assets(store).empty());
  CHECK(entries(store, "module.").empty());
  asset.add_ons[1].order_id = "6ES7322-1BL00-0AA0";
  import(store, {.path = "/b.cfg", .assets = { asset }});
  const auto noted = entries(store, "module.");
  REQUIRE(noted.size() == 1);
  CHECK(noted[0].before == "unit 5, rack 0, slot 5: 6ES7321-1BH02-0AA0");
  CHECK(noted[0].after == "unit 5, rack 0, slot 5: 6ES7322-1BL00-0AA0");
  CHECK(only_asset(store).shown.add_ons.front().add_on_id == before.front().add_on_id);
  CHECK(entries(store, "asset.returned").size() == 1);

  SECTION("what was remembered for that is dropped then") {
    auto database = Database::open(path, Database::Access::read_only);
    CHECK(*integer_from(*database, "SELECT count(*) FROM add_ons") == 6);
    import(store, {.path = "/b.cfg", .content = "second", .assets = { asset, cpu("S2", "A2") }});
    CHECK(*integer_from(*database, "SELECT count(*) FROM add_ons") == 6);
    CHECK(entries(store, "module.").size() == 1);
  }
  SECTION("also after a version of the file that has it no more") {
    import(store, {.path = "/b.cfg", .content = "second", .assets = { cpu("S3", "A3") }});
    asset.add_ons[1].order_id = "6ES7321-1BH02-0AA0";
    import(store, {.path = "/c.cfg", .assets = { asset }});
    CHECK(entries(store, "module.swapped").size() == 2);
  }
}

TEST_CASE("of two exports of the same date the one with more add-ons is shown", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Time day = *parse_iso8601("2024-05-01");
  const Asset whole = cpu("S1", "A1");
  Asset cut = whole;
  cut.add_ons.pop_back();
  import(store, {.path = "/whole.cfg", .assets = {whole}, .exported_at = day});
  import(store, {.path = "/cut.cfg", .assets = {cut}, .exported_at = day});
  CHECK(only_asset(store).shown.path == "/whole.cfg");
  CHECK(store.sources_of(only_asset(store).asset_id)->front().path == "/whole.cfg");
  CHECK(entries(store, "module.").empty());
  import(store, {.path = "/copy.cfg", .assets = {whole}, .exported_at = day});
  CHECK(only_asset(store).shown.path == "/copy.cfg");
}

TEST_CASE("a place keeps its addOnId and addOnUuid through imports, swaps and other files",
          "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset asset = cpu("S1", "A1");
  import(store, {.assets = { asset }});
  const auto before = only_asset(store).shown.add_ons;
  asset.add_ons[2].order_id = "6ES7322-1BL00-0AA0";
  asset.add_ons.push_back(module_at(9, "6ES7331-7KF02-0AB0"));
  SECTION("in the same file") {
    import(store, {.content = "second", .assets = { asset }});
  }
  SECTION("in another file that is shown now") {
    import(store, {.path = "/newer.cfg", .assets = {asset}, .mtime_ns = 2'000'000'000'000});
  }
  SECTION("after a failure") {
    import(store, {.content = "second", .error = Error(Errc::malformed, "cut off")});
    import(store, {.content = "third", .assets = { asset }});
  }
  const auto after = only_asset(store).shown.add_ons;
  REQUIRE(after.size() == 4);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(after[i + 1].add_on_id == before[i].add_on_id);
    CHECK(after[i + 1].add_on_uuid == before[i].add_on_uuid);
  }
  CHECK(after[0].add_on_id > before[0].add_on_id);
}

TEST_CASE("an add-on's place is its bus, slave and unit address, rack, slot and subslot",
          "[store]") {
  AddOn add_on = module_at(4, "X");
  std::set<std::string> places = {place_of(add_on)};
  add_on.bus = "DPSUBSYSTEM 1";
  places.insert(place_of(add_on));
  add_on.slave_address = 5;
  places.insert(place_of(add_on));
  add_on.unit_address = "18";
  places.insert(place_of(add_on));
  add_on.rack = 1;
  places.insert(place_of(add_on));
  add_on.slot = 5;
  places.insert(place_of(add_on));
  add_on.subslot = 0;
  places.insert(place_of(add_on));
  CHECK(places.size() == 7);
  add_on.order_id = "Y";
  add_on.name = "other";
  places.insert(place_of(add_on));
  CHECK(places.size() == 7);
}

TEST_CASE("two add-ons in the same place are both kept, each with its own ids", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset asset = cpu("S1", "A1");
  asset.add_ons = {module_at(4, "X"), module_at(4, "Y")};
  import(store, {.assets = { asset }});
  const auto before = only_asset(store).shown.add_ons;
  REQUIRE(before.size() == 2);
  CHECK(before[0].add_on_uuid != before[1].add_on_uuid);
  asset.add_ons.push_back(module_at(4, "Z"));
  import(store, {.content = "second", .assets = { asset }});
  const auto after = only_asset(store).shown.add_ons;
  REQUIRE(after.size() == 3);
  CHECK(after[1].add_on_id == before[0].add_on_id);
  CHECK(after[2].add_on_uuid == before[1].add_on_uuid);
  CHECK(entries(store, "module.swapped").empty());
}

}  // namespace ot::store::test
