#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "base/records.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// Keeps the order of the platform's sample.
using Json = nlohmann::ordered_json;

/// The platform's fields alone, or ours beside them.
enum class Shape { platform, extended };

/// A row of /ot/v1/projectfile/list.
Json file_json(const store::StoredFile& file, Shape shape);

/// "Project File", "Active Probe", "Project File, Active Probe"
std::string inventory_source(const store::StoredAsset& asset);

/// Where an asset was seen; the times are of that protocol and target alone.
Json sighting_json(const store::Sighting& sighting);

/// An entry of "assets" of /ot/v1/host/list.
Json asset_json(const store::StoredAsset& asset, Shape shape);
/// With who found it: the asset's sensor, else this one.
Json asset_json(const store::StoredAsset& asset, Shape shape, std::string_view sensor_name);

/// The pieces of what `rackscout parse` prints: no ids, every fact with its
/// origin and confidence. project_text.hpp puts them together.
Json project_head_json(const Project& project, const store::StoredFile& file);
Json parsed_asset_json(const Asset& asset);  ///< without its add-ons, which come last
Json parsed_add_on_json(const AddOn& add_on);

Json warnings_json(const std::vector<Warning>& warnings);

}  // namespace ot::agent
