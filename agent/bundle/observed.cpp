#include "agent/bundle/observed.hpp"

namespace ot::agent::bundle {

Json observed_json(const Answer& answer, const std::string& area) {
  if (!answer.found) {
    return nullptr;
  }
  const auto& found = *answer.found;
  Json out;
  if (!area.empty()) {
    out["area"] = area;
  }
  out["target"] = answer.target.text();
  out["protocol"] = answer.probe->name;
  out["time"] = iso8601(answer.at);
  out["whole"] = found.whole && !found.incomplete;
  if (found.incomplete) {
    out["incomplete"] = found.incomplete->message();
  }
  if (!found.safety.empty()) {
    out["safety"] = found.safety;
  }
  if (!found.notes.empty()) {
    out["notes"] = found.notes;
  }
  out["asset"] = parsed_asset_json(found.asset);
  if (!found.chassis_serial.empty()) {
    out["asset"]["chassisSerial"] = found.chassis_serial;
  }
  Json add_ons = Json::array();
  for (const auto& add_on : found.asset.add_ons) {
    add_ons.push_back(parsed_add_on_json(add_on));
  }
  if (!add_ons.empty()) {
    out["asset"]["addOns"] = std::move(add_ons);
  }
  return out;
}

}  // namespace ot::agent::bundle
