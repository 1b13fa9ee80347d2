#include <set>

#include "store/add_ons.hpp"
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

TEST_CASE("modules of an asset that the file did not have are not noted", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a.cfg", .assets = { cpu("S1", "A1") }});
  import(store, {.path = "/b.cfg", .assets = { cpu("S2", "A2") }});
  Asset differs = cpu("S1", "A1");
  differs.add_ons = {module_at(4, "6ES7322-1BL00-0AA0")};
  import(store, {.path = "/b.cfg", .content = "second", .assets = { differs }});
  CHECK(entries(store, "module.").empty());
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
