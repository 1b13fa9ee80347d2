#pragma once

#include <string>
#include <vector>

#include "base/records.hpp"

// Visits every text of a record that its author could write freely: names,
// types, remarks. `visit` takes a std::string&. Order and serial numbers,
// addresses and ids are no such texts.
namespace ot::agent {

template <class Visit>
void each_free_text(Hardware& hardware, Visit&& visit) {
  visit(hardware.vendor);
  visit(hardware.model);
  visit(hardware.product_name);
}

template <class Visit>
void each_free_text(Interface& interface, Visit&& visit) {
  visit(interface.name);
  visit(interface.network);
  visit(interface.device_name);
}

template <class Visit>
void each_free_text(Rack& rack, Visit&& visit) {
  visit(rack.name);
}

template <class Visit>
void each_free_text(Detail& detail, Visit&& visit) {
  visit(detail.name);
  visit(detail.value);
}

template <class Visit>
void each_free_text(Warning& warning, Visit&& visit) {
  visit(warning.message);
}

template <class Visit>
void each_free_text(AddOn& add_on, Visit&& visit);
template <class Visit>
void each_free_text(Asset& asset, Visit&& visit);

template <class Record, class Visit>
void each_free_text(std::vector<Record>& records, Visit&& visit) {
  for (auto& record : records) {
    each_free_text(record, visit);
  }
}

template <class Visit>
void each_free_text(AddOn& add_on, Visit&& visit) {
  visit(add_on.name);
  visit(add_on.type_id);
  visit(add_on.bus);
  visit(add_on.unit_address);
  visit(add_on.firmware_version);
  each_free_text(add_on.hardware, visit);
}

template <class Visit>
void each_free_text(Asset& asset, Visit&& visit) {
  visit(asset.name);
  visit(asset.station);
  visit(asset.type_id);
  visit(asset.bus);
  visit(asset.firmware_version);
  each_free_text(asset.hardware, visit);
  each_free_text(asset.interfaces, visit);
  each_free_text(asset.racks, visit);
  each_free_text(asset.details, visit);
  each_free_text(asset.add_ons, visit);
}

/// What is known of a file as a whole; `File` is a Project or a store::StoredFile.
template <class File, class Visit>
void each_free_text_of_file(File& file, Visit&& visit) {
  visit(file.project_name);
  visit(file.vendor);
  visit(file.engineering_tool_name);
  visit(file.engineering_tool_version);
  visit(file.exported_text);
  each_free_text(file.details, visit);
  each_free_text(file.warnings, visit);
}

template <class Visit>
void each_free_text(Project& project, Visit&& visit) {
  each_free_text_of_file(project, visit);
  each_free_text(project.assets, visit);
}

}  // namespace ot::agent
