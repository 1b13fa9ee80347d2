#include "agent/source_difference.hpp"

#include <map>

#include <fmt/format.h>

#include "agent/place.hpp"
#include "agent/station_tree.hpp"

namespace ot::agent {
namespace {

using Lines = std::vector<std::string>;

std::string shown(std::string_view text) {
  return text.empty() ? "nothing" : fmt::format("\"{}\"", text);
}

void compare(Lines& lines, std::string_view what, std::string_view newest, std::string_view older) {
  if (newest != older) {
    lines.push_back(fmt::format("{}: {}, in the newest {}", what, shown(older), shown(newest)));
  }
}

void compare_facts(Lines& lines, const Asset& newest, const Asset& older) {
  compare(lines, "name", newest.name, older.name);
  compare(lines, "station", newest.station, older.station);
  compare(lines, "order number", newest.order_id, older.order_id);
  compare(lines, "firmware", newest.firmware_version, older.firmware_version);
  compare(lines, "serial number", newest.serial_number, older.serial_number);
  compare(lines, "model", newest.hardware.model, older.hardware.model);
}

/// What sits or is set in each place, as one text.
using Occupants = std::map<Place, std::string>;

std::string module_text(const AddOn& module) {
  std::string text = module.order_id;
  for (const auto& part : {module.name, module.firmware_version, module.serial_number}) {
    text += (text.empty() || part.empty() ? "" : " ") + part;
  }
  return text;
}

Occupants occupants_of(const store::SourcedAsset& source) {
  Occupants occupants;
  for (const auto& add_on : source.add_ons) {
    occupants[place_of(add_on.record, source.record)] = module_text(add_on.record);
  }
  for (const auto& interface : source.record.interfaces) {
    occupants[place_of(interface, source.record)] = address_text(interface);
  }
  return occupants;
}

void compare_occupants(Lines& lines, const Occupants& newest, const Occupants& older) {
  for (const auto& [place, text] : older) {
    const auto now = newest.find(place);
    compare(lines, place_text(place), now == newest.end() ? "" : now->second, text);
  }
  for (const auto& [place, text] : newest) {
    if (older.count(place) == 0) {
      compare(lines, place_text(place), text, "");
    }
  }
}

}  // namespace

Lines differences(const store::SourcedAsset& newest, const store::SourcedAsset& older) {
  Lines lines;
  compare_facts(lines, newest.record, older.record);
  compare_occupants(lines, occupants_of(newest), occupants_of(older));
  return lines;
}

}  // namespace ot::agent
