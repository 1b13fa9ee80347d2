#include <array>

#include <fcntl.h>
#include <sys/stat.h>

#include "store/query/filter.hpp"
#include "store/query/vocabulary.hpp"
#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {

TEST_CASE("a store whose own files are of 2040 opens, and says what is of then", "[store][2038]") {
  const Time then = *parse_iso8601("2040-05-04T03:02:01.125Z");
  Folder folder;
  const auto path = folder.path("s.db");
  {
    auto store = open(path);
    import(store, {.assets = {cpu("Kiln", "A1")},
                   .exported_at = then,
                   .mtime_ns = then.time_since_epoch().count() * 1'000'000});
  }
  timespec time{};
  time.tv_sec = std::chrono::floor<std::chrono::seconds>(then).time_since_epoch().count();
  const std::array<timespec, 2> times{time, time};
  for (const auto* name : {"s.db", "."}) {
    REQUIRE(::utimensat(AT_FDCWD, folder.path(name).c_str(), times.data(), 0) == 0);
  }
  auto store = open(path);
  Page page;
  auto filter = query::parse("sources.exportedAt: 2040-05-04", query::asset_vocabulary(), then);
  INFO((filter ? "" : filter.error().text()));
  REQUIRE(filter);
  page.filter = *filter;
  CHECK(assets(store, page).size() == 1);
  CHECK(files(store).at(0).exported_at == then);
  const auto known = store.known_below("/plant");
  REQUIRE(known);
  CHECK(known->at(0).stamp.mtime_ns == then.time_since_epoch().count() * 1'000'000);
}

}  // namespace ot::store::test
