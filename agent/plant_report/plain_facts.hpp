#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/plant_report/model.hpp"

// What the machine-readable forms of a report tell alike.
namespace ot::agent::plant_report {

/// By site, area, station, name and UUID.
std::vector<const store::StoredAsset*> devices_in_order(const PlantReport& report);

/// As they sit in the rack and on its buses.
std::vector<const store::StoredAddOn*> modules_in_order(const store::StoredAsset& asset);

/// What to call it: its name, else its station, its address, its model or its order number.
std::string device_label(const store::StoredAsset& asset);

/// "configured", "observed", "both"
std::string_view origin_of(const store::StoredAsset& asset);

/// Whether a project file, the device or both name a module.
class ModuleOrigins {
 public:
  explicit ModuleOrigins(const store::StoredAsset& asset);
  std::string_view of(const AddOn& module) const;

 private:
  std::set<std::string> both_;  ///< places that both sides fill
};

/// "fins, enip"; at one address only, unless that is empty.
std::string protocols_text(const store::StoredAsset& asset, const std::string& address = {});

std::optional<Time> first_seen(const store::StoredAsset& asset, const std::string& address = {});
std::optional<Time> last_seen(const store::StoredAsset& asset, const std::string& address = {});

std::string number_text(const std::optional<std::uint32_t>& number);  ///< empty for none

/// Something that is, or may be, there and of which the report does not tell all.
struct NotRead {
  std::string kind;  ///< "project file", "target", "record"
  std::string area;  ///< or the group of the configuration
  std::string subject;
  std::string protocol;
  std::string state;  ///< "Failed", "silent"
  std::string reason;

  bool operator==(const NotRead&) const = default;
};

/// A silent address of a range is no target that could not be read: nothing need be there.
std::vector<NotRead> not_read(const PlantReport& report);

}  // namespace ot::agent::plant_report
