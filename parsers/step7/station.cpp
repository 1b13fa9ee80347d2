#include "parsers/step7/station.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ot::parsers::step7 {
namespace {

constexpr std::size_t kMostSubnets = 100;
constexpr std::int64_t kHighestDpAddress = 126;

/// "I 0..15, O 256": bytes of inputs and outputs.
std::string io_text(const std::vector<IoRange>& ranges) {
  std::string text;
  for (const auto& range : ranges) {
    text += text.empty() ? "" : ", ";
    text += range.output ? "O " : "I ";
    text += std::to_string(range.start);
    if (range.length > 1) {
      text += ".." + std::to_string(range.start + range.length - 1);
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

const TypeId& StationBuilder::type_of(Quoted id) {
  constexpr std::size_t kMostKept = 1000;
  if (last_type_ != nullptr && last_type_->first == id) {
    return last_type_->second;
  }
  auto known = types_.find(id);
  if (known == types_.end()) {
    if (types_.size() >= kMostKept) {
      types_.clear();  // last_type_ is set anew below
    }
    known = types_.emplace(id, read_type_id(text(id))).first;
  }
  last_type_ = &*known;
  return known->second;
}

void StationBuilder::describe(const Record& record, const TypeId& type, AddOn& add_on) const {
  const auto& head = record.head;
  add_on.name = text(head.name);
  add_on.type_id = type.text;
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
}

void StationBuilder::take_rack(const Record& record) {
  const auto& head = record.head;
  const auto& type = type_of(head.id);
  if (head.slot < 0) {
    racks_.push_back({.number = static_cast<std::uint32_t>(head.number),
                      .order_id = type.order_id,
                      .name = text(head.name)});
    return;
  }
  auto interface = interfaces_.read(record, Owner::controller);
  const bool has_order_number = !type.order_id.empty();
  const bool counts = head.subslot < 0 || has_order_number;
  if (!counts && !interface) {
    return;  // a port, a connector: neither a module nor an address
  }
  auto& kept = rack_records_.emplace_back();
  kept.rack = head.number;
  kept.subslot = head.subslot;
  kept.has_order_number = has_order_number;
  kept.interface = std::move(interface);
  if (counts) {
    describe(record, type, kept.add_on);
    kept.is_cpu = head.subslot < 0 && is_cpu(type, kept.add_on.name);
  }
  if (kept.is_cpu) {
    kept.asset_id = text(record[Key::asset_id]);
  }
  kept.add_on.rack = place(head.number);
  kept.add_on.slot = place(head.slot);
}

/// The order number of the slave's head; empty before the head was there.
std::string& StationBuilder::head_order_id_of(const Head& head) {
  const DeviceKey key{head.number, head.address};
  if (last_slave_ == nullptr || last_slave_->first != key) {
    last_slave_ = &*head_order_ids_.try_emplace(key).first;
  }
  return last_slave_->second;
}

/// A slave's head, or one of its slots. Sub-slots are no modules of their own.
void StationBuilder::take_slave(const Record& record) {
  const auto& head = record.head;
  if (head.address < 0 || head.subslot >= 0) {
    return;
  }
  const auto& type = type_of(head.id);
  auto& head_order_id = head_order_id_of(head);
  const bool is_head = head.slot < 0 && head.terminal_block < 0;
  if (is_head) {
    head_order_id = type.order_id;
  } else if (type.form == TypeForm::internal || type.continuation ||
             (record.autocreated && !type.order_id.empty() && type.order_id == head_order_id)) {
    return;
  }
  if (is_head && head.address > kHighestDpAddress) {
    warnings_.add(fmt::format("{} is no PROFIBUS address", head.address),
                  Position::line(head.line));
  }
  auto& add_on = slaves_.emplace_back();
  describe(record, type, add_on);
  add_on.bus = "DPSUBSYSTEM " + std::to_string(head.number);
  add_on.slave_address = place(head.address);
}

void StationBuilder::add_device(const Record& record) {
  const auto& type = type_of(record.head.id);
  AddOn facts;
  describe(record, type, facts);
  auto& device = devices_.emplace_back();
  device.name = std::move(facts.name);
  device.station = station_;
  device.type_id = std::move(facts.type_id);
  device.order_id = std::move(facts.order_id);
  device.firmware_version = std::move(facts.firmware_version);
  device.hardware = std::move(facts.hardware);
  device.bus = "IOSUBSYSTEM " + std::to_string(record.head.number);
  device.device_number = place(record.head.address);
}

Asset& StationBuilder::device_of(const Record& record) {
  const DeviceKey key{record.head.number, record.head.address};
  if (last_device_ == nullptr || last_device_->first != key) {
    const auto [entry, is_new] = device_index_.try_emplace(key, devices_.size());
    last_device_ = &*entry;
    if (is_new) {
      add_device(record);
    }
  }
  return devices_[last_device_->second];
}

void StationBuilder::take_device(const Record& record) {
  const auto& head = record.head;
  if (head.address < 0) {
    network_of_io_system_[head.number] = text(record[Key::subnet_name]);
    return;
  }
  take_device_slot(record, device_of(record));
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
  const auto& type = type_of(head.id);
  if (type.form == TypeForm::internal) {
    return;
  }
  auto& add_on = device.add_ons.emplace_back();
  describe(record, type, add_on);
  if (type.form == TypeForm::gsdml) {
    // The file name's family is the device's; a module bears its own id alone.
    add_on.hardware = {.vendor = type.hardware.vendor};
  }
  add_on.bus = device.bus;
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

/// One record of a rack, for one CPU: its own slot gives interfaces, all else
/// that counts gives an add-on.
void StationBuilder::give(const RackRecord& record, Asset& cpu, bool first_of_rack) {
  const bool of_itself = record.add_on.rack == cpu.rack && record.add_on.slot == cpu.slot;
  if (record.interface && (of_itself || (first_of_rack && !record.is_cpu))) {
    cpu.interfaces.push_back(*record.interface);
  }
  if (record.subslot < 0 ? !of_itself : record.has_order_number) {
    cpu.add_ons.push_back(record.add_on);
  }
}

/// Each rack's modules go to each of its CPUs, and then those of racks without one
/// to the first CPU.
Result<void> StationBuilder::give_rack_records(std::vector<Asset>& assets,
                                               const Limits& limits) const {
  std::map<std::int64_t, std::vector<std::size_t>> cpus_of_rack;
  for (std::size_t i = 0; i < assets.size(); ++i) {
    if (assets[i].rack) {
      cpus_of_rack[*assets[i].rack].push_back(i);
    }
  }
  const std::vector<std::size_t> first_cpu{0};
  std::uint64_t given = 0;
  for (const bool with_cpu : {true, false}) {
    for (const auto& record : rack_records_) {
      const auto own = cpus_of_rack.find(record.rack);
      if ((own != cpus_of_rack.end()) != with_cpu) {
        continue;
      }
      const auto& owners = with_cpu ? own->second : first_cpu;
      for (const auto owner : owners) {
        give(record, assets[owner], owner == owners.front());
      }
      given += owners.size();
      if (given > limits.records) {
        return fail(Errc::too_large, fmt::format("more than {} add-ons", limits.records));
      }
    }
  }
  return {};
}

/// What is the station's, not one CPU's: slaves, racks, subnets.
void StationBuilder::give_station_facts(Asset& first) {
  slaves_.insert(slaves_.begin(), std::make_move_iterator(first.add_ons.begin()),
                 std::make_move_iterator(first.add_ons.end()));
  first.add_ons = std::move(slaves_);
  first.details = std::move(subnets_);
  first.details.insert(first.details.begin(), {.name = "stationType", .value = station_type_});
}

Result<std::vector<Asset>> StationBuilder::cpu_assets() const {
  // Four CPUs compute together in an S7-400, two make an H system.
  constexpr std::size_t kMostCpus = 32;
  std::vector<Asset> cpus;
  for (const auto& record : rack_records_) {
    if (record.is_cpu) {
      cpus.push_back(cpu_asset(record));
    }
  }
  if (cpus.size() > kMostCpus) {
    return fail(Error(Errc::too_large, fmt::format("{} CPUs in one station", cpus.size()))
                    .hint("no station has that many; look what the file really is"));
  }
  if (cpus.empty()) {
    Asset station;
    station.name = station_;
    station.station = station_;
    station.project_asset_id = station_asset_id_;
    cpus.push_back(std::move(station));
  }
  return cpus;
}

Result<std::vector<Asset>> StationBuilder::finish(const Limits& limits) {
  auto assets = cpu_assets();
  if (!assets) {
    return assets;
  }
  if (const auto given = give_rack_records(*assets, limits); !given) {
    return fail(given.error());
  }
  give_station_facts(assets->front());
  for (const auto& rack : racks_) {
    const auto owner = std::find_if(assets->begin(), assets->end(), [&](const Asset& cpu) {
      return cpu.rack == std::optional(rack.number);
    });
    (owner == assets->end() ? assets->front() : *owner).racks.push_back(rack);
  }
  std::move(devices_.begin(), devices_.end(), std::back_inserter(*assets));
  return assets;
}

}  // namespace ot::parsers::step7
