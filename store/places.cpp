#include "store/places.hpp"

#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace ot::store {
namespace {

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

std::string numbered(std::string place, std::uint32_t occurrence) {
  return occurrence == 0 ? std::move(place) : fmt::format("{}\nrecord {}", place, occurrence + 1);
}

Result<void> each_place(Database& database, FileId file, AssetId asset,
                        const std::function<Result<void>(std::string, Placed&&)>& each) {
  Query query(database,
              "SELECT add_on_id, occurrence, bus, slave_address, unit_address, rack, slot, subslot,"
              " name, model, order_id, serial_number, firmware_version FROM add_ons WHERE file_id "
              "= ? AND asset_id = ?"
              " ORDER BY add_on_id",
              file, asset);
  while (query.next()) {
    const std::int64_t id = query.integer();
    const auto occurrence = static_cast<std::uint32_t>(query.integer());
    AddOn add_on;
    add_on.bus = query.text();
    add_on.slave_address = query.optional_number();
    add_on.unit_address = query.text();
    add_on.rack = query.optional_number();
    add_on.slot = query.optional_number();
    add_on.subslot = query.optional_number();
    auto place = numbered(place_of(add_on), occurrence);
    STORE_TRY(each(std::move(place), {.add_on_id = id,
                                      .unit_address = std::move(add_on.unit_address),
                                      .name = query.text(),
                                      .model = query.text(),
                                      .order_id = query.text(),
                                      .serial_number = query.text(),
                                      .firmware_version = query.text()}));
  }
  return query.end();
}

Result<void> learn_places(Database& database, FileId file, AssetId asset, Places& places) {
  return each_place(database, file, asset, [&places](std::string place, Placed&& placed) {
    places.try_emplace(std::move(place), std::move(placed));
    return Result<void>{};
  });
}

}  // namespace ot::store
