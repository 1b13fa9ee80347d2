#include "store/facts.hpp"

#include <optional>

#include <nlohmann/json.hpp>

namespace ot::store {
namespace {

using Json = nlohmann::json;

void put(Json& out, const char* name, const std::string& value) {
  if (!value.empty()) {
    out[name] = value;
  }
}
void put(Json& out, const char* name, const std::optional<std::uint32_t>& value) {
  if (value) {
    out[name] = *value;
  }
}
template <class Enum>
void put_code(Json& out, const char* name, Enum value) {
  if (value != Enum{}) {
    out[name] = static_cast<unsigned>(value);
  }
}

const Json* member(const Json& in, const char* name) {
  const auto found = in.find(name);
  return found == in.end() ? nullptr : &*found;
}
void get(const Json& in, const char* name, std::string& value) {
  const Json* found = member(in, name);
  if (found != nullptr && found->is_string()) {
    value = found->get_ref<const std::string&>();
  }
}
void get(const Json& in, const char* name, std::optional<std::uint32_t>& value) {
  const Json* found = member(in, name);
  if (found != nullptr && found->is_number_unsigned()) {
    value = found->get<std::uint32_t>();
  }
}
template <class Enum>
void get_code(const Json& in, const char* name, Enum& value) {
  const Json* found = member(in, name);
  if (found != nullptr && found->is_number_unsigned()) {
    value = static_cast<Enum>(found->get<std::uint8_t>());
  }
}

Json to_json(const Interface& item) {
  Json out = Json::object();
  put(out, "name", item.name);
  put(out, "address", item.address);
  put(out, "subnetMask", item.subnet_mask);
  put(out, "gateway", item.gateway);
  put(out, "macAddress", item.mac_address);
  put(out, "network", item.network);
  put(out, "deviceName", item.device_name);
  put(out, "profibusAddress", item.profibus_address);
  put(out, "mpiAddress", item.mpi_address);
  put(out, "slot", item.slot);
  put(out, "subslot", item.subslot);
  return out;
}
void from_json(const Json& in, Interface& item) {
  get(in, "name", item.name);
  get(in, "address", item.address);
  get(in, "subnetMask", item.subnet_mask);
  get(in, "gateway", item.gateway);
  get(in, "macAddress", item.mac_address);
  get(in, "network", item.network);
  get(in, "deviceName", item.device_name);
  get(in, "profibusAddress", item.profibus_address);
  get(in, "mpiAddress", item.mpi_address);
  get(in, "slot", item.slot);
  get(in, "subslot", item.subslot);
}

Json to_json(const Rack& item) {
  Json out{{"number", item.number}};
  put(out, "orderId", item.order_id);
  put(out, "name", item.name);
  return out;
}
void from_json(const Json& in, Rack& item) {
  std::optional<std::uint32_t> number;
  get(in, "number", number);
  item.number = number.value_or(0);
  get(in, "orderId", item.order_id);
  get(in, "name", item.name);
}

Json to_json(const Detail& item) {
  Json out = Json::object();
  put(out, "name", item.name);
  put(out, "value", item.value);
  put_code(out, "confidence", item.confidence);
  return out;
}
void from_json(const Json& in, Detail& item) {
  get(in, "name", item.name);
  get(in, "value", item.value);
  get_code(in, "confidence", item.confidence);
}

Json to_json(const Warning& item) {
  Json out = Json::object();
  put(out, "message", item.message);
  if (item.position.unit != Position::Unit::none) {
    out[item.position.unit == Position::Unit::line ? "line" : "offset"] = item.position.value;
  }
  return out;
}
void from_json(const Json& in, Warning& item) {
  get(in, "message", item.message);
  const Json* line = member(in, "line");
  const Json* offset = member(in, "offset");
  if (line != nullptr && line->is_number_unsigned()) {
    item.position = Position::line(line->get<std::uint64_t>());
  } else if (offset != nullptr && offset->is_number_unsigned()) {
    item.position = Position::offset(offset->get<std::uint64_t>());
  }
}

template <class Item>
Json list_json(const std::vector<Item>& items) {
  Json out = Json::array();
  for (const Item& item : items) {
    out.push_back(to_json(item));
  }
  return out;
}
template <class Item>
void put_list(Json& out, const char* name, const std::vector<Item>& items) {
  if (!items.empty()) {
    out[name] = list_json(items);
  }
}
template <class Item>
void get_list(const Json* in, std::vector<Item>& items) {
  if (in == nullptr || !in->is_array()) {
    return;
  }
  for (const Json& item : *in) {
    from_json(item, items.emplace_back());
  }
}

void put_hardware(Json& out, const Hardware& hardware) {
  put(out, "vendor", hardware.vendor);
  put(out, "model", hardware.model);
  put(out, "productName", hardware.product_name);
  put_code(out, "category", hardware.category);
}
void get_hardware(const Json& in, Hardware& hardware) {
  get(in, "vendor", hardware.vendor);
  get(in, "model", hardware.model);
  get(in, "productName", hardware.product_name);
  get_code(in, "category", hardware.category);
}

std::string dump(const Json& json) {
  // Texts of files are UTF-8 by now; what is not must not stop an import.
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string facts_text(const Asset& asset) {
  Json out = Json::object();
  put(out, "name", asset.name);
  put(out, "station", asset.station);
  put(out, "typeId", asset.type_id);
  put(out, "projectAssetId", asset.project_asset_id);
  put(out, "bus", asset.bus);
  put(out, "orderId", asset.order_id);
  put(out, "serialNumber", asset.serial_number);
  put(out, "firmwareVersion", asset.firmware_version);
  put_hardware(out, asset.hardware);
  put(out, "deviceNumber", asset.device_number);
  put(out, "rack", asset.rack);
  put(out, "slot", asset.slot);
  put_list(out, "interfaces", asset.interfaces);
  put_list(out, "racks", asset.racks);
  put_list(out, "details", asset.details);
  put_code(out, "origin", asset.origin);
  put_code(out, "confidence", asset.confidence);
  return dump(out);
}

Asset facts_from(std::string_view text) {
  Asset asset;
  const Json in = Json::parse(text, nullptr, false);
  if (!in.is_object()) {
    return asset;
  }
  get(in, "name", asset.name);
  get(in, "station", asset.station);
  get(in, "typeId", asset.type_id);
  get(in, "projectAssetId", asset.project_asset_id);
  get(in, "bus", asset.bus);
  get(in, "orderId", asset.order_id);
  get(in, "serialNumber", asset.serial_number);
  get(in, "firmwareVersion", asset.firmware_version);
  get_hardware(in, asset.hardware);
  get(in, "deviceNumber", asset.device_number);
  get(in, "rack", asset.rack);
  get(in, "slot", asset.slot);
  get_list(member(in, "interfaces"), asset.interfaces);
  get_list(member(in, "racks"), asset.racks);
  get_list(member(in, "details"), asset.details);
  get_code(in, "origin", asset.origin);
  get_code(in, "confidence", asset.confidence);
  return asset;
}

std::string warnings_text(const std::vector<Warning>& warnings) {
  return dump(list_json(warnings));
}

std::vector<Warning> warnings_from(std::string_view text) {
  std::vector<Warning> warnings;
  const Json in = Json::parse(text, nullptr, false);
  get_list(&in, warnings);
  return warnings;
}

std::string details_text(const std::vector<Detail>& details) {
  return dump(list_json(details));
}

std::vector<Detail> details_from(std::string_view text) {
  std::vector<Detail> details;
  const Json in = Json::parse(text, nullptr, false);
  get_list(&in, details);
  return details;
}

}  // namespace ot::store
