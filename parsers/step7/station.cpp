#include "parsers/step7/station.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ot::parsers::step7 {
namespace {

constexpr std::size_t kMostSubnets = 100;

std::optional<std::uint32_t> place(std::int64_t number) {
  return number < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
}

/// "I 0..15, O 256": bytes of inputs and outputs.
std::string io_text(const std::vector<IoRange>& ranges) {
  std::string text;
  for (const auto& range : ranges) {
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", range.output ? 'O' : 'I', range.start);
    if (range.length > 1) {
      text += fmt::format("..{}", range.start + range.length - 1);
    }
  }
  return text;
}

/// A slot record is a CPU by its order number; by its name only if the order
/// number says nothing else.
bool is_cpu(const TypeId& type, std::string_view name) {
  if (type.module_class == ModuleClass::cpu) {
    return true;
  }
  return type.module_class == ModuleClass::unknown &&
         (name.starts_with("CPU") || name.starts_with("WinLC"));
}

/// "002B-0004" for the subnet id 002B00000004.
std::string subnet_id_text(std::string_view net_id) {
  if (net_id.size() != 12) {
    return std::string(net_id);
  }
  return fmt::format("{}-{}", net_id.substr(0, 4), net_id.substr(8));
}

}  // namespace

void StationBuilder::take(const Record& record) {
  switch (record.head.kind) {
    case HeadKind::station: return take_station(record);
    case HeadKind::subnet: return take_subnet(record);
    case HeadKind::rack: return take_rack(record);
    case HeadKind::dp_subsystem: return take_slave(record);
    case HeadKind::io_subsystem: return take_device(record);
    case HeadKind::irt_domain:
    case HeadKind::connection: return;
  }
}

void StationBuilder::take_station(const Record& record) {
  if (has_station_) {
    return warnings_.add("a second station in one file; its records count to the first",
                         Position::line(record.head.line));
  }
  has_station_ = true;
  station_ = text(record.head.name);
  station_type_ = std::string(record.head.type);
  station_asset_id_ = text(record[Key::asset_id]);
}

void StationBuilder::take_subnet(const Record& record) {
  interfaces_.add_subnet(record);
  if (subnets_.size() < kMostSubnets) {
    const auto id = subnet_id_text(text(record[Key::net_id]));
    subnets_.push_back({.name = "subnet",
                        .value = fmt::format("{}: {}{}{}", text(record.head.name), record.head.type,
                                             id.empty() ? "" : ", id ", id)});
  }
}

AddOn StationBuilder::add_on_of(const Record& record, const TypeId& type) const {
  const auto& head = record.head;
  AddOn add_on;
  add_on.name = text(head.name);
  add_on.type_id = text(head.id);
  add_on.order_id = type.order_id;
  if (add_on.order_id.empty()) {
    add_on.order_id = without_blank(text(record[Key::mlfb]));
  }
  add_on.firmware_version = text(head.version.empty() ? record[Key::pn_sw_release] : head.version);
  add_on.hardware = type.hardware;
  add_on.io_addresses = io_text(record.ranges);
  add_on.slot = place(head.slot);
  add_on.subslot = place(head.subslot);
  if (head.slot >= 0) {
    add_on.unit_address = std::to_string(head.slot);
  }
  return add_on;
}

void StationBuilder::take_rack(const Record& record) {
  const auto& head = record.head;
  auto type = read_type_id(text(head.id));
  if (head.slot < 0) {
    racks_.push_back({.number = static_cast<std::uint32_t>(std::max<std::int64_t>(head.number, 0)),
                      .order_id = type.order_id,
                      .name = text(head.name)});
    return;
  }
  RackRecord kept{.rack = head.number,
                  .slot = head.slot,
                  .subslot = head.subslot,
                  .type = {},
                  .add_on = add_on_of(record, type),
                  .interface = interfaces_.read(record, Owner::controller),
                  .asset_id = text(record[Key::asset_id])};
  kept.type = std::move(type);
  kept.add_on.rack = place(head.number);
  kept.is_cpu = head.subslot < 0 && is_cpu(kept.type, kept.add_on.name);
  rack_records_.push_back(std::move(kept));
}

/// A slave's head, or one of its slots. Sub-slots are no modules of their own.
void StationBuilder::take_slave(const Record& record) {
  const auto& head = record.head;
  if (head.address < 0 || head.subslot >= 0) {
    return;
  }
  const auto type = read_type_id(text(head.id));
  auto& head_order_id = head_order_id_[{head.number, head.address}];
  const bool is_head = head.slot < 0 && head.terminal_block < 0;
  if (is_head) {
    head_order_id = type.order_id;
  } else if (type.form == TypeForm::internal || type.continuation ||
             (record.autocreated && !type.order_id.empty() && type.order_id == head_order_id)) {
    return;
  }
  auto add_on = add_on_of(record, type);
  add_on.bus = fmt::format("DPSUBSYSTEM {}", head.number);
  add_on.slave_address = place(head.address);
  slaves_.push_back(std::move(add_on));
}

Asset StationBuilder::new_device(const Record& record) {
  const auto type = read_type_id(text(record.head.id));
  auto facts = add_on_of(record, type);
  Asset device;
  device.name = facts.name;
  device.station = station_;
  device.type_id = std::move(facts.type_id);
  device.order_id = std::move(facts.order_id);
  device.firmware_version = std::move(facts.firmware_version);
  device.hardware = type.hardware;
  device.bus = fmt::format("IOSUBSYSTEM {}", record.head.number);
  device.device_number = place(record.head.address);
  return device;
}

void StationBuilder::take_device(const Record& record) {
  const auto& head = record.head;
  if (head.address < 0) {
    network_of_io_system_[head.number] = text(record[Key::subnet_name]);
    return;
  }
  const DeviceKey key{head.number, head.address};
  const auto known = device_index_.find(key);
  if (known != device_index_.end()) {
    return take_device_slot(record, devices_[known->second]);
  }
  device_index_[key] = devices_.size();
  devices_.push_back(new_device(record));
  take_device_slot(record, devices_.back());
}

/// The head and slot 0 give the addresses; slots from 1 up are modules.
void StationBuilder::take_device_slot(const Record& record, Asset& device) {
  const auto& head = record.head;
  if (head.slot < 0) {
    device.project_asset_id = text(record[Key::asset_id]);
  }
  if (head.slot <= 0 && head.subslot < 0) {
    if (device.order_id.empty()) {
      device.order_id = without_blank(text(record[Key::mlfb]));
    }
    if (device.firmware_version.empty()) {
      device.firmware_version = text(record[Key::pn_sw_release]);
    }
  }
  if (head.slot <= 0 && device.interfaces.empty()) {
    if (auto interface = interfaces_.read(record, Owner::io_device)) {
      interface->device_name = device.name;
      if (interface->network.empty()) {
        interface->network = network_of_io_system_[head.number];
      }
      device.interfaces.push_back(std::move(*interface));
    }
  }
  if (head.slot < 1 || head.subslot >= 0) {
    return;
  }
  const auto type = read_type_id(text(head.id));
  if (type.form == TypeForm::internal) {
    return;
  }
  auto add_on = add_on_of(record, type);
  if (type.form == TypeForm::gsdml) {
    // The file name's family is the device's; a module bears its own id alone.
    add_on.hardware = {.vendor = type.hardware.vendor};
  }
  add_on.bus = device.bus;
  device.add_ons.push_back(std::move(add_on));
}

Asset StationBuilder::cpu_asset(const RackRecord& cpu) const {
  Asset asset;
  asset.name = cpu.add_on.name;
  asset.station = station_;
  asset.type_id = cpu.add_on.type_id;
  asset.project_asset_id = cpu.asset_id;
  asset.order_id = cpu.add_on.order_id;
  asset.firmware_version = cpu.add_on.firmware_version;
  asset.hardware = cpu.add_on.hardware;
  asset.hardware.category = Category::plc;
  asset.rack = cpu.add_on.rack;
  asset.slot = cpu.add_on.slot;
  return asset;
}

/// Each rack's modules go to each of its CPUs; those of a rack without one to
/// the first CPU. Interfaces of communication modules go to the rack's first CPU.
void StationBuilder::give_rack_records(std::vector<Asset>& assets) {
  for (std::size_t i = 0; i < assets.size(); ++i) {
    auto& asset = assets[i];
    std::vector<AddOn> own;
    const auto is_first_of_rack = [&](std::int64_t rack) {
      const auto first = std::find_if(assets.begin(), assets.end(),
                                      [&](const Asset& cpu) { return cpu.rack == place(rack); });
      return first == assets.end() ? i == 0
                                   : first->slot == asset.slot && first->rack == asset.rack;
    };
    const auto has_cpu = [&](std::int64_t rack) {
      return std::any_of(assets.begin(), assets.end(),
                         [&](const Asset& cpu) { return cpu.rack == place(rack); });
    };
    // Once through the rack that the CPU sits in, once through racks without one.
    for (const bool expansion : {false, true}) {
      for (auto& record : rack_records_) {
        const bool in_own_rack = place(record.rack) == asset.rack;
        const bool wanted =
            expansion ? i == 0 && !in_own_rack && !has_cpu(record.rack) : in_own_rack;
        if (!wanted) {
          continue;
        }
        const bool of_itself = in_own_rack && place(record.slot) == asset.slot;
        if (record.interface && (of_itself || (!record.is_cpu && is_first_of_rack(record.rack)))) {
          asset.interfaces.push_back(*record.interface);
        }
        const bool counts = record.subslot < 0 ? !of_itself : !record.type.order_id.empty();
        if (counts) {
          own.push_back(record.add_on);
        }
      }
    }
    asset.add_ons = std::move(own);
  }
}

/// What is the station's, not one CPU's: slaves, racks, subnets.
void StationBuilder::give_station_facts(Asset& first) {
  slaves_.insert(slaves_.begin(), std::make_move_iterator(first.add_ons.begin()),
                 std::make_move_iterator(first.add_ons.end()));
  first.add_ons = std::move(slaves_);
  first.details = std::move(subnets_);
  first.details.insert(first.details.begin(), {.name = "stationType", .value = station_type_});
}

std::vector<Asset> StationBuilder::finish() {
  std::vector<Asset> assets;
  for (const auto& record : rack_records_) {
    if (record.is_cpu) {
      assets.push_back(cpu_asset(record));
    }
  }
  if (assets.empty()) {
    Asset station;
    station.name = station_;
    station.station = station_;
    station.project_asset_id = station_asset_id_;
    assets.push_back(std::move(station));
  }
  give_rack_records(assets);
  give_station_facts(assets.front());
  for (const auto& rack : racks_) {
    const auto owner = std::find_if(assets.begin(), assets.end(), [&](const Asset& cpu) {
      return cpu.rack == std::optional(rack.number);
    });
    (owner == assets.end() ? assets.front() : *owner).racks.push_back(rack);
  }
  std::move(devices_.begin(), devices_.end(), std::back_inserter(assets));
  return assets;
}

}  // namespace ot::parsers::step7
