#include <cstdlib>
#include <string>
#include <vector>

#include "agent/records_json.hpp"
#include "base/number.hpp"
#include "store/query/filter.hpp"
#include "store/query/vocabulary.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"
#include "tests/store/query/random.hpp"

namespace ot::store::query::test {
namespace {

using store::test::Folder;

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : whole_number<std::uint64_t>(text).value_or(otherwise);
}

/// Fills a store with files and observations that meet each other; some of the
/// files are gone again.
void fill(Store& store, Dice& dice) {
  for (int i = 0; i < 70; ++i) {
    store::test::import(store, random_version(dice));
  }
  for (int i = 0; i < 60; ++i) {
    store::test::observe(store, random_observation(dice));
  }
  for (int i = 0; i < 10; ++i) {
    store::test::gone(store, "/plant/" + std::to_string(dice.below(40)) + ".cfg");
    store::test::import(store, random_version(dice));
  }
}

/// The records of a list as JSON, by their ids.
constexpr const char* kSensor = "Line 3 east";  // as the service adds it

template <class Record>
struct List {
  const Vocabulary& vocabulary;
  std::vector<std::int64_t> ids;
  std::vector<Json> records;
  Result<std::vector<std::int64_t>> (Store::*matching)(const Page&);
  Result<std::int64_t> (Store::*count)(const Page&);
};

List<StoredAsset> all_assets(Store& store) {
  List<StoredAsset> list{asset_vocabulary(), {}, {}, &Store::matching_assets, &Store::count_assets};
  for (const StoredAsset& asset : store::test::assets(store)) {
    list.ids.push_back(asset.asset_id);
    list.records.push_back(agent::asset_json(asset, agent::Shape::extended));
    list.records.back()["inventory"]["sensorName"] = kSensor;
  }
  store.set_sensor_name(kSensor);
  return list;
}

List<StoredFile> all_files(Store& store) {
  List<StoredFile> list{file_vocabulary(), {}, {}, &Store::matching_files, &Store::count_files};
  for (const StoredFile& file : store::test::files(store)) {
    list.ids.push_back(file.file_id);
    list.records.push_back(agent::file_json(file, agent::Shape::extended));
  }
  return list;
}

template <class Record>
std::vector<std::int64_t> expected(const List<Record>& list, const Node& node) {
  std::vector<std::int64_t> ids;
  for (std::size_t i = 0; i < list.ids.size(); ++i) {
    if (holds(node, list.records[i])) {
      ids.push_back(list.ids[i]);
    }
  }
  return ids;
}

/// How many records the filter found.
template <class Record>
std::size_t check_one(Store& store, const List<Record>& list, const Node& node) {
  const Filter filter(node, list.vocabulary);
  const std::string text = filter.text();
  INFO("filter: " << text);
  const auto read = parse(text, list.vocabulary, store::test::on_day(1));
  INFO((read ? "" : read.error().text()));
  REQUIRE(read.has_value());
  REQUIRE(*read == filter);
  REQUIRE(read->text() == text);
  Page page;
  page.filter = *read;
  const auto found = (store.*list.matching)(page);
  INFO((found ? "" : found.error().text()));
  REQUIRE(found.has_value());
  REQUIRE(*found == expected(list, node));
  REQUIRE((store.*list.count)(page) == static_cast<std::int64_t>(found->size()));
  return found->size();
}

template <class Record>
void check_many(Store& store, const List<Record>& list, std::uint64_t seed, std::uint64_t count) {
  REQUIRE(list.ids.size() > 10);
  Dice dice(seed);
  Filters filters(dice, list.vocabulary, list.records);
  std::uint64_t some = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    INFO("seed " << seed << ", filter " << i);
    const std::size_t found = check_one(store, list, filters.make(dice.below(4)));
    some += found > 0 && found < list.ids.size() ? 1 : 0;
  }
  // Else the filters were too easy.
  CHECK(some > count / 4);
}

}  // namespace

// RACKSCOUT_QUERIES and RACKSCOUT_SEED make it longer and different.
TEST_CASE("what a filter finds in the store is what it means by the records' JSON", "[query]") {
  const std::uint64_t seed = number_from("RACKSCOUT_SEED", 1);
  const std::uint64_t count = number_from("RACKSCOUT_QUERIES", 2'000);
  Folder folder;
  auto store = store::test::open(folder.path("s.db"));
  Dice dice(seed);
  fill(store, dice);
  check_many(store, all_assets(store), seed, count - count / 5);
  check_many(store, all_files(store), seed, count / 5);
}

TEST_CASE("every token of an asset's JSON can be filtered by, and finds it", "[query]") {
  Folder folder;
  auto store = store::test::open(folder.path("s.db"));
  Dice dice(7);
  fill(store, dice);
  const auto list = all_assets(store);
  for (const Token& token : list.vocabulary.tokens()) {
    INFO(token.path);
    const Node present{.token = &token};
    CHECK(check_one(store, list, present) > 0);
  }
}

}  // namespace ot::store::query::test
