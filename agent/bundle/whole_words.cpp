#include "agent/bundle/whole_words.hpp"

#include <algorithm>
#include <optional>

#include "agent/bundle/walk_records.hpp"
#include "agent/uplink/json_fields.hpp"

namespace ot::agent::bundle {
namespace {

constexpr std::string_view kProjects = "files";
constexpr std::string_view kModbus = "modbus";

}  // namespace

WholeWords::WholeWords(const Manifest& manifest, std::string_view observations)
    : read_projects_(!manifest.projects.empty()) {
  for (const auto& leg : manifest.legs) {
    auto& units = units_[leg.area];
    for (const auto& unit : leg.units) {
      units += " " + unit;
    }
  }
  for (std::string_view line; take_line(observations, line);) {
    const auto in = parse_bounded(line).value_or(nlohmann::json());
    if (!in.is_object()) {
      continue;  // that nothing is known of it is safe: what was there before stays
    }
    std::string reason;
    const Fields fields(in, reason);
    std::string area;
    std::string protocol;
    std::string target;
    Said said;
    fields.text("area", area);
    fields.text("protocol", protocol);
    fields.text("target", target);
    fields.flag("whole", said.whole);
    said.whole = said.whole && !in.contains("incomplete") && !in.contains("safety");
    const auto* asset = fields.object("asset");
    said.names_modules = asset != nullptr && asset->contains("addOns");
    said_[{area, protocol, target}] = said;
  }
}

/// Behind a Modbus gateway nobody is known but who was asked: walks that asked others can't be
/// compared.
std::string WholeWords::speaker(const std::string& area, const std::string& protocol) const {
  const auto units = units_.find(area);
  return protocol == kModbus && units != units_.end() ? protocol + units->second : protocol;
}

bool WholeWords::is_whole(const store::SentAsset& asset) const {
  return std::all_of(asset.sightings.begin(), asset.sightings.end(), [&](const auto& sighting) {
    const auto found = said_.find({asset.area, sighting.protocol, sighting.target});
    return found == said_.end() || found->second.whole;
  });
}

store::Walked WholeWords::of(const store::SentAsset& asset) const {
  store::Walked walked;
  std::map<std::string, bool> whole;
  for (const auto& sighting : asset.sightings) {
    const auto found = said_.find({asset.area, sighting.protocol, sighting.target});
    const auto said = found == said_.end() ? Said{.names_modules = true} : found->second;
    auto& all = whole.try_emplace(sighting.protocol, true).first->second;
    all = all && said.whole;
    auto& named = walked.named;
    auto name = speaker(asset.area, sighting.protocol);
    if (said.names_modules && std::find(named.begin(), named.end(), name) == named.end()) {
      named.push_back(std::move(name));
    }
  }
  for (const auto& [protocol, all] : whole) {
    if (all) {
      walked.whole.push_back(speaker(asset.area, protocol));
    }
  }
  if (asset.configured && read_projects_) {
    walked.whole.emplace_back(kProjects);
  }
  return walked;
}

}  // namespace ot::agent::bundle
