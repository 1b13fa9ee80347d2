#pragma once

#include <string>

#include "agent/plant_report/model.hpp"
#include "base/uuid.hpp"

namespace ot::tests {

inline Time time_of(const char* text) {
  return parse_iso8601(text).value();
}

inline store::StoredAddOn module_of(std::int64_t id, std::uint32_t slot, std::string name,
                                    std::string order_id) {
  store::StoredAddOn module;
  module.add_on_id = id;
  module.add_on_uuid = uuid_v5(kRackscoutNamespace, "module " + std::to_string(id));
  module.record.name = std::move(name);
  module.record.order_id = std::move(order_id);
  module.record.rack = 0;
  module.record.slot = slot;
  module.record.unit_address = std::to_string(slot);
  module.record.hardware.category = Category::io;
  return module;
}

/// A controller that a project file knows and that answered; a file and a device name slot 4.
inline store::StoredAsset controller() {
  store::StoredAsset asset;
  asset.asset_id = 7;
  asset.asset_uuid = uuid_v5(kRackscoutNamespace, "controller");
  asset.site = "Northport";
  asset.area = "Mill";
  asset.created = asset.last_updated = time_of("2026-11-05T10:00:00Z");
  auto& record = asset.shown.record;
  record.name = "CPU 1";
  record.station = "Station <1>";
  record.order_id = "6ES7318-2AJ00-0AB0";
  record.serial_number = "00012345";
  record.firmware_version = "1.10";
  record.hardware = {"Siemens", "CPU 318-2", "S7-300 CPU", Category::plc};
  record.origin = Origin::observed;
  Interface interface;
  interface.name = "MPI/DP";
  interface.address = "10.0.0.5";
  interface.mac_address = "00:0e:8c:12:34:56";
  interface.network = "PN/IE_1";
  record.interfaces = {interface};
  record.details = {{"configurationVersion", "3", Confidence::schema}};
  asset.shown.path = "/projects/line3.cfg";
  asset.shown.add_ons = {module_of(12, 10, "AO 2", "6ES7332-5HB01-0AB0"),
                         module_of(11, 4, "=DI 16", "6ES7321-1BH00-0AA0")};
  asset.shown.add_ons[0].record.firmware_version = "V2.0";
  store::Sides sides;
  sides.configured.add_ons = {asset.shown.add_ons[0].record, asset.shown.add_ons[1].record};
  sides.observed.add_ons = {asset.shown.add_ons[1].record};
  asset.sides = sides;
  asset.sightings = {{"enip", "10.0.0.5", "10.0.0.5", time_of("2026-11-05T10:01:00Z"),
                      time_of("2026-11-05T10:02:00.250Z")}};
  return asset;
}

/// It told nothing but an address, in another area.
inline store::StoredAsset stranger() {
  store::StoredAsset asset;
  asset.asset_id = 8;
  asset.asset_uuid = uuid_v5(kRackscoutNamespace, "stranger");
  asset.site = "Northport";
  asset.area = "Furnace";
  asset.configured = false;
  asset.created = asset.last_updated = time_of("2026-11-05T10:03:00Z");
  Interface interface;
  interface.address = "10.0.0.5";
  asset.shown.record.interfaces = {interface};
  asset.shown.record.origin = Origin::observed;
  asset.sightings = {{"modbus", "10.0.0.5:502", "10.0.0.5", time_of("2026-11-05T10:03:00Z"),
                      time_of("2026-11-05T10:03:00Z")}};
  return asset;
}

inline store::StoredFile file_of(const char* name, FileStatus status) {
  store::StoredFile file;
  file.file_uuid = uuid_v5(kRackscoutNamespace, name);
  file.name = name;
  file.extension = ".cfg";
  file.path = std::string("/projects/") + name + ".cfg";
  file.status = status;
  file.place = {"Northport", "Mill", ""};
  file.size = 4711;
  file.last_updated = time_of("2026-11-05T09:00:00Z");
  return file;
}

/// A walk through two areas in which the same address is two devices.
inline agent::plant_report::PlantReport walked_plant() {
  agent::plant_report::PlantReport report;
  report.source = agent::plant_report::PlantReport::Source::bundle;
  report.origin = "plant.rsb";
  report.site = "Northport";
  report.operator_name = "Anna";
  report.walk = "7a9d1e62-3c8b-5f4e-9a51-2f6d0c0b1a11";
  report.version = "0.1.0";
  report.trust = "signed by Anna (3f1c), trusted";
  report.trusted = true;
  report.began = time_of("2026-11-05T09:55:00Z");
  report.ended = time_of("2026-11-05T10:05:00Z");
  report.made = time_of("2026-11-09T08:00:00Z");
  agent::bundle::Leg leg;
  leg.area = "Mill";
  leg.targets = {"10.0.0.0/24"};
  leg.began = report.began;
  report.legs = {leg};
  report.assets = {controller(), stranger()};
  report.files = {file_of("line3", FileStatus::imported), file_of("line4", FileStatus::failed),
                  file_of("line2", FileStatus::deleted)};
  report.files[0].warnings = {{"ends early", Position::line(12)}};
  report.files[1].error = "not a text";
  report.targets = {
      {"Mill", "10.0.0.5", true, true, "answered", "", {{"note", "enip", "a remark"}}},
      {"Mill", "10.0.0.6", false, false, "silent", "", {}},
      {"Mill", "10.0.0.7", true, false, "silent", "no answer", {{"silent", "fins", "no answer"}}},
      {"Mill", "10.0.0.8", true, false, "refused", "", {}}};
  report.sent = {{.area = "Mill",
                  .target = "10.0.0.5:44818",
                  .protocol = "EtherNet/IP",
                  .tries = 1,
                  .connections = 1,
                  .requests = 3,
                  .answers = 2,
                  .silences = 1,
                  .bytes_sent = 120,
                  .bytes_received = 300,
                  .functions = {{"CIP Get_Attributes_All of Identity", 3}}}};
  return report;
}

/// Collects what a form is written to.
template <class Write>
std::string written(Write write, const agent::plant_report::PlantReport& report) {
  std::string text;
  write(report, [&text](std::string_view piece) { text += piece; });
  return text;
}

}  // namespace ot::tests
