#include <algorithm>
#include <set>
#include <version.hpp>

#include <fmt/format.h>

#include "agent/plant_report/cyclonedx_component.hpp"
#include "agent/plant_report/json_object.hpp"
#include "agent/plant_report/plain.hpp"
#include "agent/plant_report/plain_facts.hpp"

// CycloneDX 1.5, its JSON form. What it has no field for is a property "rackscout:...".
namespace ot::agent::plant_report {
namespace {

using cyclonedx::Properties;
using cyclonedx::References;

/// The last moment of which the content tells, not the one of writing it down: so the same content
/// gives the same document.
Time content_time(const PlantReport& report) {
  auto time = report.ended;
  if (time != Time{}) {
    return time;
  }
  for (const auto& asset : report.assets) {
    time = std::max({time, asset.last_updated, last_seen(asset).value_or(Time{})});
  }
  for (const auto& file : report.files) {
    time = std::max(time, file.last_updated);
  }
  return time == Time{} ? report.made : time;
}

std::set<std::string> sites_of(const PlantReport& report) {
  std::set<std::string> sites = {report.site};
  for (const auto& asset : report.assets) {
    sites.insert(asset.site);
  }
  sites.erase(std::string());
  return sites;
}

std::set<std::string> areas_of(const PlantReport& report) {
  std::set<std::string> areas;
  for (const auto& asset : report.assets) {
    areas.insert(asset.area);
  }
  for (const auto& leg : report.legs) {
    areas.insert(leg.area);
  }
  areas.erase(std::string());
  return areas;
}

/// What the document is about.
Json plant_json(const PlantReport& report, const std::string& reference) {
  const auto sites = sites_of(report);
  Properties properties;
  for (const auto& area : areas_of(report)) {
    properties.add("area", area);
  }
  Json out = {
      {"type", "platform"},
      {"bom-ref", reference},
      {"name", sites.empty() ? std::string("plant") : fmt::format("{}", fmt::join(sites, ", "))}};
  properties.put_into(out);
  return out;
}

std::string plant_reference(const PlantReport& report) {
  const auto name = fmt::format("plant\n{}", fmt::join(sites_of(report), "\n"));
  return cyclonedx::reference(uuid_v5(kRackscoutNamespace, name));
}

Json metadata_json(const PlantReport& report, const std::string& plant) {
  Json out = {{"timestamp", iso8601(content_time(report))}};
  const auto is_observed = [](const store::StoredAsset& asset) { return asset.observed(); };
  if (std::any_of(report.assets.begin(), report.assets.end(), is_observed)) {
    out["lifecycles"] = Json::array({{{"phase", "discovery"}}});
  }
  Json tool = {{"type", "application"}, {"name", "rackscout"}, {"version", RACKSCOUT_VERSION}};
  out["tools"] = {{"components", Json::array({std::move(tool)})}};
  if (!report.operator_name.empty()) {
    out["authors"] = Json::array({{{"name", report.operator_name}}});
  }
  out["component"] = plant_json(report, plant);
  Properties properties;
  properties.add("source", report.has_ledger() ? "bundle" : "store");
  properties.add("walk", report.walk);
  properties.add("sensor", report.sensor);
  properties.add("note", report.note);
  properties.add("trust", report.trust);
  properties.add("began", report.began);
  properties.add("ended", report.ended);
  properties.put_into(out);
  return out;
}

/// Nobody can know that there is nothing else; often it is known that there is.
Json compositions_json(const PlantReport& report, const std::string& plant) {
  const char* aggregate = not_read(report).empty() ? "unknown" : "incomplete";
  Json composition = {{"aggregate", aggregate}, {"assemblies", Json::array({plant})}};
  return Json::array({std::move(composition)});
}

void write_document(const PlantReport& report, const std::string& serial_number, const Sink& sink) {
  const auto plant = plant_reference(report);
  References references;
  references.take(plant);
  JsonObject object(sink);
  object.member("$schema", "http://cyclonedx.org/schema/bom-1.5.schema.json");
  object.member("bomFormat", "CycloneDX");
  object.member("specVersion", "1.5");
  object.member("serialNumber", serial_number);
  object.member("version", 1);
  object.member("metadata", metadata_json(report, plant));
  object.begin_list("components");
  for (const auto* asset : devices_in_order(report)) {
    object.element(cyclonedx::device_json(*asset, references));
  }
  object.end_list();
  object.member("compositions", compositions_json(report, plant));
  object.finish();
}

}  // namespace

/// Twice: the serial number is made of all that comes with it.
void write_cyclonedx(const PlantReport& report, const Sink& sink) {
  FileHasher hasher;
  write_document(report, {}, [&hasher](std::string_view text) { hasher.add(text); });
  const auto name = "cyclonedx " + hasher.finish().sha256;
  write_document(report, cyclonedx::reference(uuid_v5(kRackscoutNamespace, name)), sink);
}

}  // namespace ot::agent::plant_report
