#include "agent/csv.hpp"
#include "agent/list_view.hpp"
#include "agent/plant_report/plain.hpp"
#include "agent/plant_report/plain_facts.hpp"

namespace ot::agent::plant_report {
namespace {

using Cells = std::vector<std::string>;

const Cells& head() {
  static const Cells names = {"area",
                              "site",
                              "address",
                              "device",
                              "station",
                              "kind",
                              "module",
                              "vendor",
                              "model",
                              "productName",
                              "orderId",
                              "serialNumber",
                              "firmwareVersion",
                              "bus",
                              "slaveAddress",
                              "unitAddress",
                              "rack",
                              "slot",
                              "subslot",
                              "category2",
                              "origin",
                              "confidence",
                              "sourceFile",
                              "protocols",
                              "lastSeen",
                              "assetUuid",
                              "addOnUuid"};
  return names;
}

void append(Cells& cells, const Cells& more) {
  cells.insert(cells.end(), more.begin(), more.end());
}

/// What a device and a module have alike.
template <class Record>
Cells identity(const Record& record) {
  const auto& hardware = record.hardware;
  return {hardware.vendor, hardware.model,       hardware.product_name,
          record.order_id, record.serial_number, record.firmware_version};
}

/// Where the device is and what it is called: its modules' rows begin so, too.
Cells device_cells(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  return {asset.area, asset.site, first_address(record), device_label(asset), record.station};
}

/// Where the facts come from, and whose they are.
Cells source_cells(const store::StoredAsset& asset) {
  const auto last = last_seen(asset);
  return {asset.shown.path, protocols_text(asset), last ? iso8601(*last) : std::string(),
          asset.asset_uuid.text()};
}

Cells device_row(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  auto row = device_cells(asset);
  append(row, {"device", {}});
  append(row, identity(record));
  append(row, {record.bus,
               {},
               {},
               number_text(record.rack),
               number_text(record.slot),
               {},
               std::string(to_string(record.hardware.category)),
               std::string(origin_of(asset)),
               std::string(to_string(record.confidence))});
  append(row, source_cells(asset));
  row.emplace_back();
  return row;
}

Cells module_row(const store::StoredAsset& asset, const store::StoredAddOn& module,
                 std::string_view origin) {
  const auto& record = module.record;
  auto row = device_cells(asset);
  append(row, {"module", record.name});
  append(row, identity(record));
  append(row, {record.bus, record.slave_address ? slave_address_text(*record.slave_address) : "",
               record.unit_address, number_text(record.rack), number_text(record.slot),
               number_text(record.subslot), std::string(to_string(record.hardware.category)),
               std::string(origin), std::string(to_string(record.confidence))});
  append(row, source_cells(asset));
  row.push_back(module.add_on_uuid.text());
  return row;
}

}  // namespace

void write_csv(const PlantReport& report, const Sink& sink) {
  sink(csv_row(head()));
  for (const auto* asset : devices_in_order(report)) {
    sink(csv_row(device_row(*asset)));
    const ModuleOrigins origins(*asset);
    for (const auto* module : modules_in_order(*asset)) {
      sink(csv_row(module_row(*asset, *module, origins.of(module->record))));
    }
  }
}

}  // namespace ot::agent::plant_report
