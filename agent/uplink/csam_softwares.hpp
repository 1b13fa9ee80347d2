#pragma once

#include "agent/records_json.hpp"

namespace ot::agent {

/// What of an asset's software is sent at most; the rest is counted among the
/// attributes of the connector.
constexpr std::size_t kMostCsamSoftwares = 500;

/// The software of an asset, [{name, version, identifier, publisher, type}]:
/// its firmware, the engineering tool of the project file (may be null), and the
/// firmware of each add-on that has one. The same name and version come once.
/// All of it, whatever its number.
Json csam_softwares(const store::StoredAsset& asset, const store::StoredFile* file);

}  // namespace ot::agent
