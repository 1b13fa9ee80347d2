#include "agent/uplink/csam_softwares.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "agent/uplink/csam_json.hpp"
#include "agent/uplink/csam_place.hpp"

namespace ot::agent {
namespace {

constexpr std::string_view kFirmware = "Firmware";
constexpr std::string_view kEngineeringTool = "Engineering Tool";

struct Software {
  std::string name;
  std::string version;
  std::string identifier;
  std::string publisher;
  std::string_view type;
};

/// Each name and version once.
class List {
 public:
  void add(const Software& software) {
    if (!known_.emplace(software.name, software.version).second) {
      return;
    }
    Json entry = Json::object();
    put_text(entry, "name", software.name);
    put_text(entry, "version", software.version);
    put_text(entry, "identifier", software.identifier);
    put_text(entry, "publisher", software.publisher);
    put_text(entry, "type", software.type);
    list_.push_back(std::move(entry));
  }

  Json take() { return std::move(list_); }

 private:
  Json list_ = Json::array();
  std::set<std::pair<std::string, std::string>> known_;
};

/// The first that says anything.
const std::string& first_of(const std::string& a, const std::string& b) {
  return a.empty() ? b : a;
}

/// "Omron CJ2M-CPU33 Firmware". By which product it is known is its identifier.
template <class Record>
Software firmware_of(const Record& record) {
  const auto& hardware = record.hardware;
  const auto& model = first_of(hardware.model, first_of(record.order_id, record.name));
  return {joined_words({hardware.vendor, model, kFirmware}), record.firmware_version,
          first_of(record.order_id, hardware.model), hardware.vendor, kFirmware};
}

}  // namespace

Json csam_softwares(const store::StoredAsset& asset, const store::StoredFile* file) {
  List list;
  if (!asset.shown.record.firmware_version.empty()) {
    list.add(firmware_of(asset.shown.record));
  }
  if (file != nullptr && !file->engineering_tool_name.empty()) {
    list.add({file->engineering_tool_name,
              file->engineering_tool_version,
              {},
              file->vendor,
              kEngineeringTool});
  }
  for (const auto* add_on : add_ons_by_place(asset)) {
    if (!add_on->firmware_version.empty()) {
      auto firmware = firmware_of(*add_on);
      firmware.name += fmt::format(" ({})", csam_place(*add_on));
      list.add(firmware);
    }
  }
  return list.take();
}

}  // namespace ot::agent
