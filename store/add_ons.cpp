#include "store/add_ons.hpp"

#include <algorithm>

#include "store/places.hpp"
#include "store/views.hpp"

namespace ot::store {
namespace {

// An asset in very many backups: its newest views know the ids of its places.
constexpr int kMaxSources = 4;

AddOn take_add_on(Query& query) {
  return {.name = query.text(),
          .type_id = query.text(),
          .bus = query.text(),
          .unit_address = query.text(),
          .order_id = query.text(),
          .serial_number = query.text(),
          .firmware_version = query.text(),
          .io_addresses = query.text(),
          .hardware = {.vendor = query.text(),
                       .model = query.text(),
                       .product_name = query.text(),
                       .category = query.code<Category>()},
          .slave_address = query.optional_number(),
          .rack = query.optional_number(),
          .slot = query.optional_number(),
          .subslot = query.optional_number(),
          .origin = query.code<Origin>(),
          .confidence = query.code<Confidence>()};
}

Result<void> insert_add_on(Database& database, FileId source, AssetId asset, std::int64_t id,
                           std::uint32_t occurrence, const AddOn& add_on) {
  return run(database,
             "INSERT INTO add_ons VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
             " ?, ?, ?)",
             source, asset, id, occurrence, add_on.name, add_on.type_id, add_on.bus,
             add_on.unit_address, add_on.order_id, add_on.serial_number, add_on.firmware_version,
             add_on.io_addresses, add_on.hardware.vendor, add_on.hardware.model,
             add_on.hardware.product_name, add_on.hardware.category, add_on.slave_address,
             add_on.rack, add_on.slot, add_on.subslot, add_on.origin, add_on.confidence);
}

}  // namespace

Result<void> write_placed(Database& database, FileId source, AssetId asset,
                          const PlacedAddOn& add_on) {
  return insert_add_on(database, source, asset, add_on.add_on_id, add_on.occurrence, add_on.record);
}

Uuid add_on_uuid(const Uuid& asset, const PlacedAddOn& add_on) {
  return uuid_v5(kRackscoutNamespace, "addon\n" + asset.text() + "\n" + add_on.place());
}

Result<std::vector<PlacedAddOn>> read_placed(Database& database, FileId source, AssetId asset) {
  Query query(
      database,
      "SELECT add_on_id, occurrence, name, type_id, bus, unit_address, order_id,"
      " serial_number, firmware_version, io_addresses, vendor, model, product_name, category,"
      " slave_address, rack, slot, subslot, origin, confidence FROM add_ons"
      " WHERE file_id = ? AND asset_id = ? ORDER BY add_on_id DESC",
      source, asset);
  std::vector<PlacedAddOn> add_ons;
  while (query.next()) {
    PlacedAddOn& item = add_ons.emplace_back();
    item.add_on_id = query.integer();
    item.occurrence = static_cast<std::uint32_t>(query.integer());
    item.record = take_add_on(query);
  }
  STORE_TRY(query.end());
  return add_ons;
}

Result<std::vector<StoredAddOn>> read_add_ons(Database& database, FileId file, AssetId asset,
                                              const Uuid& asset_uuid) {
  auto placed = read_placed(database, file, asset);
  if (!placed) {
    return fail(placed.error());
  }
  std::vector<StoredAddOn> add_ons;
  add_ons.reserve(placed->size());
  for (PlacedAddOn& item : *placed) {
    StoredAddOn& add_on = add_ons.emplace_back();
    add_on.add_on_id = item.add_on_id;
    add_on.add_on_uuid = add_on_uuid(asset_uuid, item);
    add_on.record = std::move(item.record);
  }
  return add_ons;
}

Result<void> AddOnWriter::start() {
  const auto next = integer_from(database_, "SELECT value FROM meta WHERE name = 'next_add_on_id'");
  if (!next) {
    return fail(next.error());
  }
  first_id_ = next_id_ = next->value_or(1);
  return {};
}

Result<void> AddOnWriter::finish() {
  if (next_id_ == first_id_) {
    return {};
  }
  return run(database_, "UPDATE meta SET value = ? WHERE name = 'next_add_on_id'", next_id_);
}

Result<std::vector<FileId>> AddOnWriter::sources_of(AssetId asset) {
  std::vector<FileId> sources = {previous_};
  Query query(database_,
              "SELECT file_id FROM asset_facts WHERE asset_id = ? AND file_id NOT IN (?, ?)"
              " ORDER BY newness DESC, add_on_count DESC, file_id DESC LIMIT ?",
              asset, file_, previous_, kMaxSources);
  while (query.next()) {
    sources.push_back(query.integer());
  }
  STORE_TRY(query.end());
  return sources;
}

Result<Places> AddOnWriter::known_places(AssetId asset) {
  const auto sources = sources_of(asset);
  if (!sources) {
    return fail(sources.error());
  }
  Places places;
  for (const FileId source : *sources) {
    STORE_TRY(learn_places(database_, source, asset, places));
  }
  const bool observed = std::find(sources->begin(), sources->end(), kAllSources) != sources->end();
  if (!places.empty() && !observed) {
    return places;
  }
  const auto kept =
      integer_from(database_,
                   "SELECT coalesce(a.kept_file, c.kept_file) FROM assets a"
                   " LEFT JOIN configured_views c ON c.asset_id = a.asset_id WHERE a.asset_id = ?",
                   asset);
  if (!kept) {
    return fail(kept.error());
  }
  STORE_TRY(learn_places(database_, kept->value_or(0), asset, places));
  return places;
}

Result<void> AddOnWriter::write(const AssetRef& asset, const std::vector<AddOn>& add_ons) {
  const auto places = asset.is_new ? Result<Places>(Places{}) : known_places(asset.id);
  if (!places) {
    return fail(places.error());
  }
  std::unordered_map<std::string, std::uint32_t> records;
  for (const AddOn& add_on : add_ons) {
    std::string place = place_of(add_on);
    const std::uint32_t occurrence = records[place]++;
    const auto known = places->find(numbered(std::move(place), occurrence));
    const std::int64_t id = known == places->end() ? next_id_++ : known->second.add_on_id;
    STORE_TRY(insert_add_on(database_, file_, asset.id, id, occurrence, add_on));
  }
  return {};
}

}  // namespace ot::store
