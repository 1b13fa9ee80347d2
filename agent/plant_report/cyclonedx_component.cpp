#include "agent/plant_report/cyclonedx_component.hpp"

#include <fmt/format.h>

#include "agent/plant_report/plain_facts.hpp"

namespace ot::agent::plant_report::cyclonedx {
namespace {

/// A component must have a name: best the one that its maker gave to the whole type.
template <class Record>
std::string type_name(const Record& record) {
  const std::string category(to_string(record.hardware.category));
  for (const auto* text : {&record.hardware.model, &record.order_id, &record.name,
                           &record.hardware.product_name, &record.type_id, &category}) {
    if (!text->empty()) {
      return *text;
    }
  }
  return "unknown device";
}

Json component(const char* type, const std::string& bom_ref, const std::string& vendor,
               const std::string& name) {
  Json out = {{"type", type}, {"bom-ref", bom_ref}};
  if (!vendor.empty()) {
    out["supplier"] = {{"name", vendor}};
  }
  out["name"] = name;
  return out;
}

/// CycloneDX wants it beside the hardware it runs on.
Json firmware_json(const std::string& vendor, const std::string& name, const std::string& version,
                   const std::string& bom_ref) {
  auto out = component("firmware", bom_ref, vendor, name + " firmware");
  out["version"] = version;
  return out;
}

/// What devices and modules have alike; their firmware becomes the first of their components.
/// Its version stands at the hardware as well: many readers take a component without one for
/// unknown, and the hardware's own is stated nowhere.
template <class Record>
Json hardware_json(const Record& record, const Uuid& uuid, References& references) {
  const auto& vendor = record.hardware.vendor;
  const auto name = type_name(record);
  auto out = component("device", references.take(reference(uuid)), vendor, name);
  if (!record.firmware_version.empty()) {
    out["version"] = record.firmware_version;
    out["components"] =
        Json::array({firmware_json(vendor, name, record.firmware_version,
                                   references.take(reference(uuid_v5(uuid, "firmware"))))});
  }
  if (!record.hardware.product_name.empty() && record.hardware.product_name != name) {
    out["description"] = record.hardware.product_name;
  }
  return out;
}

template <class Record>
void add_identity(Properties& properties, const Record& record) {
  properties.add("name", record.name);
  properties.add("orderNumber", record.order_id);
  properties.add("serialNumber", record.serial_number);
  properties.add("typeId", record.type_id);
  properties.add("category", to_string(record.hardware.category));
  properties.add("bus", record.bus);
}

Json module_json(const store::StoredAddOn& module, std::string_view origin,
                 References& references) {
  const auto& record = module.record;
  auto out = hardware_json(record, module.add_on_uuid, references);
  Properties properties;
  add_identity(properties, record);
  properties.add("slaveAddress", record.slave_address);
  properties.add("unitAddress", record.unit_address);
  properties.add("rack", record.rack);
  properties.add("slot", record.slot);
  properties.add("subslot", record.subslot);
  properties.add("ioAddresses", record.io_addresses);
  properties.add("origin", origin);
  properties.add("confidence", to_string(record.confidence));
  properties.put_into(out);
  return out;
}

void add_interfaces(Properties& properties, const std::vector<Interface>& interfaces) {
  for (const auto& interface : interfaces) {
    properties.add("address", interface.address);
    properties.add("macAddress", interface.mac_address);
    properties.add("network", interface.network);
    properties.add("deviceName", interface.device_name);
    properties.add("profibusAddress", interface.profibus_address);
    properties.add("mpiAddress", interface.mpi_address);
  }
}

Properties device_properties(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  Properties properties;
  add_identity(properties, record);
  properties.add("station", record.station);
  properties.add("site", asset.site);
  properties.add("area", asset.area);
  add_interfaces(properties, record.interfaces);
  properties.add("deviceNumber", record.device_number);
  properties.add("rack", record.rack);
  properties.add("slot", record.slot);
  properties.add("origin", origin_of(asset));
  properties.add("confidence", to_string(record.confidence));
  properties.add("protocols", protocols_text(asset));
  properties.add("firstSeen", first_seen(asset).value_or(Time{}));
  properties.add("lastSeen", last_seen(asset).value_or(Time{}));
  properties.add("sensor", asset.sensor);
  for (const auto& detail : record.details) {
    properties.add("detail:" + detail.name, detail.value);
  }
  return properties;
}

/// Where it was found: the project file, and whom was asked how.
Json occurrences_json(const store::StoredAsset& asset) {
  Json out = Json::array();
  if (!asset.shown.path.empty()) {
    out.push_back({{"location", asset.shown.path}});
  }
  for (const auto& sighting : asset.sightings) {
    out.push_back({{"location", sighting.protocol + " " + sighting.target}});
  }
  return out;
}

}  // namespace

std::string reference(const Uuid& uuid) {
  return "urn:uuid:" + uuid.text();
}

std::string References::take(const std::string& wanted) {
  std::string reference = wanted;
  for (int copy = 2; !taken_.insert(reference).second; ++copy) {
    reference = fmt::format("{}#{}", wanted, copy);
  }
  return reference;
}

void Properties::add(std::string_view name, std::string_view value) {
  if (!value.empty()) {
    list_.push_back({{"name", fmt::format("rackscout:{}", name)}, {"value", value}});
  }
}

void Properties::add(std::string_view name, const std::optional<std::uint32_t>& value) {
  add(name, number_text(value));
}

void Properties::add(std::string_view name, Time value) {
  add(name, value == Time{} ? std::string() : iso8601(value));
}

void Properties::put_into(Json& object) const {
  if (!list_.empty()) {
    object["properties"] = list_;
  }
}

Json device_json(const store::StoredAsset& asset, References& references) {
  auto out = hardware_json(asset.shown.record, asset.asset_uuid, references);
  const ModuleOrigins origins(asset);
  for (const auto* module : modules_in_order(asset)) {
    out["components"].push_back(module_json(*module, origins.of(module->record), references));
  }
  if (auto occurrences = occurrences_json(asset); !occurrences.empty()) {
    out["evidence"] = {{"occurrences", std::move(occurrences)}};
  }
  device_properties(asset).put_into(out);
  return out;
}

}  // namespace ot::agent::plant_report::cyclonedx
