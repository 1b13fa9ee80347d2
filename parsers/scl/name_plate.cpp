#include "parsers/scl/name_plate.hpp"

#include <array>
#include <utility>

#include "parsers/scl/tree.hpp"

namespace ot::parsers::scl {
namespace {

constexpr std::array<std::pair<std::string_view, std::string NamePlate::*>, 5> kFields = {{
    {"vendor", &NamePlate::vendor},
    {"model", &NamePlate::model},
    {"hwRev", &NamePlate::hardware_revision},
    {"swRev", &NamePlate::software_revision},
    {"serNum", &NamePlate::serial_number},
}};

/// Values of the attributes of PhyNam that are called `element` (DAI or DA) there.
/// A value may be given once for each setting group; the first counts.
NamePlate read_plate(pugi::xml_node parent, const char* element) {
  NamePlate plate;
  for (const auto attribute : parent.children(element)) {
    const auto name = attribute_of(attribute, "name");
    for (const auto& [field, member] : kFields) {
      if (name == field && (plate.*member).empty()) {
        plate.*member = text_of(attribute.child("Val"), kLongestName);
      }
    }
  }
  return plate;
}

void fill_gaps(NamePlate& plate, const NamePlate& from) {
  for (const auto& field : kFields) {
    if ((plate.*field.second).empty()) {
      plate.*field.second = from.*field.second;
    }
  }
}

pugi::xml_node named(pugi::xml_node parent, const char* element, std::string_view name) {
  for (const auto child : parent.children(element)) {
    if (attribute_of(child, "name") == name) {
      return child;
    }
  }
  return {};
}

}  // namespace

bool NamePlate::is_telling() const {
  return !model.empty() || !hardware_revision.empty() || !software_revision.empty() ||
         !serial_number.empty();
}

NamePlates::NamePlates(pugi::xml_node scl) {
  const auto templates = scl.child("DataTypeTemplates");
  for (const auto type : templates.children("DOType")) {
    by_object_type_.emplace(attribute_of(type, "id"), read_plate(type, "DA"));
  }
  for (const auto type : templates.children("LNodeType")) {
    const auto object = named(type, "DO", "PhyNam");
    const auto plate = by_object_type_.find(attribute_of(object, "type"));
    if (object && plate != by_object_type_.end()) {
      by_node_type_.emplace(attribute_of(type, "id"), &plate->second);
    }
  }
}

NamePlate NamePlates::of_node(pugi::xml_node lphd) const {
  auto plate = read_plate(named(lphd, "DOI", "PhyNam"), "DAI");
  const auto known = by_node_type_.find(attribute_of(lphd, "lnType"));
  if (known != by_node_type_.end()) {
    fill_gaps(plate, *known->second);
  }
  return plate;
}

NamePlate NamePlates::of(pugi::xml_node ied) const {
  NamePlate first;
  for (const auto access_point : ied.children("AccessPoint")) {
    for (const auto device : access_point.child("Server").children("LDevice")) {
      for (const auto node : device.children("LN")) {
        auto plate = of_node(node);
        if (plate.is_telling()) {
          return plate;
        }
        fill_gaps(first, plate);
      }
    }
  }
  return first;
}

}  // namespace ot::parsers::scl
