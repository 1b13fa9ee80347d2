#include "protocols/fins/survey.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "protocols/fins/units.hpp"

namespace ot::protocols::fins {
namespace {

constexpr std::uint8_t kHighestUnit = 0xE1;  // the inner board

bool is_bus_unit(std::uint8_t address) {
  return address >= kFirstBusUnit && address <= kLastBusUnit;
}

/// NJ, NX and NY controllers fill the sizes with numbers that mean nothing.
bool has_true_area(std::string_view model) {
  return !model.starts_with("NJ") && !model.starts_with("NX") && !model.starts_with("NY");
}

std::vector<Detail> details_of(const Area& area) {
  return {{"programSizeKWords", std::to_string(area.program_k_words), Confidence::confirmed},
          {"dmWords", std::to_string(area.dm_words), Confidence::confirmed},
          {"emBanks", std::to_string(area.em_banks), Confidence::confirmed}};
}

std::optional<Interface> interface_of(const BusUnitData& unit, const std::string& model) {
  if (!unit.address) {
    return std::nullopt;
  }
  Interface port;
  port.name = model;
  port.address = unit.address->text();
  port.subnet_mask = unit.subnet_mask ? unit.subnet_mask->text() : "";
  port.mac_address = unit.mac_address;
  return port;
}

}  // namespace

Survey::Survey() {
  seen_.asset.origin = Origin::observed;
  seen_.asset.hardware.vendor = "Omron";
  seen_.asset.hardware.category = Category::plc;
}

void Survey::name_cpu(std::string model) {
  auto& asset = seen_.asset;
  asset.hardware = hardware_of(model);
  asset.hardware.category = Category::plc;
  if (fins::is_safety_controller(model)) {
    seen_.safety = fmt::format("{} is a safety controller", model);
  }
  asset.name = std::move(model);
}

void Survey::take_cpu(const Reply& reply) {
  if (reply.end_code.has_fatal_error()) {
    note(fmt::format("the CPU reports a fatal error ({})", describe(reply.end_code)));
  }
  if (reply.end_code.has_non_fatal_error()) {
    note(fmt::format("the CPU reports a non-fatal error, such as a flat battery ({})",
                     describe(reply.end_code)));
  }
  auto data = reply.end_code.is_good() ? parse_cpu_data(reply.data)
                                       : fail(Errc::unsupported, describe_failure(reply));
  if (!data) {
    cpu_failure_ = std::move(data).error().during("model and version of the CPU");
    note(cpu_failure_->message());
    return;
  }
  has_cpu_data_ = true;
  name_cpu(std::move(data->model));
  seen_.asset.firmware_version = std::move(data->version);
  if (data->area && data->area->program_k_words != 0 && has_true_area(seen_.asset.name)) {
    seen_.asset.details = details_of(*data->area);
  }
}

Survey::Next Survey::take_units(const Reply& reply) {
  if (reply.end_code.is_unsupported() && next_unit_ == 0) {
    note("the CPU does not list its units: " + describe_failure(reply));
    return Next::done;
  }
  const auto page = reply.end_code.is_good() ? parse_unit_page(reply.data)
                                             : fail(Errc::unsupported, describe_failure(reply));
  if (!page) {
    end_units_early(page.error().message());
    return Next::done;
  }
  return take_page(*page);
}

Survey::Next Survey::take_page(const UnitPage& page) {
  int highest = -1;
  for (const auto& unit : page.units) {
    highest = std::max<int>(highest, unit.address);
    take_unit(unit);
  }
  if (page.is_last || page.units.empty() || highest >= kHighestUnit) {
    return Next::done;
  }
  if (highest < next_unit_) {
    end_units_early(
        fmt::format("asked from {} on, the CPU lists none but earlier ones", next_unit_));
    return Next::done;
  }
  next_unit_ = static_cast<std::uint8_t>(highest + 1);
  return Next::page;
}

void Survey::take_unit(ListedUnit unit) {
  if (unit.address == kCpu) {
    if (seen_.asset.name.empty()) {
      name_cpu(std::move(unit.model));
    }
    return;
  }
  if (add_on_at(unit.address) != nullptr) {
    return;
  }
  AddOn add_on;
  add_on.unit_address = std::to_string(unit.address);
  add_on.hardware = hardware_of(unit.model);
  add_on.origin = Origin::observed;
  seen_.asset.add_ons.push_back(std::move(add_on));
  addresses_.push_back(unit.address);
}

AddOn* Survey::add_on_at(std::uint8_t address) {
  const auto at = std::find(addresses_.begin(), addresses_.end(), address) - addresses_.begin();
  const auto index = static_cast<std::size_t>(at);
  return index < addresses_.size() ? &seen_.asset.add_ons[index] : nullptr;
}

void Survey::end_units_early(std::string why) {
  seen_.incomplete = Error(Errc::malformed, std::move(why)).during("the list of units ends early");
  note(seen_.incomplete->message());
}

std::vector<std::uint8_t> Survey::bus_units() const {
  std::vector<std::uint8_t> found;
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    const auto& model = seen_.asset.add_ons[i].hardware.model;
    if (is_bus_unit(addresses_[i]) && !fins::is_safety_controller(model)) {
      found.push_back(addresses_[i]);
    }
  }
  return found;
}

void Survey::take_bus_unit(std::uint8_t address, const Reply& reply) {
  if (reply.end_code.is_unsupported()) {
    return;
  }
  auto data = reply.end_code.is_good() ? parse_bus_unit_data(reply.data)
                                       : fail(Errc::unsupported, describe_failure(reply));
  AddOn* const add_on = add_on_at(address);
  if (!data || add_on == nullptr) {
    note(fmt::format("unit {}: {}", address, data ? "not in the list" : data.error().message()));
    seen_.whole = false;
    return;
  }
  if (add_on->hardware.model.empty()) {
    add_on->hardware = hardware_of(data->model);
  }
  add_on->firmware_version = std::move(data->version);
  if (auto port = interface_of(*data, add_on->hardware.model)) {
    seen_.asset.interfaces.push_back(std::move(*port));
  }
}

void Survey::note_silent_bus_unit(std::uint8_t address) {
  note(fmt::format("unit {}: in the list, but gives no answer", address));
  seen_.whole = false;
}

Result<Observation> Survey::finish(std::optional<Error> why) {
  if (!has_cpu_data_ && seen_.asset.name.empty() && seen_.asset.add_ons.empty()) {
    const Error unknown(Errc::malformed, "the PLC names neither itself nor a unit");
    return fail(why ? std::move(*why) : cpu_failure_.value_or(unknown));
  }
  if (why) {
    seen_.incomplete = std::move(why);
  }
  seen_.whole = seen_.whole && !cpu_failure_;
  return std::move(seen_);
}

}  // namespace ot::protocols::fins
