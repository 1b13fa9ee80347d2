#include <algorithm>

#include <fmt/format.h>

#include "agent/config/config_text.hpp"
#include "agent/config/keys.hpp"
#include "agent/config/quantities.hpp"
#include "agent/config/windows.hpp"
#include "base/runs.hpp"

namespace ot::agent {
namespace {

template <class Item>
Json list_json(const std::vector<Item>& items, Json (*json_of)(const Item&)) {
  Json all = Json::array();
  for (const auto& item : items) {
    all.push_back(json_of(item));
  }
  return all;
}

Json windows_json(const std::vector<Window>& windows) {
  Json all = Json::array();
  for (const auto& window : windows) {
    all.push_back(window_text(window));
  }
  return all;
}

Json folder_json(const WatchedFolder& folder) {
  return {{"path", folder.path},
          {"mode", kModeWords[static_cast<std::size_t>(folder.mode)]},
          {"site", folder.site},
          {"area", folder.area},
          {"plant_location", folder.plant_location},
          {"rescan", duration_text(folder.rescan)}};
}

Json units_json(const std::vector<std::uint8_t>& units) {
  const auto text = [](std::uint32_t unit) { return fmt::format("{}", unit); };
  Json all = Json::array();
  for (const auto& run : runs_of(units)) {
    all.push_back(run.text(text));
  }
  return all;
}

Json probe_json(const TargetGroup& group) {
  Json protocols = Json::array();
  for (const auto* probe : group.protocols) {
    protocols.push_back(probe->name);
  }
  return {{"name", group.name},
          {"targets", group.targets},
          {"protocols", std::move(protocols)},
          {"units", units_json(group.units)},
          {"serial", group.serial},
          {"every", duration_text(group.every)},
          {"jitter", duration_text(group.jitter)},
          {"windows", windows_json(group.windows)},
          {"site", group.site},
          {"area", group.area}};
}

Json safety_json(const Config& config) {
  return {{"exclude", config.exclude},
          {"exclude_files", config.exclude_files},
          {"windows", windows_json(config.windows)},
          {"stop_file", config.stop_file},
          {"ledger", config.ledger},
          {"gap", duration_text(config.gap)},
          {"at_once", config.at_once}};
}

Json api_json(const ApiConfig& api) {
  Json json = {{"enabled", api.enabled},
               {"address", api.address},
               {"port", api.port},
               {"certificate", api.certificate},
               {"key", api.key},
               {"token_file", api.token_file},
               {"open_metrics", api.open_metrics},
               {"connections", api.connections}};
  if (api.jwt) {
    json["jwt"] = {{"algorithm", kAlgorithmWords[static_cast<std::size_t>(api.jwt->algorithm)]},
                   {"key_file", api.jwt->key_file},
                   {"issuer", api.jwt->issuer},
                   {"audience", api.jwt->audience}};
  }
  return json;
}

Json sensor_json(const HubSensor& sensor) {
  return {{"id", sensor.id}, {"token_file", sensor.token_file}};
}

Json hub_json(const HubConfig& hub) {
  return {{"accept", hub.accept},
          {"jwt_sensors", hub.jwt_sensors},
          {"sensor", list_json(hub.sensors, sensor_json)}};
}

/// The keys that a sink of its kind has.
Json sink_json(const SinkConfig& sink) {
  const auto kind = kSinkWords[static_cast<std::size_t>(sink.kind)];
  const Json all = {{"name", sink.name},
                    {"kind", kind},
                    {"filter", sink.filter},
                    {"file_filter", sink.file_filter},
                    {"batch", sink.batch},
                    {"url", sink.url},
                    {"timeout", duration_text(sink.timeout)},
                    {"token_file", sink.token_file},
                    {"user", sink.user},
                    {"password_file", sink.password_file},
                    {"certificate", sink.certificate},
                    {"key", sink.key},
                    {"ca", sink.ca},
                    {"pins", sink.pins},
                    {"proxy", sink.proxy},
                    {"proxy_user", sink.proxy_user},
                    {"proxy_password_file", sink.proxy_password_file},
                    {"folder", sink.folder},
                    {"folder_size", size_text(sink.folder_size)},
                    {"connector_uuid", sink.connector_uuid},
                    {"source", sink.source}};
  auto json = Json::object();
  for (const auto& [key, value] : all.items()) {
    if (const auto* info = find_key("sink", key); info != nullptr && info->is_of(kind)) {
      json[key] = value;
    }
  }
  return json;
}

Json business_app_json(const BusinessApp& app) {
  return {{"id", app.id},
          {"name", app.name},
          {"criticality", app.criticality},
          {"status", app.status},
          {"environment", app.environment},
          {"used_for", app.used_for},
          {"operational_status", app.operational_status},
          {"owned_by", app.owned_by},
          {"managed_by", app.managed_by},
          {"supported_by", app.supported_by},
          {"support_group", app.support_group},
          {"site", app.site}};
}

/// Each sink that uses them has all of them.
Json business_apps_json(const std::vector<SinkConfig>& sinks) {
  const auto with = std::find_if(sinks.begin(), sinks.end(), [](const SinkConfig& sink) {
    return !sink.business_apps.empty();
  });
  return with == sinks.end() ? Json::array() : list_json(with->business_apps, business_app_json);
}

Json parsers_json(const ParsersConfig& parsers) {
  return {{"wall", wall::kStrengthWords.at(static_cast<std::size_t>(parsers.wall))},
          {"memory", size_text(parsers.memory)}};
}

Json store_json(const StoreConfig& store) {
  return {{"path", store.path},
          {"journal_age", duration_text(store.journal_age)},
          {"journal_size", size_text(store.journal_size)},
          {"removals_age", duration_text(store.removals_age)}};
}

}  // namespace

Json config_json(const Config& config) {
  return {{"site", config.site},
          {"area", config.area},
          {"plant_location", config.plant_location},
          {"sensor_name", config.sensor_name},
          {"log_level", config.log_level},
          {"settle", duration_text(config.settle)},
          {"folder", list_json(config.folders, folder_json)},
          {"probe", list_json(config.groups, probe_json)},
          {"safety", safety_json(config)},
          {"api", api_json(config.api)},
          {"hub", hub_json(config.hub)},
          {"sink", list_json(config.sinks, sink_json)},
          {"business_app", business_apps_json(config.sinks)},
          {"parsers", parsers_json(config.parsers)},
          {"store", store_json(config.store)}};
}

}  // namespace ot::agent
