#include "agent/records_json.hpp"

#include <algorithm>
#include <iterator>

#include "agent/side_difference.hpp"

namespace ot::agent {
namespace {

constexpr std::string_view kCategory1 = "Industrial Control System (ICS)";
constexpr std::string_view kClass = "OT";
constexpr std::string_view kFromProjectFile = "Project File";
constexpr std::string_view kFromProbe = "Active Probe";
/// Of the Purdue model: controllers stand at level 1.
constexpr std::string_view kControllerLevel = "Level 1";

using Sightings = std::vector<store::Sighting>;

/// Sets a member unless the value is empty: a field without a value is left out.
void put(Json& object, const char* key, std::string_view value) {
  if (!value.empty()) {
    object[key] = value;
  }
}

void put(Json& object, const char* key, const std::optional<std::uint32_t>& value) {
  if (value) {
    object[key] = *value;
  }
}

void put_list(Json& object, const char* key, Json list) {
  if (!list.empty()) {
    object[key] = std::move(list);
  }
}

/// {category2, [category1,] vendor, model, productName[, class]}
Json hardware_json(const Hardware& hardware, bool whole_asset) {
  Json out = Json::object();
  put(out, "category2", to_string(hardware.category));
  if (whole_asset) {
    out["category1"] = kCategory1;
  }
  put(out, "vendor", hardware.vendor);
  put(out, "model", hardware.model);
  put(out, "productName", hardware.product_name);
  if (whole_asset) {
    out["class"] = kClass;
  }
  return out;
}

/// Which protocols answered at the address, and from when to when.
void put_sightings(Json& out, const std::string& address, const Sightings& sightings) {
  Json protocols = Json::array();
  std::optional<Time> first;
  std::optional<Time> last;
  for (const auto& sighting : sightings) {
    if (address.empty() || sighting.address != address) {
      continue;
    }
    if (std::find(protocols.begin(), protocols.end(), sighting.protocol) == protocols.end()) {
      protocols.push_back(sighting.protocol);
    }
    first = std::min(first.value_or(sighting.first_seen), sighting.first_seen);
    last = std::max(last.value_or(sighting.last_seen), sighting.last_seen);
  }
  if (first && last) {
    out["protocols"] = std::move(protocols);
    out["firstSeen"] = iso8601(*first);
    out["lastSeen"] = iso8601(*last);
  }
}

Json interface_json(const Interface& interface, const Sightings& sightings, Shape shape) {
  Json out = Json::object();
  put(out, "address", interface.address);
  put(out, "macAddress", interface.mac_address);
  put_sightings(out, interface.address, sightings);
  if (shape == Shape::extended) {
    put(out, "name", interface.name);
    put(out, "subnetMask", interface.subnet_mask);
    put(out, "gateway", interface.gateway);
    put(out, "network", interface.network);
    put(out, "deviceName", interface.device_name);
    put(out, "profibusAddress", interface.profibus_address);
    put(out, "mpiAddress", interface.mpi_address);
    put(out, "slot", interface.slot);
    put(out, "subslot", interface.subslot);
  }
  return out;
}

/// The platform knows interfaces by IP or MAC alone; a bus address is ours.
Json interfaces_json(const std::vector<Interface>& interfaces, const Sightings& sightings,
                     Shape shape) {
  Json out = Json::array();
  for (const auto& interface : interfaces) {
    auto entry = interface_json(interface, sightings, shape);
    if (!entry.empty()) {
      out.push_back(std::move(entry));
    }
  }
  return out;
}

void put_first_addresses(Json& out, const std::vector<Interface>& interfaces) {
  if (const auto* primary = primary_interface(interfaces)) {
    put(out, "address", primary->address);
    put(out, "macAddress", primary->mac_address);
  }
}

void put_add_on_place(Json& out, const AddOn& add_on) {
  put(out, "name", add_on.name);
  put(out, "typeId", add_on.type_id);
  put(out, "bus", add_on.bus);
  put(out, "rack", add_on.rack);
  put(out, "slot", add_on.slot);
  put(out, "subslot", add_on.subslot);
  put(out, "ioAddresses", add_on.io_addresses);
  out["origin"] = to_string(add_on.origin);
  out["confidence"] = to_string(add_on.confidence);
}

Json add_on_json(const AddOn& add_on) {
  Json out = Json::object();
  put(out, "unitAddress", add_on.unit_address);
  if (add_on.slave_address) {
    out["slaveAddress"] = slave_address_text(*add_on.slave_address);
  }
  put(out, "orderId", add_on.order_id);
  put(out, "serialNumber", add_on.serial_number);
  put_list(out, "hardware", hardware_json(add_on.hardware, false));
  put(out, "firmwareVersion", add_on.firmware_version);
  return out;
}

Json stored_add_on_json(const store::StoredAddOn& add_on, Shape shape) {
  auto out = add_on_json(add_on.record);
  out["addOnId"] = add_on.add_on_id;
  if (shape == Shape::extended) {
    out["addOnUuid"] = add_on.add_on_uuid.text();
    put_add_on_place(out, add_on.record);
  }
  return out;
}

Json racks_json(const std::vector<Rack>& racks) {
  Json out = Json::array();
  for (const auto& rack : racks) {
    Json entry = {{"number", rack.number}};
    put(entry, "orderId", rack.order_id);
    put(entry, "name", rack.name);
    out.push_back(std::move(entry));
  }
  return out;
}

Json details_json(const std::vector<Detail>& details) {
  Json out = Json::array();
  for (const auto& detail : details) {
    out.push_back({{"name", detail.name},
                   {"value", detail.value},
                   {"confidence", to_string(detail.confidence)}});
  }
  return out;
}

/// Our own fields of an asset, beside the platform's.
void put_extension(Json& out, const Asset& asset) {
  put(out, "name", asset.name);
  put(out, "station", asset.station);
  put(out, "orderId", asset.order_id);
  put(out, "serialNumber", asset.serial_number);
  put(out, "typeId", asset.type_id);
  put(out, "projectAssetId", asset.project_asset_id);
  put(out, "bus", asset.bus);
  put(out, "deviceNumber", asset.device_number);
  put(out, "rack", asset.rack);
  put(out, "slot", asset.slot);
  put_list(out, "racks", racks_json(asset.racks));
  put_list(out, "details", details_json(asset.details));
  out["origin"] = to_string(asset.origin);
  out["confidence"] = to_string(asset.confidence);
}

/// When a device last told what it is.
std::optional<Time> last_scan(const Sightings& sightings) {
  const auto last =
      std::max_element(sightings.begin(), sightings.end(),
                       [](const auto& a, const auto& b) { return a.last_seen < b.last_seen; });
  return last == sightings.end() ? std::nullopt : std::optional(last->last_seen);
}

void put_last_scan(Json& out, const store::StoredAsset& asset) {
  if (const auto last = last_scan(asset.sightings)) {
    out["lastScanned"] = iso8601(*last);
  }
}

/// "assetModules" holds the asset's own head module.
Json head_module_json(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  Json module = {{"assetModuleId", asset.asset_id},
                 {"moduleUuid", uuid_v5(asset.asset_uuid, "head module").text()}};
  put(module, "firmwareVersion", record.firmware_version);
  put_list(module, "hardware", hardware_json(record.hardware, false));
  put_last_scan(module, asset);
  return module;
}

Json warning_json(const Warning& warning) {
  Json out = Json::object();
  out["message"] = warning.message;
  if (warning.position.unit == Position::Unit::line) {
    out["line"] = warning.position.value;
  } else if (warning.position.unit == Position::Unit::offset) {
    out["offset"] = warning.position.value;
  }
  return out;
}

Json sources_json(const store::StoredAsset& asset) {
  Json out = Json::array();
  Json entry = Json::object();
  put(entry, "path", asset.shown.path);
  if (asset.shown.exported_at) {
    entry["exportedAt"] = iso8601(*asset.shown.exported_at);
  }
  if (!entry.empty()) {
    out.push_back(std::move(entry));
  }
  for (const auto& sighting : asset.sightings) {
    out.push_back(sighting_json(sighting));
  }
  return out;
}

Json difference_json(const store::StatedDifference& difference) {
  Json out = Json::object();
  put(out, "place", difference.place);
  out["kind"] = difference.kind;
  put(out, "configured", difference.configured);
  put(out, "observed", difference.observed);
  return out;
}

/// In what the newest project file and the device contradict each other.
Json differences_json(const store::StoredAsset& asset) {
  Json out = Json::array();
  if (!asset.sides) {
    std::transform(asset.stated.begin(), asset.stated.end(), std::back_inserter(out),
                   difference_json);
    return out;
  }
  for (const auto& difference : differences(*asset.sides)) {
    out.push_back(difference_json({difference.place, std::string(to_string(difference.kind)),
                                   difference.configured, difference.observed}));
  }
  return out;
}

/// The protocol that found it: others answered later.
Json discovery_json(const Sightings& sightings) {
  const auto first =
      std::min_element(sightings.begin(), sightings.end(),
                       [](const auto& a, const auto& b) { return a.first_seen < b.first_seen; });
  return first == sightings.end() ? Json::array() : Json::array({first->protocol});
}

std::string operating_system(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const bool known =
      asset.observed() && !record.hardware.vendor.empty() && !record.firmware_version.empty();
  return known ? record.hardware.vendor + " Firmware " + record.firmware_version : "";
}

/// Our own fields of a stored asset, beside the platform's.
void put_stored_extension(Json& out, const store::StoredAsset& asset) {
  put(out, "site", asset.site);
  put(out, "area", asset.area);
  put_extension(out, asset.shown.record);
  put_list(out, "sources", sources_json(asset));
  put_list(out, "differences", differences_json(asset));
}

void put_file_extension(Json& out, const store::StoredFile& file) {
  out["fileUuid"] = file.file_uuid.text();
  put(out, "sha256", file.digests.sha256);
  put(out, "path", file.path);
  out["size"] = file.size;
  put(out, "parser", file.parser);
  put(out, "site", file.place.site);
  put(out, "area", file.place.area);
  put(out, "projectName", file.project_name);
  put(out, "exportedText", file.exported_text);
  if (file.exported_at) {
    out["exportedAt"] = iso8601(*file.exported_at);
  }
  if (!file.engineering_tool_name.empty()) {
    out["engineeringToolConfidence"] = to_string(file.tool_confidence);
  }
  put_list(out, "details", details_json(file.details));
  put_list(out, "warnings", warnings_json(file.warnings));
  put(out, "error", file.error);
  put(out, "sensorName", file.sensor);
}

}  // namespace

Json file_json(const store::StoredFile& file, Shape shape) {
  Json out = Json::object();
  put(out, "name", file.name);
  put(out, "extension", file.extension);
  out["status"] = to_string(file.status);
  put(out, "plantLocation", file.place.plant_location);
  put(out, "vendor", file.vendor);
  out["assetCount"] = file.asset_count;
  put(out, "engineeringToolName", file.engineering_tool_name);
  put(out, "engineeringToolVersion", file.engineering_tool_version);
  put(out, "fileHash", file.digests.md5);
  put(out, "uploadedBy", file.uploaded_by);
  out["lastUpdated"] = iso8601(file.last_updated);
  if (shape == Shape::extended) {
    put_file_extension(out, file);
  }
  return out;
}

std::string inventory_source(const store::StoredAsset& asset) {
  std::string text(asset.configured ? kFromProjectFile : "");
  if (asset.observed()) {
    text += text.empty() ? "" : ", ";
    text += kFromProbe;
  }
  return text;
}

Json sighting_json(const store::Sighting& sighting) {
  Json out = Json::object();
  put(out, "protocol", sighting.protocol);
  put(out, "target", sighting.target);
  put(out, "address", sighting.address);
  out["firstSeen"] = iso8601(sighting.first_seen);
  out["lastSeen"] = iso8601(sighting.last_seen);
  return out;
}

Json asset_json(const store::StoredAsset& asset, Shape shape, std::string_view sensor_name) {
  auto out = asset_json(asset, shape);
  out["inventory"] = {{"sensorName", asset.sensor.empty() ? sensor_name : asset.sensor},
                      {"source", inventory_source(asset)}};
  return out;
}

Json asset_json(const store::StoredAsset& asset, Shape shape) {
  const auto& record = asset.shown.record;
  Json out = Json::object();
  put_first_addresses(out, record.interfaces);
  out["hardware"] = hardware_json(record.hardware, true);
  put_list(out, "interfaces", interfaces_json(record.interfaces, asset.sightings, shape));
  out["assetId"] = asset.asset_id;
  out["assetModules"] = Json::array({head_module_json(asset)});
  out["lastUpdated"] = iso8601(asset.last_updated);
  out["created"] = iso8601(asset.created);
  put(out, "firmwareVersion", record.firmware_version);
  put_list(out, "discoveryProtocols", discovery_json(asset.sightings));
  put(out, "purdueLevel",
      record.hardware.category == Category::plc ? kControllerLevel : std::string_view{});
  out["assetUuid"] = asset.asset_uuid.text();
  put_last_scan(out, asset);
  out["inventory"] = {{"source", inventory_source(asset)}};
  put(out, "operatingSystem", operating_system(asset));
  Json add_ons = Json::array();
  for (const auto& add_on : asset.shown.add_ons) {
    add_ons.push_back(stored_add_on_json(add_on, shape));
  }
  put_list(out, "addOns", std::move(add_ons));
  if (shape == Shape::extended) {
    put_stored_extension(out, asset);
  }
  return out;
}

Json parsed_asset_json(const Asset& asset) {
  Json out = Json::object();
  put_first_addresses(out, asset.interfaces);
  out["hardware"] = hardware_json(asset.hardware, true);
  put_list(out, "interfaces", interfaces_json(asset.interfaces, {}, Shape::extended));
  put(out, "firmwareVersion", asset.firmware_version);
  put_extension(out, asset);
  return out;
}

Json parsed_add_on_json(const AddOn& add_on) {
  auto out = add_on_json(add_on);
  put_add_on_place(out, add_on);
  return out;
}

Json project_head_json(const Project& project, const store::StoredFile& file) {
  Json head = Json::object();
  put(head, "name", file.name);
  put(head, "extension", file.extension);
  put(head, "vendor", project.vendor);
  head["assetCount"] = project.assets.size();
  put(head, "engineeringToolName", project.engineering_tool_name);
  put(head, "engineeringToolVersion", project.engineering_tool_version);
  put(head, "fileHash", file.digests.md5);
  put(head, "sha256", file.digests.sha256);
  head["size"] = file.size;
  put(head, "parser", file.parser);
  put(head, "projectName", project.project_name);
  put(head, "exportedText", project.exported_text);
  if (project.exported_at) {
    head["exportedAt"] = iso8601(*project.exported_at);
  }
  if (!project.engineering_tool_name.empty()) {
    head["engineeringToolConfidence"] = to_string(project.tool_confidence);
  }
  put_list(head, "details", details_json(project.details));
  return head;
}

Json warnings_json(const std::vector<Warning>& warnings) {
  Json out = Json::array();
  for (const auto& warning : warnings) {
    out.push_back(warning_json(warning));
  }
  return out;
}

}  // namespace ot::agent
