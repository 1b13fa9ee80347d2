#pragma once

#include <string>
#include <utility>
#include <vector>

#include "agent/config/config.hpp"
#include "agent/records_json.hpp"

namespace ot::agent {

/// What a sink adds to each record that it sends to the platform. It has
/// constructors on purpose: GCC 12 destroys aggregate temporaries of a co_await
/// expression twice.
struct CsamOptions {
  CsamOptions() = default;
  CsamOptions(std::string connector, std::string source_name, std::vector<BusinessApp> apps,
              std::string sensor)
      : connector_uuid(std::move(connector)),
        source(std::move(source_name)),
        business_apps(std::move(apps)),
        sensor_name(std::move(sensor)) {}

  std::string connector_uuid;  ///< of the webhook connector, as the platform gave it
  std::string source;          ///< "WEBHOOK"
  std::vector<BusinessApp> business_apps;
  std::string sensor_name;
};

/// "rackscout/4da66005-911b-59b0-bb8d-193d3255af7e": the sourceNativeKey, by which
/// the platform knows an asset again. It holds no number of this store.
std::string csam_key(const Uuid& asset_uuid);

/// Interfaces of an asset that are sent at most.
constexpr std::size_t kMostCsamInterfaces = 500;

/// An element of "assetData" of POST /rest/2.0/am/connector/asset/data/sync, field
/// for field as in the Qualys CSAM API release notes 2.16, "Support to Import
/// Third-Party Assets to CSAM":
///
///   {"identityAttributes": {sourceNativeKey, hostName, macAddress[], ipAddress[],
///                           serialNumber, hardwareUuid, networkUuid},
///    "coreAttributes": {operatingSystem, hostName, address, biosInfo{}, osVersion,
///                       networkInterfaces[], softwares[], assignedLocation{name},
///                       businessApps[], customConnectorAttributes{}}}
///
/// What identifies the asset beside sourceNativeKey is what coreAttributes says.
/// A field without a value is left out. `file` is the project file that the shown
/// view is from, if that is known. Names of users in paths are redacted, those in
/// the path of the file too: it leaves the house.
Json csam_asset(const store::StoredAsset& asset, const CsamOptions& options,
                const store::StoredFile* file = nullptr);

}  // namespace ot::agent
