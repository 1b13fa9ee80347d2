#include "protocols/enip/findings.hpp"

#include <algorithm>
#include <climits>
#include <iterator>

#include <fmt/format.h>

#include "protocols/enip/status.hpp"
#include "protocols/enip/tables.hpp"

namespace ot::protocols::enip {
namespace {

/// "1756-L61/B" of "1756-L61/B LOGIX5561": capitals, digits and signs, a dash among
/// them. A name that begins otherwise is taken whole.
std::string model_of(const std::string& product_name) {
  const auto word = product_name.substr(0, product_name.find(' '));
  const auto may_stand = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '/' || c == '.';
  };
  const bool is_number = word.find('-') != std::string::npos &&
                         word.find_first_of("0123456789") != std::string::npos &&
                         std::ranges::all_of(word, may_stand);
  return is_number ? word : product_name;
}

Hardware hardware_of(const Identity& identity) {
  return {.vendor = vendor_name(identity.vendor),
          .model = model_of(identity.product_name),
          .product_name = identity.product_name,
          .category = category_of(identity.vendor, identity.device_type)};
}

/// Empty for zero, which is what devices without one say.
std::string serial_text(std::uint32_t number) {
  return number == 0 ? std::string() : fmt::format("0x{:08x}", number);
}

std::string revision_text(const Identity& identity) {
  return fmt::format("{}.{}", identity.major_revision, identity.minor_revision);
}

bool is_cpu(const Module& module) {
  return module.identity.device_type == kProgrammableLogicController;
}

/// All modules by their slots, the device where its slot is not known at the end.
std::vector<Module> all_modules(Findings& found) {
  auto modules = std::move(found.modules);
  modules.push_back({found.own_slot, *found.device});
  const auto place = [](const Module& m) { return m.slot ? unsigned{*m.slot} : UINT_MAX; };
  std::ranges::stable_sort(modules, {}, place);
  return modules;
}

/// Which of them is the asset.
std::size_t asset_among(const std::vector<Module>& modules, const Findings& found) {
  const auto is_device = [&](const Module& m) { return m.slot == found.own_slot; };
  const auto device = std::ranges::find_if(modules, is_device);
  const auto cpu = std::ranges::find_if(modules, is_cpu);
  const bool is_loose_cpu = !found.own_slot && is_cpu(*device);
  const auto asset = cpu == modules.end() || is_loose_cpu ? device : cpu;
  return static_cast<std::size_t>(asset - modules.begin());
}

AddOn add_on_of(const Module& module) {
  AddOn add_on;
  add_on.hardware = hardware_of(module.identity);
  add_on.serial_number = serial_text(module.identity.serial_number);
  add_on.firmware_version = revision_text(module.identity);
  add_on.origin = Origin::observed;
  if (module.slot) {
    add_on.slot = *module.slot;
    add_on.unit_address = std::to_string(*module.slot);
  }
  return add_on;
}

std::vector<Detail> details_of(const Identity& identity, const Findings& found) {
  std::vector<Detail> details = {
      {.name = "deviceType", .value = device_type_name(identity.device_type)},
      {.name = "productCode", .value = std::to_string(identity.product_code)},
  };
  if (auto faults = faults_text(identity.status); !faults.empty()) {
    details.push_back({.name = "deviceStatus", .value = std::move(faults)});
  }
  if (found.backplane) {
    details.push_back({.name = "chassisSlots", .value = std::to_string(found.backplane->slots)});
  }
  return details;
}

Asset asset_of(const Module& module, const Findings& found) {
  Asset asset;
  asset.hardware = hardware_of(module.identity);
  asset.name = asset.hardware.model;
  asset.serial_number = serial_text(module.identity.serial_number);
  asset.firmware_version = revision_text(module.identity);
  asset.details = details_of(module.identity, found);
  asset.origin = Origin::observed;
  if (module.slot) {
    asset.slot = *module.slot;
  }
  return asset;
}

std::string safety_model_text(const Identity& identity) {
  const auto model = safety_model(identity.product_name);
  return model.empty() ? "" : fmt::format("{} is a safety controller", model);
}

/// The faults that the device and the modules in its chassis report.
std::vector<std::string> fault_notes(const std::vector<Module>& modules) {
  std::vector<std::string> notes;
  for (const auto& module : modules) {
    const auto faults = faults_text(module.identity.status);
    const auto place = module.slot ? fmt::format("slot {}: ", *module.slot) : std::string();
    if (!faults.empty()) {
      notes.push_back(fmt::format("{}its status reports: {}", place, faults));
    }
  }
  return notes;
}

/// Safety controllers in the chassis, which were asked no more than their names.
std::vector<std::string> safety_notes(const std::vector<Module>& modules) {
  std::vector<std::string> notes;
  for (const auto& module : modules) {
    auto text = safety_model_text(module.identity);
    if (module.slot && !text.empty()) {
      notes.push_back(fmt::format("slot {}: {}", *module.slot, text));
    }
  }
  return notes;
}

}  // namespace

std::string safety_text(const Identity& identity) {
  return is_safety_controller(identity.device_type)
             ? fmt::format("CIP device type {:02X}, {}", identity.device_type,
                           device_type_name(identity.device_type))
             : safety_model_text(identity);
}

Observation observation_of(Findings found) {
  auto safety = safety_notes(found.modules);
  const auto modules = all_modules(found);
  auto faults = fault_notes(modules);
  const auto asset = asset_among(modules, found);
  Observation observation;
  observation.asset = asset_of(modules[asset], found);
  for (std::size_t i = 0; i < modules.size(); ++i) {
    if (i != asset) {
      observation.asset.add_ons.push_back(add_on_of(modules[i]));
    }
  }
  observation.chassis_serial =
      found.backplane ? serial_text(found.backplane->serial_number) : std::string();
  observation.safety = safety_text(*found.device);
  observation.notes = std::move(found.notes);
  std::ranges::move(safety, std::back_inserter(observation.notes));
  std::ranges::move(faults, std::back_inserter(observation.notes));
  observation.whole = found.whole;
  observation.incomplete = std::move(found.incomplete);
  return observation;
}

}  // namespace ot::protocols::enip
