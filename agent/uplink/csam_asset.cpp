#include "agent/uplink/csam_asset.hpp"

#include <optional>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "agent/redact.hpp"
#include "agent/uplink/csam_attributes.hpp"
#include "agent/uplink/csam_json.hpp"
#include "agent/uplink/csam_softwares.hpp"

namespace ot::agent {
namespace {

/// As the list of assets has it: only what a device said of itself.
std::string operating_system(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const bool known =
      asset.observed() && !record.hardware.vendor.empty() && !record.firmware_version.empty();
  return known ? record.hardware.vendor + " Firmware " + record.firmware_version : "";
}

std::string address_of(const Asset& record) {
  const auto* primary = primary_interface(record.interfaces);
  return primary == nullptr ? std::string() : primary->address;
}

/// Its own name, its station's, or its address: the platform lists it by that.
std::string host_name(const Asset& record) {
  if (!record.name.empty()) {
    return record.name;
  }
  return record.station.empty() ? address_of(record) : record.station;
}

Json bios_info(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const auto& hardware = record.hardware;
  Json out = Json::object();
  put_text(out, "biosDescription",
           hardware.product_name.empty() ? record.order_id : hardware.product_name);
  put_text(out, "manufacturer", hardware.vendor);
  put_text(out, "model", hardware.model.empty() ? record.order_id : hardware.model);
  put_text(out, "serialNumber", record.serial_number);
  put_text(out, "hardwareUuid", asset.asset_uuid.text());
  return out;
}

/// The same name in another site or area is another network.
std::string network_uuid(const store::StoredAsset& asset, const std::string& network) {
  const auto name = fmt::format("network\n{}\n{}\n{}", asset.site, asset.area, network);
  return network.empty() ? std::string() : uuid_v5(kRackscoutNamespace, name).text();
}

Json list_of_one(const std::string& text) {
  return text.empty() ? Json::array() : Json::array({text});
}

Json interface_json(const Interface& interface, const store::StoredAsset& asset) {
  const bool is_ipv6 = interface.address.find(':') != std::string::npos;
  Json out = Json::object();
  put_text(out, "interfaceName", interface.name);
  put_text(out, "macAddress", interface.mac_address);
  put_text(out, "address", interface.address);
  put_filled(out, "gatewayAddress", list_of_one(interface.gateway));
  put_text(out, "hostName", interface.device_name);
  put_filled(out, is_ipv6 ? "ipv6Address" : "ipv4Address", list_of_one(interface.address));
  put_text(out, "networkUuid", network_uuid(asset, interface.network));
  return out;
}

/// Those with an IP or a MAC: the platform knows no others.
Json interfaces_json(const store::StoredAsset& asset) {
  Json out = Json::array();
  for (const auto& interface : asset.shown.record.interfaces) {
    if (!interface.address.empty() || !interface.mac_address.empty()) {
      out.push_back(interface_json(interface, asset));
    }
  }
  return out;
}

Json location_json(const store::StoredAsset& asset) {
  const bool both = !asset.site.empty() && !asset.area.empty();
  Json out = Json::object();
  put_text(out, "name", asset.site + (both ? " / " : "") + asset.area);
  return out;
}

Json business_apps_json(const store::StoredAsset& asset, const CsamOptions& options) {
  Json out = Json::array();
  std::set<std::string_view> known;
  for (const auto& app : options.business_apps) {
    const bool belongs = app.site.empty() || app.site == asset.site;
    if (belongs && !app.id.empty() && known.insert(app.id).second) {
      out.push_back({{"businessAppId", app.id}});
    }
  }
  return out;
}

/// Removes what is too much, and tells how many that was.
std::size_t cut_list(Json& list, std::size_t most) {
  std::size_t removed = 0;
  for (; list.size() > most; ++removed) {
    list.erase(list.size() - 1);
  }
  return removed;
}

Json core_attributes(const store::StoredAsset& asset, const CsamOptions& options,
                     const store::StoredFile* file) {
  const auto& record = asset.shown.record;
  auto interfaces = interfaces_json(asset);
  auto softwares = csam_softwares(asset, file);
  const CsamLeftOut left_out{cut_list(interfaces, kMostCsamInterfaces),
                             cut_list(softwares, kMostCsamSoftwares)};
  Json out = Json::object();
  put_text(out, "operatingSystem", operating_system(asset));
  put_text(out, "hostName", host_name(record));
  put_text(out, "address", address_of(record));
  put_filled(out, "biosInfo", bios_info(asset));
  put_text(out, "osVersion", record.firmware_version);
  put_filled(out, "networkInterfaces", std::move(interfaces));
  put_filled(out, "softwares", std::move(softwares));
  put_filled(out, "assignedLocation", location_json(asset));
  put_filled(out, "businessApps", business_apps_json(asset, options));
  put_filled(out, "customConnectorAttributes", csam_attributes(asset, options, file, left_out));
  return out;
}

/// The member of each element that has it, in their order.
Json column(const Json& core, const char* list, const char* member) {
  Json out = Json::array();
  for (const auto& element : core.value(list, Json::array())) {
    if (element.contains(member)) {
      out.push_back(element[member]);
    }
  }
  return out;
}

void copy_member(Json& to, const Json& from, const char* member) {
  if (from.contains(member)) {
    to[member] = from[member];
  }
}

/// All but the key is taken from the core, so that the two never differ.
Json identity_attributes(const store::StoredAsset& asset, const Json& core) {
  Json out = {{"sourceNativeKey", csam_key(asset.asset_uuid)}};
  copy_member(out, core, "hostName");
  put_filled(out, "macAddress", column(core, "networkInterfaces", "macAddress"));
  put_filled(out, "ipAddress", column(core, "networkInterfaces", "address"));
  copy_member(out, core["biosInfo"], "serialNumber");
  copy_member(out, core["biosInfo"], "hardwareUuid");
  const auto networks = column(core, "networkInterfaces", "networkUuid");
  if (!networks.empty()) {
    out["networkUuid"] = networks.front();
  }
  return out;
}

}  // namespace

std::string csam_key(const Uuid& asset_uuid) {
  return "rackscout/" + asset_uuid.text();
}

Json csam_asset(const store::StoredAsset& asset, const CsamOptions& options,
                const store::StoredFile* file) {
  auto clean = asset;
  redact(clean);
  std::optional<store::StoredFile> clean_file;
  if (file != nullptr) {
    redact(clean_file.emplace(*file));
  }
  const auto core = core_attributes(clean, options, clean_file ? &*clean_file : nullptr);
  return {{"identityAttributes", identity_attributes(clean, core)}, {"coreAttributes", core}};
}

}  // namespace ot::agent
