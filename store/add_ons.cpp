#include "store/add_ons.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "store/journal.hpp"
#include "store/swaps.hpp"

namespace ot::store {
namespace {

// An asset in very many backups: its newest views know the ids of its places.
constexpr int kMaxSources = 4;

void append(std::string& out, std::string_view label, std::string_view value) {
  if (!value.empty()) {
    out += out.empty() ? "" : ", ";
    out += label;
    out += value;
  }
}

void append(std::string& out, std::string_view label, const std::optional<std::uint32_t>& value) {
  if (value) {
    char digits[10];
    const auto end = std::to_chars(digits, digits + sizeof digits, *value).ptr;
    append(out, label, std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
}

/// The place of the n-th record in it; files may name a place more than once.
std::string numbered(std::string place, std::uint32_t occurrence) {
  return occurrence == 0 ? std::move(place) : fmt::format("{}\nrecord {}", place, occurrence + 1);
}

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

}  // namespace

std::string place_of(const AddOn& add_on) {
  std::string place;
  append(place, "", add_on.bus);
  append(place, "slave ", add_on.slave_address);
  append(place, "unit ", add_on.unit_address);
  append(place, "rack ", add_on.rack);
  append(place, "slot ", add_on.slot);
  append(place, "subslot ", add_on.subslot);
  return place;
}

Result<std::vector<StoredAddOn>> read_add_ons(Database& database, FileId file, AssetId asset,
                                              const Uuid& asset_uuid) {
  Query query(
      database,
      "SELECT add_on_id, occurrence, name, type_id, bus, unit_address, order_id,"
      " serial_number, firmware_version, io_addresses, vendor, model, product_name, category,"
      " slave_address, rack, slot, subslot, origin, confidence FROM add_ons"
      " WHERE file_id = ? AND asset_id = ? ORDER BY add_on_id DESC",
      file, asset);
  // Nothing stores the UUID: it follows from the asset's first one and the place.
  const std::string asset_name = "addon\n" + asset_uuid.text() + "\n";
  std::vector<StoredAddOn> add_ons;
  while (query.next()) {
    StoredAddOn& item = add_ons.emplace_back();
    item.add_on_id = query.integer();
    const auto occurrence = static_cast<std::uint32_t>(query.integer());
    item.record = take_add_on(query);
    item.add_on_uuid =
        uuid_v5(kRackscoutNamespace, asset_name + numbered(place_of(item.record), occurrence));
  }
  STORE_TRY(query.end());
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

Result<void> AddOnWriter::learn(Places& places, FileId source, AssetId asset) {
  Query query(database_,
              "SELECT add_on_id, occurrence, bus, slave_address, unit_address, rack, slot, subslot,"
              " name, order_id, serial_number FROM add_ons WHERE file_id = ? AND asset_id = ?",
              source, asset);
  while (query.next()) {
    Known known;
    known.add_on_id = query.integer();
    known.previous = source == previous_;
    const auto occurrence = static_cast<std::uint32_t>(query.integer());
    AddOn place;
    place.bus = query.text();
    place.slave_address = query.optional_number();
    place.unit_address = query.text();
    place.rack = query.optional_number();
    place.slot = query.optional_number();
    place.subslot = query.optional_number();
    known.name = query.text();
    known.order_id = query.text();
    known.serial_number = query.text();
    places.try_emplace(numbered(place_of(place), occurrence), std::move(known));
  }
  return query.end();
}

Result<AddOnWriter::Places> AddOnWriter::known_places(AssetId asset) {
  std::vector<FileId> sources;
  Query query(database_,
              "SELECT file_id FROM asset_facts WHERE asset_id = ? AND file_id NOT IN (?, ?)"
              " ORDER BY newness DESC, file_id DESC LIMIT ?",
              asset, file_, previous_, kMaxSources);
  while (query.next()) {
    sources.push_back(query.integer());
  }
  STORE_TRY(query.end());
  Places places;
  STORE_TRY(learn(places, previous_, asset));
  for (const FileId source : sources) {
    STORE_TRY(learn(places, source, asset));
  }
  return places;
}

Result<bool> AddOnWriter::had_asset(AssetId asset) {
  const auto had = integer_from(
      database_, "SELECT 1 FROM asset_facts WHERE file_id = ? AND asset_id = ?", previous_, asset);
  if (!had) {
    return fail(had.error());
  }
  return had->has_value();
}

Result<void> AddOnWriter::write(const AssetRef& asset, const std::vector<AddOn>& add_ons) {
  auto places = asset.is_new ? Result<Places>(Places{}) : known_places(asset.id);
  if (!places) {
    return fail(places.error());
  }
  const auto compare = asset.is_new ? Result<bool>(false) : had_asset(asset.id);
  if (!compare) {
    return fail(compare.error());
  }
  for (const AddOn& add_on : add_ons) {
    STORE_TRY(write_one(asset, *places, *compare, add_on));
  }
  return *compare ? note_vanished(asset, *places) : Result<void>{};
}

Result<void> AddOnWriter::write_one(const AssetRef& asset, Places& places, bool compare,
                                    const AddOn& add_on) {
  const std::string place = place_of(add_on);
  const std::uint32_t occurrence = places[place].records++;
  const std::string key = numbered(place, occurrence);
  Known& known = places[key];
  known.met = true;
  if (known.add_on_id == 0) {
    known.add_on_id = next_id_++;
  }
  STORE_TRY(insert(asset.id, known.add_on_id, occurrence, add_on));
  return compare ? compare_one(asset, key, known, add_on) : Result<void>{};
}

Result<void> AddOnWriter::compare_one(const AssetRef& asset, const std::string& place,
                                      const Known& known, const AddOn& add_on) {
  const Module now{add_on.name, add_on.order_id, add_on.serial_number};
  if (!known.previous) {
    return note(database_, at_, "module.appeared", asset.uuid.text(), "", describe(place, now));
  }
  return note_swap(database_, at_, asset.uuid, place,
                   {known.name, known.order_id, known.serial_number}, now);
}

Result<void> AddOnWriter::note_vanished(const AssetRef& asset, const Places& places) {
  // In the order of their ids, so that the same import always notes the same.
  std::vector<const Places::value_type*> vanished;
  for (const auto& entry : places) {
    if (entry.second.previous && !entry.second.met) {
      vanished.push_back(&entry);
    }
  }
  std::sort(vanished.begin(), vanished.end(),
            [](const auto* a, const auto* b) { return a->second.add_on_id < b->second.add_on_id; });
  for (const auto* entry : vanished) {
    const Known& known = entry->second;
    const Module module{known.name, known.order_id, known.serial_number};
    STORE_TRY(note(database_, at_, "module.vanished", asset.uuid.text(),
                   describe(entry->first, module), ""));
  }
  return {};
}

Result<void> AddOnWriter::insert(AssetId asset, std::int64_t id, std::uint32_t occurrence,
                                 const AddOn& add_on) {
  return run(database_,
             "INSERT INTO add_ons VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
             " ?, ?, ?)",
             file_, asset, id, occurrence, add_on.name, add_on.type_id, add_on.bus,
             add_on.unit_address, add_on.order_id, add_on.serial_number, add_on.firmware_version,
             add_on.io_addresses, add_on.hardware.vendor, add_on.hardware.model,
             add_on.hardware.product_name, add_on.hardware.category, add_on.slave_address,
             add_on.rack, add_on.slot, add_on.subslot, add_on.origin, add_on.confidence);
}

}  // namespace ot::store
