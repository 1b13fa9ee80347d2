#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

// What becomes of a row whose file is read again without new content.
namespace ot::store::test {
namespace {

const Error kUnreadable(Errc::io, "permission denied");

Version first() {
  return {.assets = {cpu("S1", "A1")}};
}

Version unreadable() {
  return {.content = "", .error = kUnreadable};
}

KnownFile known(Store& store) {
  const auto all = store.known_below("/plant");
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 1);
  return all->front();
}

}  // namespace

TEST_CASE("other records of equal content renew the facts in the same row", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, first());
  const StoredFile before = files(store).front();
  const StoredAsset asset = only_asset(store);
  Version better = first();
  better.parser = "step7 2";
  better.assets[0].firmware_version = "V4.5";
  better.assets[0].add_ons[1].order_id = "6ES7322-1BL00-0AA0";
  better.assets.push_back(cpu("S2", "A2"));
  import(store, better);
  REQUIRE(files(store).size() == 1);
  const StoredFile after = files(store).front();
  CHECK(after.file_id == before.file_id);
  CHECK(after.file_uuid == before.file_uuid);
  CHECK(after.status == FileStatus::imported);
  CHECK(after.asset_count == 2);
  CHECK(after.parser == "step7 2");
  const StoredAsset renewed = assets(store, sorted_by("assetId")).front();
  CHECK(renewed.asset_uuid == asset.asset_uuid);
  CHECK(renewed.shown.file_id == before.file_id);
  CHECK(renewed.shown.record.firmware_version == "V4.5");
  REQUIRE(renewed.shown.add_ons.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(renewed.shown.add_ons[i].add_on_id == asset.shown.add_ons[i].add_on_id);
  }
  CHECK(entries(store, "module.").size() == 1);
  CHECK(entries(store, "file.renewed").size() == 1);
  CHECK(store.sources_of(renewed.asset_id)->size() == 1);

  SECTION("and fewer records take the others from the list") {
    import(store, first());
    CHECK(files(store).size() == 1);
    CHECK(only_asset(store).shown.record.firmware_version.empty());
    CHECK(entries(store, "asset.unsupported").size() == 1);
  }
}

TEST_CASE("other facts of the file itself are renewed in the same row, too", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, first());
  Version better = first();
  better.details = {{"form", "export", Confidence::declared}};
  import(store, better);
  REQUIRE(files(store).size() == 1);
  CHECK(files(store).front().details == better.details);
  const Time updated = only_asset(store).last_updated;
  better.exported_at = *parse_iso8601("2024-05-01");
  import(store, better);
  CHECK(files(store).size() == 1);
  CHECK(only_asset(store).shown.exported_at == better.exported_at);
  CHECK(only_asset(store).last_updated == updated);
}

TEST_CASE("an add-on that moves from one asset to another is another record", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Version version{.assets = {cpu("S1", "A1"), cpu("S2", "A2")}};
  version.assets[0].add_ons.push_back(module_at(9, "X"));
  import(store, version);
  std::swap(version.assets[0].add_ons, version.assets[1].add_ons);
  import(store, version);
  CHECK(files(store).size() == 1);
  CHECK(assets(store, sorted_by("assetId"))[1].shown.add_ons.size() == 4);
}

TEST_CASE("a file that can't be read fails in its row and keeps what it said", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, first());
  const StoredFile before = files(store).front();
  import(store, unreadable());
  REQUIRE(files(store).size() == 1);
  const StoredFile failed = files(store).front();
  CHECK(failed.file_id == before.file_id);
  CHECK(failed.status == FileStatus::failed);
  CHECK(failed.error == "permission denied");
  CHECK(failed.digests.sha256 == before.digests.sha256);
  CHECK(failed.asset_count == 1);
  CHECK(only_asset(store).shown.add_ons.size() == 3);
  CHECK(entries(store, "file.failed").size() == 1);
  CHECK(known(store).read_at == Time{});

  SECTION("failing again is nothing new") {
    import(store, unreadable());
    CHECK(files(store).size() == 1);
    CHECK(entries(store, "file.failed").size() == 1);
  }
  SECTION("equal content makes the same row Imported again") {
    const auto modules = only_asset(store).shown.add_ons;
    import(store, first());
    REQUIRE(files(store).size() == 1);
    const StoredFile back = files(store).front();
    CHECK(back.file_id == before.file_id);
    CHECK(back.status == FileStatus::imported);
    CHECK(back.error.empty());
    CHECK(only_asset(store).shown.add_ons.front().add_on_id == modules.front().add_on_id);
    CHECK(known(store).read_at != Time{});
    CHECK(entries(store, "module.").empty());
  }
  SECTION("new content replaces it") {
    import(store, {.content = "second", .assets = { cpu("S1", "A1") }});
    CHECK(files(store).size() == 2);
    CHECK(store.counts()->files == 1);
  }
}

TEST_CASE("a file that never could be read is imported in its first row", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, unreadable());
  CHECK(files(store).front().status == FileStatus::failed);
  CHECK(known(store).read_at == Time{});
  import(store, first());
  REQUIRE(files(store).size() == 1);
  CHECK(files(store).front().status == FileStatus::imported);
  CHECK(files(store).front().digests.sha256 == "sha256 of first");
  CHECK(only_asset(store).shown.add_ons.size() == 3);
}

TEST_CASE("a file that never could be read gets its hash with its first content", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, unreadable());
  import(store, {.error = Error(Errc::malformed, "cut off")});
  REQUIRE(files(store).size() == 1);
  CHECK(files(store).front().digests.sha256 == "sha256 of first");
  CHECK(files(store).front().error == "cut off");
  CHECK(known(store).read_at != Time{});
}

TEST_CASE("content that failed after other content is imported in its own row", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, first());
  const Error broken(Errc::malformed, "cut off");
  import(store, {.content = "second", .error = broken});
  Version mended{.content = "second", .assets = {cpu("S1", "A1")}};
  mended.assets[0].add_ons[0].order_id = "6ES7322-1BL00-0AA0";
  import(store, mended);
  CHECK(files(store).size() == 2);
  CHECK(store.counts()->files == 1);
  CHECK(known(store).status == FileStatus::imported);
  CHECK(entries(store, "module.swapped").size() == 1);
}

TEST_CASE("all rows Importing are known, wherever they are", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  CHECK(store.importing()->empty());
  import(store, first());
  begin(store, {.path = "/z.cfg", .place = {.site = "Ulm", .area = "", .plant_location = ""}});
  begin(store, first());
  const auto importing = store.importing();
  REQUIRE(importing->size() == 2);
  CHECK((*importing)[0].path == "/plant/line1.cfg");
  CHECK((*importing)[1].path == "/z.cfg");
  CHECK((*importing)[1].place.site == "Ulm");
  CHECK((*importing)[1].status == FileStatus::importing);
  CHECK((*importing)[1].file_id != 0);
}

TEST_CASE("the id of a row that was taken back is not given again", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const FileId taken_back = begin(store, {.path = "/a.cfg"});
  REQUIRE(store.remember_foreign("/a.cfg", {}, now()).has_value());
  REQUIRE(store.commit().has_value());
  CHECK(begin(store, {.path = "/b.cfg"}) != taken_back);
}

TEST_CASE("what a file says of itself comes back as it went in", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Version version = first();
  version.details = {{"form", "export \xC3\xA4", Confidence::heuristic}, {"symbols", "17"}};
  import(store, version);
  CHECK(files(store).front().details == version.details);
}

}  // namespace ot::store::test
