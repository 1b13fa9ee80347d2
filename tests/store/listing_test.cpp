#include <algorithm>
#include <limits>

#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

std::vector<std::string> names(const std::vector<StoredAsset>& assets) {
  std::vector<std::string> all;
  for (const auto& asset : assets) {
    all.push_back(asset.shown.record.name);
  }
  return all;
}

std::vector<FileId> ids(const std::vector<StoredFile>& files) {
  std::vector<FileId> all;
  for (const auto& file : files) {
    all.push_back(file.file_id);
  }
  return all;
}

Page page_of(std::uint64_t number, std::uint64_t size) {
  return {.sort = {}, .number = number, .size = size};
}

Asset named(const std::string& name) {
  Asset asset = cpu(name, "id of " + name);
  asset.name = name;
  return asset;
}

Error refusal(const Result<void>& result) {
  REQUIRE_FALSE(result.has_value());
  return result.error();
}

}  // namespace

TEST_CASE("every sort token sorts, in any case and both ways", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/b.cfg", .assets = { named("b"), named("a") }});
  import(store, {.path = "/a.cfg", .assets = { named("c") }});
  for (const auto token : file_sort_tokens()) {
    CHECK(files(store, sorted_by(std::string(token))).size() == 2);
    auto forwards = ids(files(store, sorted_by(std::string(token))));
    std::reverse(forwards.begin(), forwards.end());
    CHECK(ids(files(store, sorted_by(std::string(token), true))) == forwards);
  }
  for (const auto token : asset_sort_tokens()) {
    auto forwards = names(assets(store, sorted_by(std::string(token))));
    std::reverse(forwards.begin(), forwards.end());
    CHECK(names(assets(store, sorted_by(std::string(token), true))) == forwards);
  }
  CHECK(file_sort_tokens().size() == 10);
  CHECK(asset_sort_tokens().size() == 13);
  CHECK(names(assets(store, sorted_by("NAME"))) == std::vector<std::string>{"a", "b", "c"});
  CHECK(files(store, sorted_by("assetcount")).front().name == "a");
}

TEST_CASE("an unknown token is refused with the nearest one", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Error file =
      refusal(store.list_files(sorted_by("vendr"), [](const auto&) { return true; }));
  CHECK(file.code() == Errc::wrong_use);
  CHECK(file.text() == "unknown token \"vendr\"; did you mean \"vendor\"?");
  const Error asset =
      refusal(store.list_assets(sorted_by("hardware.categroy"), [](const auto&) { return true; }));
  CHECK(asset.text().find("\"hardware.category2\"") != std::string::npos);
  const std::string attack = "name; DROP TABLE files";
  CHECK_FALSE(store.list_files(sorted_by(attack), [](const auto&) { return true; }).has_value());
  CHECK(store.list_files(sorted_by(std::string(100'000, 'x')), [](const auto&) { return true; })
            .error()
            .text()
            .size() < 200);
}

TEST_CASE("files come newest first unless another order is asked for", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  for (const std::string path : {"/1.cfg", "/2.cfg", "/3.cfg"}) {
    import(store, {.path = path});
  }
  const auto listed = files(store);
  CHECK(std::is_sorted(listed.begin(), listed.end(), [](const auto& a, const auto& b) {
    return std::pair(a.last_updated, a.file_id) > std::pair(b.last_updated, b.file_id);
  }));
  CHECK(listed.front().name == "3");
}

TEST_CASE("pages neither overlap nor leave anything out, whatever is equal", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  for (int i = 0; i < 7; ++i) {
    import(store, {.path = "/" + std::to_string(i) + ".cfg"});
  }
  Page page = sorted_by("vendor");
  page.size = 3;
  std::vector<FileId> seen;
  for (page.number = 0; page.number < 4; ++page.number) {
    const auto part = ids(files(store, page));
    CHECK(part.size() == (page.number < 2 ? 3 : page.number == 2 ? 1 : 0));
    seen.insert(seen.end(), part.begin(), part.end());
  }
  CHECK(seen == ids(files(store, sorted_by("vendor"))));
  CHECK(files(store, page_of(0, 0)).empty());
  const auto most = std::numeric_limits<std::uint64_t>::max();
  CHECK(files(store, page_of(most, most)).empty());
  CHECK(files(store, page_of(0, most)).size() == 7);
}

TEST_CASE("several keys sort one after another", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  auto a1 = named("a1");
  auto a2 = named("a2");
  auto b = named("b");
  a1.firmware_version = a2.firmware_version = "V1";
  b.firmware_version = "V2";
  import(store, {.assets = { a1, b, a2 }});
  Page page = sorted_by("firmwareVersion");
  page.sort.push_back({"name", true});
  CHECK(names(assets(store, page)) == std::vector<std::string>{"a2", "a1", "b"});
}

TEST_CASE("a list stops when it is told to", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { named("a"), named("b") }});
  int seen = 0;
  CHECK(store.list_assets({}, [&seen](const auto&) { return ++seen < 1; }).has_value());
  CHECK(seen == 1);
  CHECK(assets(store).size() == 2);
}

TEST_CASE("a list can be read inside a list", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { named("a"), named("b") }});
  std::size_t inner = 0;
  CHECK(store
            .list_assets({},
                         [&](const auto&) {
                           inner += assets(store).size();
                           return true;
                         })
            .has_value());
  CHECK(inner == 4);
}

TEST_CASE("add-ons come newest first", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.assets = { named("a") }});
  const auto add_ons = only_asset(store).shown.add_ons;
  CHECK(std::is_sorted(add_ons.begin(), add_ons.end(),
                       [](const auto& a, const auto& b) { return a.add_on_id > b.add_on_id; }));
  CHECK(add_ons.front().record.slot == 6);
}

TEST_CASE("an asset is found by id, UUID, name, station and any address", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset one = cpu("Mixer", "A1");
  one.interfaces = {attachment("10.0.0.1"), attachment("10.0.0.22")};
  import(store, {.assets = { one, cpu("Oven", "A2") }});
  const auto found = [&store](const std::string& selector) {
    const auto all = store.find_assets(selector);
    REQUIRE(all.has_value());
    return names(*all);
  };
  const StoredAsset mixer = assets(store, sorted_by("name")).front();
  const std::vector<std::string> expected = {"CPU of Mixer"};
  CHECK(found(std::to_string(mixer.asset_id)) == expected);
  CHECK(found(mixer.asset_uuid.text()) == expected);
  CHECK(found("cpu of mixer") == expected);
  CHECK(found("Mixer") == expected);
  CHECK(found("10.0.0.1") == expected);
  CHECK(found("10.0.0.22") == expected);
  CHECK(found("10.0.0.2").empty());
  CHECK(found("").empty());
  CHECK(found("' OR 1=1 --").empty());
  CHECK(found("Mix%").empty());
}

TEST_CASE("a file is found by path, name, UUID and hash, live rows first", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/a/line.cfg", .content = "first"});
  import(store, {.path = "/a/line.cfg", .content = "second"});
  import(store, {.path = "/b/line.cfg", .content = "third"});
  const auto found = [&store](const std::string& selector) {
    const auto all = store.find_files(selector);
    REQUIRE(all.has_value());
    return all->size();
  };
  CHECK(found("/a/line.cfg") == 2);
  CHECK(store.find_files("/a/line.cfg")->front().status == FileStatus::imported);
  CHECK(found("line") == 3);
  CHECK(found("line.cfg") == 3);
  CHECK(found("line.cf") == 0);
  CHECK(found("md5 of third") == 1);
  CHECK(found("SHA256 OF third") == 1);
  CHECK(found(store.find_files("/b/line.cfg")->front().file_uuid.text()) == 1);
  CHECK(found("") == 0);
  begin(store, {.path = "/c/new.scd"});
  CHECK(found("") == 0);
}

TEST_CASE("counts are of what is live", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.path = "/1.cfg", .assets = { named("a") }});
  import(store, {.path = "/backup/1.cfg", .assets = { named("a") }});
  import(store, {.path = "/2.cfg", .assets = { named("b") }});
  begin(store, {.path = "/2.cfg"});
  const auto counts = store.counts();
  REQUIRE(counts.has_value());
  CHECK(counts->files == 3);
  CHECK(counts->assets == 2);
  CHECK(counts->add_ons == 6);
  CHECK(store.count_files() == 4);
  CHECK(store.count_assets() == 2);
}

TEST_CASE("the MAC to sort by is that of the interface whose address is shown", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto store = open(path);
  Asset asset = cpu("S1", "A1");
  asset.interfaces = {attachment("", "00:0e:8c:00:00:01"), attachment("10.0.0.1")};
  import(store, {.assets = { asset }});
  auto database = Database::open(path, Database::Access::read_only);
  const auto macs = [&database] {
    return *integer_from(*database, "SELECT count(*) FROM assets WHERE mac <> ''");
  };
  CHECK(macs() == 0);
  asset.interfaces[1].mac_address = "00:0e:8c:00:00:02";
  import(store, {.content = "second", .assets = { asset }});
  CHECK(macs() == 1);
  asset.interfaces = {attachment(""), attachment("", "00:0e:8c:00:00:01")};
  CHECK(primary_interface(asset.interfaces) == &asset.interfaces[1]);
  CHECK(primary_interface({}) == nullptr);
}

TEST_CASE("an asset's lastUpdated changes only when a fact does", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  const Time old = *parse_iso8601("2020-01-01");
  const auto age = [&] {
    auto database = Database::open(path, Database::Access::read_write);
    REQUIRE(run(*database, "UPDATE assets SET last_updated = ?", old).has_value());
  };
  auto store = open(path);
  Asset asset = cpu("S1", "A1");
  import(store, {.assets = { asset }});
  age();
  SECTION("new content of the file that says the same") {
    std::reverse(asset.add_ons.begin(), asset.add_ons.end());
    import(store, {.content = "second", .assets = { asset }});
    CHECK(only_asset(store).last_updated == old);
  }
  SECTION("another backup that says the same") {
    import(store, {.path = "/backup.cfg", .assets = { asset }});
    CHECK(only_asset(store).last_updated == old);
  }
  SECTION("a fact of the asset") {
    asset.firmware_version = "V2";
    import(store, {.content = "second", .assets = { asset }});
    CHECK(only_asset(store).last_updated > old);
  }
  SECTION("a fact of an add-on") {
    asset.add_ons[0].firmware_version = "V2";
    import(store, {.content = "second", .assets = { asset }});
    CHECK(only_asset(store).last_updated > old);
  }
  SECTION("another site") {
    import(store, {.assets = {asset}, .place = { "Ulm", "", "" }});
    CHECK(only_asset(store).last_updated > old);
    CHECK(only_asset(store).site == "Ulm");
  }
}

}  // namespace ot::store::test
