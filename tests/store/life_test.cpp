#include <algorithm>

#include "tests/catch.hpp"
#include "tests/store/plant.hpp"

namespace ot::store::test {
namespace {

using std::chrono::hours;

KnownFile only_known(Store& store, const std::string& path) {
  const auto known = store.known_below(path);
  REQUIRE(known.has_value());
  REQUIRE(known->size() == 1);
  return known->front();
}

std::vector<std::string> paths_below(Store& store, const std::string& path) {
  const auto known = store.known_below(path);
  REQUIRE(known.has_value());
  std::vector<std::string> paths;
  for (const auto& file : *known) {
    paths.push_back(file.path);
  }
  return paths;
}

StoredFile file_with(Store& store, FileStatus status) {
  auto all = files(store);
  const auto found = std::find_if(
      all.begin(), all.end(), [status](const StoredFile& file) { return file.status == status; });
  REQUIRE(found != all.end());
  return *found;
}

std::int64_t forget(Store& store, const std::vector<std::string>& paths) {
  const auto forgotten = store.forget_gone(paths);
  REQUIRE(forgotten.has_value());
  REQUIRE(store.commit().has_value());
  return *forgotten;
}

void remember(Store& store, const std::string& path) {
  REQUIRE(store.remember_foreign(path, {.device = 1, .inode = 9}, now()).has_value());
  REQUIRE(store.commit().has_value());
}

const Version kFirst{.assets = {cpu("S1", "A1")}};

}  // namespace

TEST_CASE("the row Importing lasts before the file is read", "[store]") {
  Folder folder;
  {
    auto store = open(folder.path("s.db"));
    begin(store, kFirst);
  }
  auto store = open(folder.path("s.db"));
  const auto all = files(store);
  REQUIRE(all.size() == 1);
  CHECK(all[0].status == FileStatus::importing);
  CHECK(only_known(store, "/plant").status == FileStatus::importing);
  CHECK(only_known(store, "/plant").file_id == all[0].file_id);
}

TEST_CASE("an Importing row that an earlier run left is imported in the same row", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const FileId left = begin(store, kFirst);
  const Uuid uuid = files(store)[0].file_uuid;
  const NewImport again{
      .path = kFirst.path, .stamp = {}, .place = {}, .uploaded_by = "x", .same_row = left};
  const auto ids = store.begin_imports({&again, 1});
  REQUIRE(ids.has_value());
  CHECK(ids->front() == left);
  finish(store, left, kFirst);
  const auto all = files(store);
  REQUIRE(all.size() == 1);
  CHECK(all[0].status == FileStatus::imported);
  CHECK(all[0].file_uuid == uuid);
}

TEST_CASE("a row that is not Importing can't be continued or finished", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  const FileId done = files(store)[0].file_id;
  const NewImport again{
      .path = kFirst.path, .stamp = {}, .place = {}, .uploaded_by = "x", .same_row = done};
  CHECK(store.begin_imports({&again, 1}).error().code() == Errc::wrong_use);
  CHECK(store.finish_import(done, {}).error().code() == Errc::wrong_use);
  CHECK(store.finish_import(4711, {}).error().code() == Errc::wrong_use);
  CHECK(files(store).size() == 1);
}

TEST_CASE("an imported file has its name, records and warnings", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Version version{.path = "/plant/line.1/HW Config.v2.cfg",
                        .assets = {cpu("S1", "A1"), cpu("S2", "A2")},
                        .place = {.site = "Ulm", .area = "North", .plant_location = "Hall 3"}};
  import(store, version);
  const StoredFile file = files(store).front();
  CHECK(file.name == "HW Config.v2");
  CHECK(file.extension == ".cfg");
  CHECK(file.status == FileStatus::imported);
  CHECK(file.asset_count == 2);
  CHECK(file.place == version.place);
  CHECK(file.digests.md5 == "md5 of first");
  CHECK(file.uploaded_by == "tester");
  CHECK(file.size == 3);
  CHECK(file.file_uuid != Uuid{});
  CHECK(store.counts()->add_ons == 6);
  CHECK(assets(store)[0].site == "Ulm");
  CHECK(assets(store)[0].area == "North");
}

TEST_CASE("a record comes back as it went in", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  Asset record = cpu("S1", "A1");
  record.type_id = "6ES7 412-3HJ14-0AB0 V4.5";
  record.serial_number = "SVP123";
  record.firmware_version = "V4.5";
  record.bus = "IOSUBSYSTEM 101";
  record.device_number = 7;
  record.confidence = Confidence::schema;
  record.interfaces = {attachment("10.0.0.1", "00:0e:8c:12:34:56"), attachment("10.0.0.2")};
  record.interfaces[1].profibus_address = 2;
  record.interfaces[1].mpi_address = 0;
  record.racks = {{.number = 0, .order_id = "6ES7400-1JA01-0AA0", .name = "UR2"}};
  record.details = {{"configurationVersion", "V9 \xC3\xA4\n", Confidence::heuristic}};
  AddOn& add_on = record.add_ons[0];
  add_on.type_id = "6ES7 321-1BH02-0AA0";
  add_on.bus = "DPSUBSYSTEM 1";
  add_on.firmware_version = "V1";
  add_on.io_addresses = "I 0..15";
  add_on.slave_address = 5;
  add_on.subslot = 1;
  add_on.confidence = Confidence::declared;
  import(store, {.assets = { record }});
  StoredAsset stored = only_asset(store);
  for (auto item = stored.shown.add_ons.rbegin(); item != stored.shown.add_ons.rend(); ++item) {
    stored.shown.record.add_ons.push_back(item->record);
  }
  CHECK(stored.shown.record == record);
}

TEST_CASE("equal content renews the stamp of the live row and nothing else", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  const StoredFile before = files(store)[0];
  const StoredAsset asset = only_asset(store);
  const auto journal = store.journal()->size();
  Version touched = kFirst;
  touched.mtime_ns += 5;
  import(store, touched);
  const auto all = files(store);
  REQUIRE(all.size() == 1);
  CHECK(all[0].file_id == before.file_id);
  CHECK(all[0].last_updated == before.last_updated);
  CHECK(only_known(store, "/plant").stamp.mtime_ns == touched.mtime_ns);
  CHECK(only_asset(store).last_updated == asset.last_updated);
  CHECK(only_asset(store).shown.add_ons[0].add_on_id == asset.shown.add_ons[0].add_on_id);
  CHECK(store.journal()->size() == journal);
}

TEST_CASE("importing an unchanged tree again changes nothing in the store", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = open(path);
    import(store, kFirst);
    import(store, {.path = "/plant/bad.cfg", .error = Error(Errc::malformed, "cut off")});
    remember(store, "/plant/router.cfg");
  }
  auto without_reading_time = [&path] {
    {
      auto database = Database::open(path, Database::Access::read_write);
      REQUIRE(database
                  ->execute("UPDATE files SET read_at = 0;"
                            "UPDATE foreign_files SET read_at = 0")
                  .has_value());
    }
    return dump(path);
  };
  const std::string before = without_reading_time();
  {
    auto store = open(path);
    import(store, kFirst);
    import(store, {.path = "/plant/bad.cfg", .error = Error(Errc::malformed, "cut off")});
    remember(store, "/plant/router.cfg");
  }
  CHECK(without_reading_time() == before);
}

TEST_CASE("new content makes the old row Deleted, which keeps its assetCount", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  import(store, {.content = "second", .assets = { cpu("S1", "A1"), cpu("S2", "A2") }});
  CHECK(files(store).size() == 2);
  const StoredFile old = file_with(store, FileStatus::deleted);
  const StoredFile live = file_with(store, FileStatus::imported);
  CHECK(old.asset_count == 1);
  CHECK(live.asset_count == 2);
  CHECK(old.file_uuid != live.file_uuid);
  CHECK(only_known(store, "/plant").file_id == live.file_id);
  CHECK(store.assets_of(old.file_id)->empty());
  CHECK(store.counts()->files == 1);
  CHECK(store.count_files() == 2);
  CHECK(entries(store, "file.replaced").size() == 1);
}

TEST_CASE("a new plant location makes the old row Deleted", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  Version moved = kFirst;
  moved.place.plant_location = "Hall 3";
  import(store, moved);
  CHECK(files(store).size() == 2);
  CHECK(file_with(store, FileStatus::imported).place == moved.place);
  CHECK(assets(store).size() == 1);
}

TEST_CASE("a path has one live row after any sequence of imports", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Error broken(Errc::malformed, "cut off");
  const std::vector<std::pair<std::string, std::optional<Error>>> versions = {
      {"a", std::nullopt}, {"b", broken}, {"b", std::nullopt},
      {"c", broken},       {"d", broken}, {"a", std::nullopt}};
  for (const auto& [content, error] : versions) {
    import(store, {.content = content,
                   .assets = error ? std::vector<Asset>{} : std::vector{cpu("S1", "A1")},
                   .error = error});
    CHECK(store.counts()->files == 1);
    CHECK(store.known_below("/plant")->size() == 1);
    CHECK(assets(store).size() == 1);
  }
  // The content that was broken first and whole then is one row.
  CHECK(files(store).size() == versions.size() - 1);
}

TEST_CASE("a failed re-read keeps the earlier facts", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  const StoredAsset before = only_asset(store);
  import(store,
         {.content = "second", .error = Error(Errc::malformed, "cut off").at(Position::line(7))});
  const StoredFile failed = file_with(store, FileStatus::failed);
  CHECK(failed.error == "line 7: cut off");
  CHECK(failed.asset_count == 1);
  CHECK(file_with(store, FileStatus::deleted).asset_count == 1);
  const StoredAsset after = only_asset(store);
  CHECK(after.asset_uuid == before.asset_uuid);
  CHECK(after.last_updated == before.last_updated);
  CHECK(after.shown.file_id == failed.file_id);
  CHECK(after.shown.add_ons.size() == 3);
  CHECK(entries(store, "file.failed").size() == 1);
  CHECK(entries(store, "asset.").empty());
  CHECK(only_known(store, "/plant").error == "line 7: cut off");
}

TEST_CASE("a file that failed at first supports nothing and is imported when it is mended",
          "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, {.error = Error(Errc::encrypted, "encrypted")});
  CHECK(file_with(store, FileStatus::failed).asset_count == 0);
  import(store, kFirst);
  CHECK(file_with(store, FileStatus::imported).asset_count == 1);
  CHECK(assets(store).size() == 1);
}

TEST_CASE("a file that is gone is Deleted, and its assets leave the list but not the journal",
          "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  const StoredAsset before = only_asset(store);
  CHECK(forget(store, {kFirst.path, "/plant/never-seen.cfg"}) == 1);
  CHECK(file_with(store, FileStatus::deleted).asset_count == 1);
  CHECK(assets(store).empty());
  CHECK(store.counts()->assets == 0);
  CHECK(store.counts()->add_ons == 0);
  REQUIRE(entries(store, "asset.unsupported").size() == 1);
  CHECK(entries(store, "asset.unsupported")[0].subject == before.asset_uuid.text());
  CHECK(entries(store, "file.deleted").size() == 1);
}

TEST_CASE("an asset that comes back is the same asset", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  const StoredAsset before = only_asset(store);
  forget(store, {kFirst.path});
  const auto gone = store.find_assets(before.asset_uuid.text());
  REQUIRE(gone->size() == 1);
  CHECK(gone->front().shown.file_id == 0);
  CHECK(gone->front().shown.record.name == "CPU of S1");
  import(store, {.path = "/elsewhere/copy.cfg", .assets = kFirst.assets});
  const StoredAsset after = only_asset(store);
  CHECK(after.asset_id == before.asset_id);
  CHECK(after.asset_uuid == before.asset_uuid);
  CHECK(after.created == before.created);
  CHECK(after.shown.add_ons[0].add_on_uuid == before.shown.add_ons[0].add_on_uuid);
  CHECK(entries(store, "asset.returned").size() == 1);
}

TEST_CASE("an asset that another live file describes stays when one is gone", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  import(store, {.path = "/backup/line1.cfg", .assets = kFirst.assets});
  CHECK(forget(store, {"/backup/line1.cfg"}) == 1);
  CHECK(only_asset(store).shown.path == kFirst.path);
  CHECK(entries(store, "asset.").empty());
}

TEST_CASE("the list shows the newest export and its sources show all", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  const Time day = *parse_iso8601("2024-05-01");
  const auto named = [](const std::string& name) {
    Asset asset = cpu("S1", "A1");
    asset.name = name;
    return asset;
  };
  import(store, {.path = "/b/new.cfg", .assets = {named("new")}, .exported_at = day + hours(48)});
  import(store, {.path = "/b/old.cfg", .assets = {named("old")}, .exported_at = day});
  CHECK(only_asset(store).shown.record.name == "new");
  const auto sources = store.sources_of(only_asset(store).asset_id);
  REQUIRE(sources->size() == 2);
  CHECK((*sources)[0].record.name == "new");
  CHECK((*sources)[1].record.name == "old");
  CHECK((*sources)[1].exported_at == day);
  CHECK((*sources)[1].add_ons.size() == 3);

  SECTION("a file without a date counts by its own time") {
    import(store, {.path = "/b/undated.cfg",
                   .assets = {named("undated")},
                   .mtime_ns = (day + hours(24)).time_since_epoch().count() * 1'000'000});
    CHECK(only_asset(store).shown.record.name == "new");
    import(store, {.path = "/b/undated.cfg",
                   .assets = {named("undated")},
                   .mtime_ns = (day + hours(72)).time_since_epoch().count() * 1'000'000});
    CHECK(only_asset(store).shown.record.name == "undated");
  }
  SECTION("the older one is shown when the newest is gone") {
    const Time updated = only_asset(store).last_updated;
    forget(store, {"/b/new.cfg"});
    CHECK(only_asset(store).shown.record.name == "old");
    CHECK(only_asset(store).last_updated >= updated);
  }
}

TEST_CASE("a foreign file is remembered and never a row", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  begin(store, {.path = "/plant/router.cfg"});
  remember(store, "/plant/router.cfg");
  CHECK(files(store).empty());
  CHECK(store.journal()->empty());
  const KnownFile known = only_known(store, "/plant/router.cfg");
  CHECK(known.file_id == 0);
  CHECK(known.stamp.inode == 9);
  CHECK(forget(store, {"/plant/router.cfg"}) == 0);
  CHECK(store.known_below("/plant")->empty());
}

TEST_CASE("a project file that became foreign is Deleted, and the reverse forgets the foreign one",
          "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  import(store, kFirst);
  begin(store, kFirst);
  remember(store, kFirst.path);
  CHECK(files(store).size() == 1);
  CHECK(file_with(store, FileStatus::deleted).asset_count == 1);
  CHECK(assets(store).empty());
  import(store, kFirst);
  CHECK(only_known(store, "/plant").file_id != 0);
  CHECK(assets(store).size() == 1);
  auto database = Database::open(folder.path("s.db"), Database::Access::read_only);
  CHECK(*integer_from(*database, "SELECT count(*) FROM foreign_files") == 0);
}

TEST_CASE("known files are those at or below a path, by path, whatever letters it has", "[store]") {
  Folder folder;
  auto store = open(folder.path("s.db"));
  for (const std::string path : {"/a/b/2.cfg", "/a/bc/1.cfg", "/a/b", "/a/b%/x.cfg", "/a/b-c",
                                 "/a/b/1/z.cfg", "/a/b_/x.cfg", "/a/b0", "/A/b/1.cfg"}) {
    import(store, {.path = path});
  }
  remember(store, "/a/b/3.cfg");
  using Paths = std::vector<std::string>;
  CHECK(paths_below(store, "/a/b") == Paths{"/a/b", "/a/b/1/z.cfg", "/a/b/2.cfg", "/a/b/3.cfg"});
  CHECK(paths_below(store, "/a/b/") == paths_below(store, "/a/b"));
  CHECK(paths_below(store, "/a/b_") == Paths{"/a/b_/x.cfg"});
  CHECK(paths_below(store, "/a/b%") == Paths{"/a/b%/x.cfg"});
  CHECK(paths_below(store, "/a/b/2.cfg") == Paths{"/a/b/2.cfg"});
  CHECK(paths_below(store, "/").size() == 10);
  CHECK(paths_below(store, "/a/c").empty());
}

TEST_CASE("nothing of a batch lasts before commit, and beginning imports commits it", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  {
    auto store = open(path);
    finish(store, begin(store, kFirst), kFirst);
    CHECK(assets(store).size() == 1);
  }
  auto store = open(path);
  CHECK(assets(store).empty());
  CHECK(files(store)[0].status == FileStatus::importing);
  finish(store, begin(store, kFirst), kFirst);
  begin(store, {.path = "/plant/line2.cfg"});
  auto reader = open(path, Mode::read_only);
  CHECK(assets(reader).size() == 1);
}

TEST_CASE("an import that fails in the store leaves the rest of the batch sound", "[store]") {
  Folder folder;
  const std::string path = folder.path("s.db");
  auto store = open(path);
  const FileId first = begin(store, kFirst);
  finish(store, first, kFirst);
  CHECK_FALSE(store.finish_import(first, {}).has_value());
  REQUIRE(store.commit().has_value());
  auto reader = open(path, Mode::read_only);
  CHECK(assets(reader).size() == 1);
}

}  // namespace ot::store::test
