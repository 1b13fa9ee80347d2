#include "agent/place.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/number.hpp"

namespace ot::agent {
namespace {

using Kind = Step::Kind;

/// "DPSUBSYSTEM 12" sorts by its number and shows what kind of bus it is.
Step bus_step(std::string_view bus) {
  const auto blank = bus.rfind(' ');
  const auto number = blank == std::string_view::npos
                          ? std::nullopt
                          : whole_number<std::uint64_t>(bus.substr(blank + 1));
  return {Kind::bus, number.value_or(0), std::string(bus)};
}

/// By slot where there is one, else by what the device calls its units.
std::optional<Step> unit_step(const AddOn& add_on) {
  if (add_on.slot) {
    return Step{Kind::unit, *add_on.slot, {}};
  }
  if (add_on.unit_address.empty()) {
    return std::nullopt;
  }
  const auto number = whole_number<std::uint64_t>(add_on.unit_address);
  return Step{Kind::unit, number.value_or(0), add_on.unit_address};
}

std::string unit_label(const Step& step) {
  if (step.text.empty()) {
    return fmt::format("slot {}", step.number);
  }
  return fmt::format("{} {}", whole_number<std::uint64_t>(step.text) ? "unit" : "port", step.text);
}

std::string bus_label(const Step& step) {
  if (step.text.starts_with("DPSUBSYSTEM")) {
    return "PROFIBUS " + step.text;
  }
  return step.text.starts_with("IOSUBSYSTEM") ? "PROFINET " + step.text : step.text;
}

std::string plain_label(const Step& step) {
  switch (step.kind) {
    case Kind::rack: return fmt::format("rack {}", step.number);
    case Kind::bus: return bus_label(step);
    case Kind::unit: return unit_label(step);
    case Kind::subslot: return fmt::format("sub-slot {}", step.number);
    case Kind::member:
      return step.text.empty() ? fmt::format("address {}", step.number) : step.text;
    case Kind::interface:
    case Kind::part: break;
  }
  return step.text;
}

}  // namespace

std::string Step::label() const {
  return copy == 0 ? plain_label(*this) : fmt::format("{} ({})", plain_label(*this), copy + 1);
}

Place place_of(const Asset& asset) {
  if (!asset.bus.empty()) {
    Step device{Kind::member, asset.device_number.value_or(0), {}};
    device.text = asset.device_number ? fmt::format("device {}", *asset.device_number) : asset.name;
    return {bus_step(asset.bus), device};
  }
  if (asset.rack && asset.slot) {
    return {Step{Kind::rack, *asset.rack, {}}, Step{Kind::unit, *asset.slot, {}}};
  }
  return {};
}

Place place_of(const AddOn& add_on, const Asset& asset) {
  Place place;
  if (add_on.slave_address) {
    place = {bus_step(add_on.bus.empty() ? "PROFIBUS" : add_on.bus),
             Step{Kind::member, *add_on.slave_address, {}}};
  } else if (add_on.rack && asset.bus.empty() && add_on.bus.empty()) {
    place = {Step{Kind::rack, *add_on.rack, {}}};
  } else {
    place = place_of(asset);
  }
  const auto unit = unit_step(add_on);
  if (unit) {
    place.push_back(*unit);
  } else if (!add_on.slave_address && !add_on.subslot) {
    place.push_back({Kind::part, 0, add_on.name.empty() ? "module" : add_on.name});
  }
  if (add_on.subslot) {
    place.push_back({Kind::subslot, *add_on.subslot, {}});
  }
  return place;
}

Place place_of(const Interface& interface, const Asset& asset) {
  Place place = place_of(asset);
  if (interface.slot && asset.rack && asset.bus.empty()) {
    place = {Step{Kind::rack, *asset.rack, {}}, Step{Kind::unit, *interface.slot, {}}};
  }
  const auto name = interface.name.empty() ? std::string("interface") : interface.name;
  place.push_back({Kind::interface, interface.subslot.value_or(0), name});
  return place;
}

std::string place_text(const Place& place) {
  std::string text;
  for (const auto& step : place) {
    text += text.empty() ? "" : ", ";
    text += step.label();
  }
  return text;
}

}  // namespace ot::agent
