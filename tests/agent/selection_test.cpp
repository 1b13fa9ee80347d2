#include "agent/selection.hpp"

#include "base/nearest.hpp"
#include "tests/catch.hpp"

using namespace ot;
using namespace ot::agent;

namespace {

store::StoredAsset of_station(std::string station, std::string path) {
  store::StoredAsset asset;
  asset.shown.record.station = std::move(station);
  asset.shown.path = std::move(path);
  return asset;
}

store::StoredFile row(std::string path, FileStatus status, int minute) {
  store::StoredFile file;
  file.path = std::move(path);
  file.status = status;
  file.last_updated = Time(std::chrono::minutes(minute));
  return file;
}

}  // namespace

TEST_CASE("assets of one station in one folder are one station", "[show]") {
  const auto one = of_station("AS01", "/p/a.cfg");
  CHECK(are_one_station(std::array{one}));
  CHECK(are_one_station(std::array{one, of_station("AS01", "/p/b.cfg")}));
  CHECK_FALSE(are_one_station(std::array{one, of_station("AS01", "/q/a.cfg")}));
  CHECK_FALSE(are_one_station(std::array{one, of_station("AS02", "/p/a.cfg")}));
  CHECK_FALSE(are_one_station(std::span<const store::StoredAsset>{}));
}

TEST_CASE("stations of one name in two sites are two", "[show]") {
  auto one = of_station("AS01", "/p/a.cfg");
  auto two = one;
  two.site = "elsewhere";
  CHECK_FALSE(are_one_station(std::array{one, two}));
}

TEST_CASE("the live row of a path is the one that is meant", "[show]") {
  const auto selection = choose_file(
      {row("/p/a.cfg", FileStatus::deleted, 1), row("/p/a.cfg", FileStatus::imported, 2)});
  REQUIRE(std::holds_alternative<OneFile>(selection));
  CHECK(std::get<OneFile>(selection).file.status == FileStatus::imported);
}

TEST_CASE("of a deleted path the newest row is meant", "[show]") {
  const auto selection = choose_file(
      {row("/p/a.cfg", FileStatus::deleted, 1), row("/p/a.cfg", FileStatus::deleted, 2)});
  REQUIRE(std::holds_alternative<OneFile>(selection));
  CHECK(std::get<OneFile>(selection).file.last_updated == Time(std::chrono::minutes(2)));
}

TEST_CASE("two live files of one name are too many", "[show]") {
  CHECK(std::holds_alternative<SeveralFiles>(choose_file(
      {row("/p/a.cfg", FileStatus::imported, 1), row("/q/a.cfg", FileStatus::imported, 2)})));
}

TEST_CASE("a misspelt name is answered with the nearest ones, nearest first", "[show]") {
  Nearest nearest("AS0l", 2);
  for (const auto* name : {"Boiler", "AS02", "AS01", "as0l-x", "AS01"}) {
    nearest.consider(name);
  }
  CHECK(nearest.take() == std::vector<std::string>{"AS01", "AS02"});
}

TEST_CASE("edit distance ignores case and counts letters", "[show]") {
  CHECK(edit_distance("name", "NAME") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("kitten", "sitting") == 3);
}
