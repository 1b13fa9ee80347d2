#include "agent/plant_report/table_set_tables.hpp"

#include <fmt/format.h>

#include "agent/list_view.hpp"
#include "agent/plant_report/plain_facts.hpp"
#include "agent/plant_report/table_set_cell.hpp"

namespace ot::agent::plant_report {
namespace {

using store::StoredAddOn;
using store::StoredAsset;
using Cells = std::vector<std::string>;

std::string time_text(const std::optional<Time>& time) {
  return time && *time != Time{} ? sheet_time_text(iso8601(*time)) : std::string();
}

std::string first_mac_address(const Asset& asset) {
  const auto* primary = primary_interface(asset.interfaces);
  return primary == nullptr ? std::string() : primary->mac_address;
}

Cells device_row(const StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const auto& hardware = record.hardware;
  return {asset.site,
          asset.area,
          first_address(record),
          device_label(asset),
          record.station,
          std::string(to_string(hardware.category)),
          hardware.vendor,
          hardware.model,
          hardware.product_name,
          record.order_id,
          record.serial_number,
          record.firmware_version,
          first_mac_address(record),
          record.bus,
          number_text(record.rack),
          number_text(record.slot),
          std::to_string(asset.shown.add_ons.size()),
          std::string(origin_of(asset)),
          std::string(to_string(record.confidence)),
          asset.shown.path,
          protocols_text(asset),
          time_text(first_seen(asset)),
          time_text(last_seen(asset)),
          asset.asset_uuid.text()};
}

SheetTable devices(const PlantReport& report) {
  SheetTable table{{"Site",
                    "Area",
                    "Address",
                    "Device",
                    "Station",
                    "Category",
                    "Vendor",
                    "Model",
                    "Product name",
                    "Order number",
                    "Serial number",
                    "Firmware",
                    "MAC address",
                    "Bus",
                    "Rack",
                    "Slot",
                    "Modules",
                    "Origin",
                    "Confidence",
                    "Source file",
                    "Protocols",
                    "First seen (UTC)",
                    "Last seen (UTC)",
                    "Device UUID"},
                   {}};
  for (const auto* asset : devices_in_order(report)) {
    table.rows.push_back(device_row(*asset));
  }
  return table;
}

Cells module_row(const StoredAsset& asset, const StoredAddOn& module, std::string_view origin) {
  const auto& record = module.record;
  const auto& hardware = record.hardware;
  return {asset.site,
          asset.area,
          first_address(asset.shown.record),
          device_label(asset),
          record.bus,
          number_text(record.slave_address),
          number_text(record.rack),
          number_text(record.slot),
          number_text(record.subslot),
          record.unit_address,
          record.name,
          std::string(to_string(hardware.category)),
          hardware.vendor,
          hardware.model,
          hardware.product_name,
          record.order_id,
          record.serial_number,
          record.firmware_version,
          record.io_addresses,
          std::string(origin),
          std::string(to_string(record.confidence)),
          asset.shown.path,
          asset.asset_uuid.text(),
          module.add_on_uuid.text()};
}

SheetTable modules(const PlantReport& report) {
  SheetTable table{
      {"Site",          "Area",          "Device address", "Device",        "Bus",
       "Slave address", "Rack",          "Slot",           "Subslot",       "Unit address",
       "Module",        "Category",      "Vendor",         "Model",         "Product name",
       "Order number",  "Serial number", "Firmware",       "I/O addresses", "Origin",
       "Confidence",    "Source file",   "Device UUID",    "Module UUID"},
      {}};
  for (const auto* asset : devices_in_order(report)) {
    const ModuleOrigins origins(*asset);
    for (const auto* module : modules_in_order(*asset)) {
      table.rows.push_back(module_row(*asset, *module, origins.of(module->record)));
    }
  }
  return table;
}

Cells interface_row(const StoredAsset& asset, const Interface& interface) {
  const auto& address = interface.address;
  const bool is_seen = !address.empty();
  return {asset.site,
          asset.area,
          interface.network,
          address,
          interface.subnet_mask,
          interface.gateway,
          interface.mac_address,
          number_text(interface.profibus_address),
          number_text(interface.mpi_address),
          device_label(asset),
          interface.name,
          interface.device_name,
          number_text(interface.slot),
          number_text(interface.subslot),
          is_seen ? protocols_text(asset, address) : std::string(),
          is_seen ? time_text(first_seen(asset, address)) : std::string(),
          is_seen ? time_text(last_seen(asset, address)) : std::string(),
          asset.asset_uuid.text()};
}

/// A port that is linked to nothing and has no address is on no network.
bool is_on_network(const Interface& interface) {
  return !interface.network.empty() || !interface.address.empty() ||
         !interface.mac_address.empty() || interface.profibus_address || interface.mpi_address;
}

/// The head of a PROFIBUS slave has the address there; its slots have none of their own.
bool is_slave_head(const AddOn& module) {
  return module.slave_address && module.unit_address.empty();
}

Cells slave_row(const StoredAsset& asset, const AddOn& slave) {
  Cells row = {asset.site, asset.area, slave.bus, {}, {}, {}, {}, number_text(slave.slave_address),
               {},         slave.name};
  row.resize(17);
  row.push_back(asset.asset_uuid.text());
  return row;
}

SheetTable networks(const PlantReport& report) {
  SheetTable table{
      {"Site", "Area", "Network", "Address", "Subnet mask", "Gateway", "MAC address",
       "PROFIBUS address", "MPI address", "Device", "Interface", "PROFINET name", "Slot", "Subslot",
       "Protocols", "First seen (UTC)", "Last seen (UTC)", "Device UUID"},
      {}};
  for (const auto* asset : devices_in_order(report)) {
    for (const auto& interface : asset->shown.record.interfaces) {
      if (is_on_network(interface)) {
        table.rows.push_back(interface_row(*asset, interface));
      }
    }
    for (const auto* module : modules_in_order(*asset)) {
      if (is_slave_head(module->record)) {
        table.rows.push_back(slave_row(*asset, module->record));
      }
    }
  }
  return table;
}

Cells file_row(const store::StoredFile& file) {
  return {file.place.site,
          file.place.area,
          file.place.plant_location,
          file.name,
          file.extension,
          std::string(to_string(file.status)),
          file.vendor,
          file.engineering_tool_name,
          file.engineering_tool_version,
          file.project_name,
          time_text(file.exported_at),
          std::to_string(file.asset_count),
          std::to_string(file.warnings.size()),
          file.error,
          std::to_string(file.size),
          file.path,
          file.uploaded_by,
          time_text(file.last_updated),
          file.digests.md5,
          file.digests.sha256,
          file.file_uuid.text()};
}

SheetTable files(const PlantReport& report) {
  SheetTable table{
      {"Site",           "Area",        "Plant location",     "Name",         "Extension",
       "Status",         "Vendor",      "Engineering tool",   "Tool version", "Project name",
       "Exported (UTC)", "Devices",     "Warnings",           "Error",        "Size",
       "Path",           "Uploaded by", "Last updated (UTC)", "MD5",          "SHA-256",
       "File UUID"},
      {}};
  for (const auto& file : report.files) {
    table.rows.push_back(file_row(file));
  }
  return table;
}

SheetTable what_was_not_read(const PlantReport& report) {
  SheetTable table{{"Kind", "Area or group", "What", "Protocol", "State", "Why"}, {}};
  for (const auto& item : not_read(report)) {
    table.rows.push_back(
        {item.kind, item.area, item.subject, item.protocol, item.state, item.reason});
  }
  return table;
}

/// "FINS 0501 CONTROLLER DATA READ: 2; FINS 0601 CONTROLLER STATUS READ: 1"
std::string functions_text(const SentCount& sent) {
  std::string text;
  for (const auto& [name, requests] : sent.functions) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", name, requests);
  }
  return text;
}

SheetTable what_was_sent(const PlantReport& report) {
  SheetTable table{{"Area", "Target", "Protocol", "Connections tried", "Connections made",
                    "Connections refused", "Requests", "Answers", "Silences", "Stray frames",
                    "Bytes sent", "Bytes received", "Functions"},
                   {}};
  for (const auto& sent : report.sent) {
    Cells row = {sent.area, sent.target, sent.protocol};
    for (const auto count :
         {sent.tries, sent.connections, sent.refused, sent.requests, sent.answers, sent.silences,
          sent.strays, sent.bytes_sent, sent.bytes_received}) {
      row.push_back(std::to_string(count));
    }
    row.push_back(functions_text(sent));
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

const std::vector<Sheet>& sheets() {
  static const std::vector<Sheet> all = {{"devices.csv", devices},
                                         {"modules.csv", modules},
                                         {"networks.csv", networks},
                                         {"files.csv", files},
                                         {"not_read.csv", what_was_not_read},
                                         {"sent.csv", what_was_sent}};
  return all;
}

}  // namespace ot::agent::plant_report
