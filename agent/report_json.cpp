#include "agent/report.hpp"

namespace ot::agent {
namespace {

Json source_json(const SourceReport& source) {
  auto out = file_json(source.file, Shape::extended);
  if (!source.differences.empty()) {
    out["differences"] = source.differences;
  }
  return out;
}

/// The sources of all the assets stand beside them, once.
Json assets_json(const std::vector<store::StoredAsset>& assets) {
  auto out = Json::array();
  for (const auto& asset : assets) {
    out.push_back(asset_json(asset, Shape::extended));
  }
  return out;
}

}  // namespace

Json json_of(const StationReport& report) {
  auto sources = Json::array();
  for (const auto& source : report.sources) {
    sources.push_back(source_json(source));
  }
  for (const auto& observation : report.observations) {
    auto entry = sighting_json(observation.sighting);
    entry["assetId"] = observation.asset_id;
    sources.push_back(std::move(entry));
  }
  return {{"assets", assets_json(report.assets)}, {"sources", std::move(sources)}};
}

Json json_of(const FileReport& report) {
  return {{"projectFile", file_json(report.file, Shape::extended)},
          {"assets", assets_json(report.assets)}};
}

}  // namespace ot::agent
