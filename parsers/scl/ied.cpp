#include "parsers/scl/ied.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "parsers/scl/grammar.hpp"
#include "parsers/scl/plug_ins.hpp"
#include "parsers/scl/prolog.hpp"
#include "parsers/scl/tree.hpp"

namespace ot::parsers::scl {
namespace {

struct PrivateDetail {
  std::string_view type;
  const char* detail;
};

constexpr std::array<PrivateDetail, 5> kSiemensDetails = {{
    {"Siemens-Siprotec5-Communication-Configuration-Version", "communicationConfigurationVersion"},
    {"Siemens-Siprotec5-Application-Template", "applicationTemplate"},
    {"Siemens-s7ManagerName", "digsiDeviceName"},
    {"Siemens-FolderPath", "digsiFolderPath"},
    {"HasDexFileAttached", "deviceArchive"},
}};

std::string private_text(pugi::xml_node ied, std::string_view type) {
  return text_of(private_of(ied, type));
}

const std::string& first_of(const std::string& preferred, const std::string& otherwise) {
  return preferred.empty() ? otherwise : preferred;
}

std::string vendor_of(pugi::xml_node ied, const NamePlate& plate) {
  std::string vendor(attribute_of(ied, "manufacturer"));
  vendor = first_of(vendor, plate.vendor);
  return equals_ignoring_case(vendor, kSiemens) ? std::string(kSiemens) : vendor;
}

/// By its own Private, else by any of Siemens that holds a whole code (exports
/// differ in the names of their Privates), else from the name plate.
std::string product_code(pugi::xml_node ied, const NamePlate& plate) {
  auto code = private_text(ied, "Siemens-Siprotec5-Product-Code");
  if (!code.empty()) {
    return code;
  }
  for (const auto candidate : ied.children("Private")) {
    if (attribute_of(candidate, "type").starts_with(kSiemens)) {
      code = text_of(candidate);
      if (is_long_product_code(code)) {
        return code;
      }
    }
  }
  return is_long_product_code(plate.hardware_revision) ? plate.hardware_revision : std::string();
}

void read_siemens(pugi::xml_node ied, const NamePlate& plate, Asset& asset) {
  asset.order_id = product_code(ied, plate);
  auto& hardware = asset.hardware;
  hardware.model = asset.order_id.substr(0, asset.order_id.find('-'));
  hardware.model = first_of(first_of(hardware.model, plate.model), asset.type_id);
  const bool is_siprotec5 =
      private_of(ied, "Siemens-IsSiprotec5IED") || is_long_product_code(asset.order_id);
  if (is_siprotec5 && is_siprotec_relay(hardware.model)) {
    hardware.category = Category::protection_relay;
  }
  for (const auto& [type, detail] : kSiemensDetails) {
    auto value = private_text(ied, type);
    if (!value.empty()) {
      asset.details.push_back({detail, std::move(value)});
    }
  }
  read_plug_ins(ied, asset);
}

/// One file describes all models of a family, the first of them by default.
std::string sel_model(pugi::xml_node ied) {
  for (const auto child : private_of(ied, "SEL_IedInfo").children()) {
    if (local_name(child.name()) == "ModelNumber") {
      return text_of(child);
    }
  }
  return {};
}

void read_other(pugi::xml_node ied, const NamePlate& plate, Asset& asset) {
  auto& hardware = asset.hardware;
  const bool is_sel = hardware.vendor == kSel;
  const bool is_abb = hardware.vendor == kAbb;
  if (is_sel) {
    hardware.model = sel_model(ied);
  } else if (is_abb) {
    hardware.model = private_text(ied, "ABB_PCMObjectTypeName");
  }
  hardware.model = first_of(first_of(hardware.model, plate.model), asset.type_id);
  if ((is_sel && is_sel_relay(hardware.model)) || (is_abb && is_abb_relay(hardware.model))) {
    hardware.category = Category::protection_relay;
  }
}

void add_detail(Asset& asset, std::string name, std::string_view value) {
  if (!value.empty()) {
    asset.details.push_back({std::move(name), std::string(value)});
  }
}

/// DIGSI 5 writes the device's own name there, which is known already.
void add_description(Asset& asset, std::string_view text) {
  const bool known = std::any_of(asset.details.begin(), asset.details.end(),
                                 [&](const Detail& detail) { return detail.value == text; });
  if (!known) {
    add_detail(asset, "description", text);
  }
}

}  // namespace

Asset read_ied(pugi::xml_node ied, const NamePlates& plates, Network& network) {
  const auto plate = plates.of(ied);
  Asset asset;
  asset.name = attribute_of(ied, "name");
  asset.station = asset.name;
  asset.type_id = attribute_of(ied, "type");
  asset.firmware_version = plate.software_revision;
  asset.hardware.vendor = vendor_of(ied, plate);
  asset.interfaces = network.take(asset.name);
  if (is_plausible_serial(plate.serial_number)) {
    asset.serial_number = plate.serial_number;
  }
  // Of the configuration or of the ICD file, whatever the attribute's name suggests.
  add_detail(asset, "configurationVersion", attribute_of(ied, "configVersion"));
  if (asset.hardware.vendor == kSiemens) {
    read_siemens(ied, plate, asset);
  } else {
    read_other(ied, plate, asset);
  }
  add_description(asset, attribute_of(ied, "desc"));
  return asset;
}

}  // namespace ot::parsers::scl
