#include "tests/store/plant.hpp"

#include <algorithm>
#include <fstream>

#include "tests/catch.hpp"

namespace ot::store::test {

AddOn module_at(std::uint32_t slot, const std::string& order_id, const std::string& serial_number) {
  AddOn add_on;
  add_on.name = "module in slot " + std::to_string(slot);
  add_on.order_id = order_id;
  add_on.serial_number = serial_number;
  add_on.unit_address = std::to_string(slot);
  add_on.hardware = {
      .vendor = "Siemens", .model = "", .product_name = "", .category = Category::io};
  add_on.rack = 0;
  add_on.slot = slot;
  return add_on;
}

Asset cpu(const std::string& station, const std::string& project_id) {
  Asset asset;
  asset.name = "CPU of " + station;
  asset.station = station;
  asset.project_asset_id = project_id;
  asset.order_id = "6ES7412-3HJ14-0AB0";
  asset.hardware = {
      .vendor = "Siemens", .model = "", .product_name = "", .category = Category::plc};
  asset.rack = 0;
  asset.slot = 3;
  for (std::uint32_t slot = 4; slot < 7; ++slot) {
    asset.add_ons.push_back(module_at(slot, "6ES7321-1BH02-0AA0"));
  }
  return asset;
}

Interface attachment(const std::string& address, const std::string& mac_address) {
  Interface item;
  item.address = address;
  item.mac_address = mac_address;
  return item;
}

FileId begin(Store& store, const Version& version) {
  const NewImport file{.path = version.path,
                       .stamp = {.device = 1, .inode = 2, .size = 3, .mtime_ns = version.mtime_ns},
                       .place = version.place,
                       .uploaded_by = "tester",
                       .same_row = 0};
  const auto ids = store.begin_imports({&file, 1});
  INFO((ids ? "" : ids.error().text()));
  REQUIRE(ids.has_value());
  return ids->front();
}

void finish(Store& store, FileId file, const Version& version) {
  ImportOutcome outcome;
  outcome.stamp = {.device = 1, .inode = 2, .size = 3, .mtime_ns = version.mtime_ns};
  outcome.read_at = now();
  if (!version.content.empty()) {
    outcome.digests = {.md5 = "md5 of " + version.content,
                       .sha256 = "sha256 of " + version.content};
  }
  outcome.parser = version.parser;
  outcome.project.vendor = "Siemens";
  outcome.project.engineering_tool_name = "STEP7";
  outcome.project.engineering_tool_version = "V5.6";
  outcome.project.details = version.details;
  outcome.project.exported_at = version.exported_at;
  outcome.project.assets = version.assets;
  outcome.error = version.error;
  const auto done = store.finish_import(file, outcome);
  INFO((done ? "" : done.error().text()));
  REQUIRE(done.has_value());
}

void import(Store& store, const Version& version) {
  finish(store, begin(store, version), version);
  REQUIRE(store.commit().has_value());
}

void gone(Store& store, const std::string& path) {
  const auto forgotten = store.forget_gone({&path, 1});
  REQUIRE(forgotten.has_value());
  REQUIRE(store.commit().has_value());
}

Store open(const std::string& path, Mode mode) {
  auto store = Store::open(path, mode);
  INFO((store ? "" : store.error().text()));
  REQUIRE(store.has_value());
  return std::move(*store);
}

Database raw(const std::string& path) {
  std::ofstream(path, std::ios::app).close();
  auto database = Database::open(path, Database::Access::read_write);
  REQUIRE(database.has_value());
  return std::move(*database);
}

Page sorted_by(const std::string& token, bool descending) {
  return {.sort = {{token, descending}}, .number = 0, .size = std::nullopt};
}

std::vector<StoredFile> files(Store& store, const Page& page) {
  std::vector<StoredFile> all;
  REQUIRE(store
              .list_files(page,
                          [&all](const StoredFile& file) {
                            all.push_back(file);
                            return true;
                          })
              .has_value());
  return all;
}

std::vector<StoredAsset> assets(Store& store, const Page& page) {
  std::vector<StoredAsset> all;
  REQUIRE(store
              .list_assets(page,
                           [&all](const StoredAsset& asset) {
                             all.push_back(asset);
                             return true;
                           })
              .has_value());
  return all;
}

StoredAsset only_asset(Store& store) {
  const auto all = assets(store);
  REQUIRE(all.size() == 1);
  return all.front();
}

std::vector<JournalEntry> entries(Store& store, const std::string& kind) {
  auto all = store.journal();
  REQUIRE(all.has_value());
  std::erase_if(*all, [&kind](const JournalEntry& entry) { return !entry.kind.starts_with(kind); });
  return *all;
}

namespace {

std::vector<std::string> texts(Database& database, const std::string& sql) {
  std::vector<std::string> all;
  Query query(database, ComposedSql{sql});
  while (query.next()) {
    all.push_back(query.text());
  }
  REQUIRE(query.end().has_value());
  return all;
}

}  // namespace

std::string dump(const std::string& path, const std::vector<std::string>& but) {
  auto database = Database::open(path, Database::Access::read_only);
  REQUIRE(database.has_value());
  std::string all;
  for (const auto& table : texts(*database,
                                 "SELECT name FROM sqlite_schema WHERE type = 'table'"
                                 " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                                 " AND name NOT LIKE 'asset\\_words\\_%' ESCAPE '\\'"
                                 " ORDER BY name")) {
    if (std::find(but.begin(), but.end(), table) != but.end()) {
      continue;
    }
    std::string row = "''";
    for (const auto& column :
         texts(*database, "SELECT name FROM pragma_table_info('" + table + "')")) {
      row += " || quote(" + column + ") || ' '";
    }
    all += table + "\n";
    for (const auto& line : texts(*database, "SELECT " + row + " FROM " + table + " ORDER BY 1")) {
      all += line + "\n";
    }
  }
  return all;
}

}  // namespace ot::store::test
