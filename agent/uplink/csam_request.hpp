#pragma once

#include <string>
#include <vector>

#include "agent/records_json.hpp"
#include "agent/uplink/csam_asset.hpp"
#include "base/time.hpp"

namespace ot::agent {

/// The body of POST /rest/2.0/am/connector/asset/data/sync (Qualys CSAM API release
/// notes 2.16, "Support to Import Third-Party Assets to CSAM"):
///
///   {"connectorMetaData": {"requestId", "assetCount", "source", "connectorUuid"},
///    "assetData": [...]}
Json csam_request(std::vector<Json> assets, const CsamOptions& options,
                  const std::string& request_id);

/// The body of POST /rest/2.0/upsert/am/businessapp/metadata, which has to know each
/// application before assets name it (release notes 2.16, "Before You Begin"; fields
/// as in the page "Import Business App Metadata" of the CSAM API guide):
///
///   {"data": [{"businessAppId", "name", "businessCriticality", ..., "created",
///              "lastUpdated", ...}]}
///
/// `created` and `lastUpdated` are milliseconds since 1970. An id comes once, also
/// where its application belongs to several sites.
Json business_apps_request(const std::vector<BusinessApp>& apps, Time created, Time updated);

}  // namespace ot::agent
