#include "agent/list_view.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>

namespace ot::agent {
namespace {

using store::StoredAddOn;
using store::StoredAsset;
using Cells = std::vector<std::string>;

std::string number_text(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : std::string();
}

void append(Cells& cells, Cells more) {
  cells.insert(cells.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
}

Cells csv_head(Shape shape) {
  const bool extended = shape == Shape::extended;
  Cells names = {"assetId",         "assetUuid",    "name",    "station",    "address",
                 "macAddress",      "category2",    "vendor",  "model",      "productName",
                 "firmwareVersion", "serialNumber", "created", "lastUpdated"};
  if (extended) {
    append(names,
           {"orderId", "typeId", "site", "area", "bus", "deviceNumber", "rack", "slot", "path",
            "exportedAt", "origin", "confidence", "source", "protocols", "lastSeen"});
  }
  append(names, {"addOn.addOnId", "addOn.unitAddress", "addOn.slaveAddress", "addOn.orderId",
                 "addOn.serialNumber", "addOn.firmwareVersion", "addOn.hardware.category2",
                 "addOn.hardware.vendor", "addOn.hardware.model", "addOn.hardware.productName"});
  if (extended) {
    append(names, {"addOn.addOnUuid", "addOn.name", "addOn.typeId", "addOn.bus", "addOn.rack",
                   "addOn.slot", "addOn.subslot", "addOn.origin", "addOn.confidence"});
  }
  return names;
}

std::string first_mac_address(const Asset& asset) {
  const auto* primary = primary_interface(asset.interfaces);
  return primary == nullptr ? std::string() : primary->mac_address;
}

/// "fins, enip"
std::string protocols_text(const StoredAsset& asset) {
  std::vector<std::string_view> protocols;
  for (const auto& sighting : asset.sightings) {
    if (std::find(protocols.begin(), protocols.end(), sighting.protocol) == protocols.end()) {
      protocols.push_back(sighting.protocol);
    }
  }
  return fmt::format("{}", fmt::join(protocols, ", "));
}

std::string last_seen_text(const StoredAsset& asset) {
  const auto last =
      std::max_element(asset.sightings.begin(), asset.sightings.end(),
                       [](const auto& a, const auto& b) { return a.last_seen < b.last_seen; });
  return last == asset.sightings.end() ? std::string() : iso8601(last->last_seen);
}

/// "configured", "observed", "both"
std::string origin_text(const StoredAsset& asset) {
  const auto origin = asset.observed() ? Origin::observed : Origin::configured;
  return asset.observed() && asset.configured ? "both" : std::string(to_string(origin));
}

/// The newest file, else where the device was asked.
std::string source_text(const StoredAsset& asset) {
  if (!asset.shown.path.empty() || !asset.observed()) {
    return asset.shown.path;
  }
  const auto& sighting = asset.sightings.front();
  return sighting.protocol + " " + sighting.target;
}

Cells asset_cells(const StoredAsset& asset, Shape shape) {
  const auto& record = asset.shown.record;
  const auto& hardware = record.hardware;
  Cells cells = {std::to_string(asset.asset_id),
                 asset.asset_uuid.text(),
                 record.name,
                 record.station,
                 first_address(record),
                 first_mac_address(record),
                 std::string(to_string(hardware.category)),
                 hardware.vendor,
                 hardware.model,
                 hardware.product_name,
                 record.firmware_version,
                 record.serial_number,
                 iso8601(asset.created),
                 iso8601(asset.last_updated)};
  if (shape == Shape::extended) {
    const auto& exported = asset.shown.exported_at;
    append(cells,
           {record.order_id, record.type_id, asset.site, asset.area, record.bus,
            number_text(record.device_number), number_text(record.rack), number_text(record.slot),
            asset.shown.path, exported ? iso8601(*exported) : std::string(),
            std::string(to_string(record.origin)), std::string(to_string(record.confidence)),
            inventory_source(asset), protocols_text(asset), last_seen_text(asset)});
  }
  return cells;
}

Cells add_on_cells(const StoredAddOn& add_on, Shape shape) {
  const auto& record = add_on.record;
  const auto& hardware = record.hardware;
  const auto slave = record.slave_address ? slave_address_text(*record.slave_address) : "";
  Cells cells = {std::to_string(add_on.add_on_id),
                 record.unit_address,
                 slave,
                 record.order_id,
                 record.serial_number,
                 record.firmware_version,
                 std::string(to_string(hardware.category)),
                 hardware.vendor,
                 hardware.model,
                 hardware.product_name};
  if (shape == Shape::extended) {
    append(cells,
           {add_on.add_on_uuid.text(), record.name, record.type_id, record.bus,
            number_text(record.rack), number_text(record.slot), number_text(record.subslot),
            std::string(to_string(record.origin)), std::string(to_string(record.confidence))});
  }
  return cells;
}

std::vector<Cells> csv_rows(const StoredAsset& asset, Shape shape) {
  const auto front = asset_cells(asset, shape);
  std::vector<Cells> rows;
  for (const auto& add_on : asset.shown.add_ons) {
    rows.push_back(front);
    append(rows.back(), add_on_cells(add_on, shape));
  }
  if (rows.empty()) {
    rows.push_back(front);
    rows.back().resize(csv_head(shape).size());
  }
  return rows;
}

/// "6ES7417-4HT14-0AB0" stays whole; product codes of SIPROTEC 5 are three times as long.
constexpr std::size_t kOrderNumber = 18;

std::vector<Column> columns(Shape shape) {
  std::vector<Column> columns = {
      {.title = "ID", .align = Align::right, .rank = 0},
      {.title = "NAME", .least = 24, .rank = 0},
      {.title = "VENDOR", .least = 7, .rank = 6},
      {.title = "MODEL", .least = 8, .rank = 5},
      {.title = "ORDER NUMBER", .least = kOrderNumber, .rank = 0},
      {.title = "FIRMWARE", .least = 8, .rank = 3},
      {.title = "ADDRESS", .least = 15, .rank = 2},
      {.title = "ADD-ONS", .align = Align::right, .least = 7, .rank = 1},
      {.title = "STATION", .least = 8, .rank = 4},
      {.title = "SITE", .least = 6, .rank = 7},
  };
  if (shape == Shape::extended) {
    columns.push_back({.title = "UUID", .least = 36, .rank = 9});
    columns.push_back({.title = "ORIGIN", .least = 10, .rank = 7});
    columns.push_back({.title = "SOURCE", .least = 12, .rank = 8});
  }
  return columns;
}

Row row(const StoredAsset& asset, Shape shape) {
  const auto& record = asset.shown.record;
  const auto& site = asset.site;
  Row row;
  row.cells = {std::to_string(asset.asset_id),
               record.name,
               record.hardware.vendor,
               record.hardware.model,
               record.order_id,
               record.firmware_version,
               first_address(record),
               std::to_string(asset.shown.add_ons.size()),
               record.station,
               asset.area.empty() ? site : site + " / " + asset.area};
  if (shape == Shape::extended) {
    append(row.cells, {asset.asset_uuid.text(), origin_text(asset), source_text(asset)});
  }
  return row;
}

}  // namespace

const ListView<StoredAsset> kAssetView = {
    JsonList::Layout::assets, asset_json, csv_head, csv_rows, columns, row};

std::string first_address(const Asset& asset) {
  const auto* primary = primary_interface(asset.interfaces);
  return primary == nullptr ? std::string() : primary->address;
}

}  // namespace ot::agent
