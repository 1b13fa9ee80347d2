#include "agent/uplink/csam_request.hpp"

#include <set>
#include <string_view>

#include "agent/uplink/csam_json.hpp"

namespace ot::agent {
namespace {

/// In the order of the guide's table.
Json business_app_json(const BusinessApp& app, Time created, Time updated) {
  Json out = Json::object();
  put_text(out, "businessAppId", app.id);
  put_text(out, "name", app.name);
  put_text(out, "businessCriticality", app.criticality);
  put_text(out, "status", app.status);
  put_text(out, "environment", app.environment);
  put_text(out, "usedFor", app.used_for);
  out["created"] = created.time_since_epoch().count();
  out["lastUpdated"] = updated.time_since_epoch().count();
  put_text(out, "operationalStatus", app.operational_status);
  put_text(out, "ownedBy", app.owned_by);
  put_text(out, "managedBy", app.managed_by);
  put_text(out, "supportedBy", app.supported_by);
  put_text(out, "supportGroup", app.support_group);
  return out;
}

}  // namespace

Json csam_request(std::vector<Json> assets, const CsamOptions& options,
                  const std::string& request_id) {
  Json about = Json::object();
  put_text(about, "requestId", request_id);
  about["assetCount"] = assets.size();
  put_text(about, "source", options.source);
  put_text(about, "connectorUuid", options.connector_uuid);
  Json out = {{"connectorMetaData", std::move(about)}};
  auto& data = out["assetData"] = Json::array();
  for (auto& asset : assets) {
    data.push_back(std::move(asset));
  }
  return out;
}

Json business_apps_request(const std::vector<BusinessApp>& apps, Time created, Time updated) {
  Json data = Json::array();
  std::set<std::string_view> known;
  for (const auto& app : apps) {
    if (known.insert(app.id).second) {
      data.push_back(business_app_json(app, created, updated));
    }
  }
  return {{"data", std::move(data)}};
}

}  // namespace ot::agent
