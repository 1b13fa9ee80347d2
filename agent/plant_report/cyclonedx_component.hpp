#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "agent/records_json.hpp"
#include "store/store.hpp"

// The components of a CycloneDX document.
namespace ot::agent::plant_report::cyclonedx {

/// "urn:uuid:4da66005-911b-59b0-bb8d-193d3255af7e"
std::string reference(const Uuid& uuid);

/// No reference may be given twice in one document, whatever the records say.
class References {
 public:
  /// The reference itself, or, if that is taken, one made of it.
  std::string take(const std::string& wanted);

 private:
  std::unordered_set<std::string> taken_;
};

/// "rackscout:NAME" and its value; the same name may come again. Empty values are left out.
class Properties {
 public:
  void add(std::string_view name, std::string_view value);
  void add(std::string_view name, const std::optional<std::uint32_t>& value);
  void add(std::string_view name, Time value);

  void put_into(Json& object) const;

 private:
  Json list_ = Json::array();
};

/// A device, and in it its firmware and its modules, each with its own firmware.
Json device_json(const store::StoredAsset& asset, References& references);

}  // namespace ot::agent::plant_report::cyclonedx
