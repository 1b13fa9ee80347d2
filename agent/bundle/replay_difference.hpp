#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace ot::agent::bundle {

/// A field that is read otherwise than before.
struct FieldChange {
  std::string place;   ///< "unit address 17"; empty: of the device itself
  std::string field;   ///< "firmwareVersion", "hardware.model"
  std::string before;  ///< empty: it was not read
  std::string after;   ///< empty: it is not read

  bool operator==(const FieldChange&) const = default;
};

/// What differs between two lines of observations.ndjson, but for times: by place and field.
/// Both must come from parse_bounded().
std::vector<FieldChange> field_changes(const nlohmann::json& before, const nlohmann::json& after);

}  // namespace ot::agent::bundle
