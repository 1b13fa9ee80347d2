#include <filesystem>

#include "store/outbox.hpp"
#include "tests/catch.hpp"
#include "tests/store/omron.hpp"
#include "tests/store/plant.hpp"

// What a store takes of a gateway's flash.

namespace ot::store::test {
namespace {

constexpr int kRacks = 10;

std::uintmax_t log_size(const std::string& path) {
  std::error_code none;
  const auto size = std::filesystem::file_size(path + "-wal", none);
  return none ? 0 : size;
}

std::int64_t pages(const std::string& path) {
  auto database = raw(path);
  return integer_from(database, "SELECT page_count FROM pragma_page_count")->value_or(0);
}

/// Once a day each rack answers; twice a week it says something else.
void ask_racks(Store& store, int day, Time at) {
  std::vector<TargetState> targets;
  for (int rack = 0; rack < kRacks; ++rack) {
    auto seen = cj2m(at);
    seen.target = "10.1.0." + std::to_string(rack);
    seen.record.interfaces = {attachment(seen.target)};
    seen.record.firmware_version = std::to_string((day + rack) / 3 % 9);
    REQUIRE(store.observe(seen).has_value());
    targets.push_back({.group = "all",
                       .target = seen.target,
                       .last_try = at,
                       .last_answer = at,
                       .outcome = "answered",
                       .reason = {}});
  }
  REQUIRE(store.note_run({.group = "all", .began = at, .ended = at}, targets).has_value());
  REQUIRE(store.commit().has_value());
}

/// Twice a week one of ten files is saved; now and then one goes.
void save_files(Store& store, int day) {
  if (day % 7 > 1) {
    return;
  }
  const auto path = "/plant/" + std::to_string(day % 10) + ".cfg";
  import(store, {.path = path, .content = "of day " + std::to_string(day), .assets = {
                   cpu("S" + std::to_string(day % 10), "A" + std::to_string(day % 30))
                 }});
  if (day % 3 == 0) {
    gone(store, path);
  }
}

void tell_all(Store& store) {
  Outbox outbox(store);
  auto sink = outbox.find("hub");
  REQUIRE(sink.has_value());
  if (!*sink) {
    REQUIRE(outbox.begin_epoch("hub", "").has_value());
    sink = outbox.find("hub");
  }
  const auto changes = outbox.next(**sink, 10'000);
  REQUIRE(changes.has_value());
  const Flight flight{.name = "f",
                      .upto = changes->empty() ? (**sink).told : changes->back().number};
  REQUIRE(outbox.take_off(**sink, flight, {}).has_value());
  sink = outbox.find("hub");
  REQUIRE(outbox.land(**sink, {}).has_value());
  REQUIRE(store.commit().has_value());
}

}  // namespace

TEST_CASE("after a year of a quiet plant the store is as large as after a quarter",
          "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  auto store = open(path);
  auto reader = open(path, Mode::read_only);
  const auto began = now();
  std::int64_t quarter = 0;
  for (int day = 1; day <= 365; ++day) {
    const auto at = began + std::chrono::days(day);
    ask_racks(store, day, at);
    save_files(store, day);
    if (day % 5 == 0) {
      tell_all(store);
    }
    REQUIRE(store.trim({.age = std::chrono::days(30), .removals = std::chrono::days(30)}, at));
    quarter = day == 90 ? pages(path) : quarter;
  }
  CHECK(pages(path) < quarter + quarter / 10);
  CHECK(log_size(path) < 5'000'000);
  CHECK(reader.counts()->assets == *store.count_assets());
  CHECK(store.check()->empty());
}

TEST_CASE("a large import leaves no large log behind, though somebody reads", "[store][upkeep]") {
  Folder folder;
  const auto path = folder.path("s.db");
  auto store = open(path);
  auto reader = open(path, Mode::read_only);
  Version version{.assets = {cpu("S1", "A1")}};
  for (std::uint32_t slot = 10; slot < 60'000; ++slot) {
    version.assets.front().add_ons.push_back(module_at(slot, "6ES7321-1BH02-0AA0"));
  }
  finish(store, begin(store, version), version);
  CHECK(assets(reader).empty());
  REQUIRE(store.commit().has_value());
  CHECK(*store.size() > (std::uint64_t{12} << 20));
  CHECK(log_size(path) < (std::uintmax_t{8} << 20));
  CHECK(assets(reader).size() == 1);
}

}  // namespace ot::store::test
