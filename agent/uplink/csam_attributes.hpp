#pragma once

#include <cstddef>

#include "agent/records_json.hpp"
#include "agent/uplink/csam_asset.hpp"

namespace ot::agent {

/// Attributes of the connector that an asset has at most.
constexpr std::size_t kMostCsamAttributes = 500;
/// Differences between project and device among them.
constexpr std::size_t kMostCsamDifferences = 100;

/// How many elements other lists of the asset lack, because they had too many.
struct CsamLeftOut {
  std::size_t interfaces = 0;
  std::size_t softwares = 0;
};

/// What the platform has no field for, as "customConnectorAttributes", an object
/// of texts: where the asset is known from, its project file (may be null), in
/// what project and device differ, and one entry an add-on, by its place:
///
///   "addOn rack 0 slot 4": "{\"orderId\":\"6ES7321-1BH02-0AA0\",\"vendor\":\"Siemens\",...}"
///
/// Where there are too many, the rest is counted: "addOns.left.out".
Json csam_attributes(const store::StoredAsset& asset, const CsamOptions& options,
                     const store::StoredFile* file, const CsamLeftOut& left_out);

}  // namespace ot::agent
