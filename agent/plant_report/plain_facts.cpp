#include "agent/plant_report/plain_facts.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

#include "agent/list_view.hpp"
#include "agent/place.hpp"
#include "store/places.hpp"

namespace ot::agent::plant_report {
namespace {

bool is_at(const store::Sighting& sighting, const std::string& address) {
  return address.empty() || sighting.address == address;
}

std::set<std::string> places_of(const Asset& side) {
  std::set<std::string> places;
  for (const auto& module : side.add_ons) {
    places.insert(store::place_of(module));
  }
  return places;
}

void add_file(const store::StoredFile& file, std::vector<NotRead>& all) {
  if (file.status == FileStatus::deleted) {
    return;
  }
  if (file.status != FileStatus::imported) {
    all.push_back({"project file", file.place.area, file.path, file.parser,
                   std::string(to_string(file.status)), file.error});
  }
  for (const auto& warning : file.warnings) {
    all.push_back({"project file", file.place.area, located(file.path, warning.position),
                   file.parser, "warning", warning.message});
  }
}

bool may_be_nothing(const bundle::WalkTarget& target) {
  return !target.named && (target.outcome == "silent" || target.outcome == "refused");
}

void add_target(const bundle::WalkTarget& target, std::vector<NotRead>& all) {
  bool is_told = false;
  for (const auto& trouble : target.troubles) {
    if (trouble.kind != "note") {
      all.push_back(
          {"target", target.area, target.target, trouble.protocol, trouble.kind, trouble.text});
      is_told = is_told || target.reason.empty() || trouble.text == target.reason;
    }
  }
  const bool is_whole = target.answered && target.outcome == "answered";
  if (!is_told && !is_whole && !may_be_nothing(target)) {
    all.push_back({"target", target.area, target.target, {}, target.outcome, target.reason});
  }
}

}  // namespace

std::vector<const store::StoredAsset*> devices_in_order(const PlantReport& report) {
  std::vector<const store::StoredAsset*> devices;
  devices.reserve(report.assets.size());
  for (const auto& asset : report.assets) {
    devices.push_back(&asset);
  }
  const auto key = [](const store::StoredAsset* asset) {
    const auto& record = asset->shown.record;
    return std::tie(asset->site, asset->area, record.station, record.name, asset->asset_uuid.bytes);
  };
  std::stable_sort(devices.begin(), devices.end(),
                   [&key](const auto* a, const auto* b) { return key(a) < key(b); });
  return devices;
}

std::vector<const store::StoredAddOn*> modules_in_order(const store::StoredAsset& asset) {
  struct Placed {
    Place place;
    const store::StoredAddOn* module;
  };
  std::vector<Placed> placed;
  placed.reserve(asset.shown.add_ons.size());
  for (const auto& module : asset.shown.add_ons) {
    placed.push_back({place_of(module.record, Asset{}), &module});
  }
  std::sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
    return std::tie(a.place, a.module->record.name, a.module->add_on_uuid.bytes) <
           std::tie(b.place, b.module->record.name, b.module->add_on_uuid.bytes);
  });
  std::vector<const store::StoredAddOn*> modules;
  modules.reserve(placed.size());
  for (const auto& item : placed) {
    modules.push_back(item.module);
  }
  return modules;
}

std::string device_label(const store::StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const auto address = first_address(record);
  for (const auto* text : {&record.name, &record.station, &address, &record.hardware.model,
                           &record.order_id, &record.hardware.product_name}) {
    if (!text->empty()) {
      return *text;
    }
  }
  return {};
}

std::string_view origin_of(const store::StoredAsset& asset) {
  if (asset.observed() && asset.configured) {
    return "both";
  }
  return to_string(asset.observed() ? Origin::observed : Origin::configured);
}

ModuleOrigins::ModuleOrigins(const store::StoredAsset& asset) {
  if (asset.sides) {
    const auto configured = places_of(asset.sides->configured);
    const auto observed = places_of(asset.sides->observed);
    std::set_intersection(configured.begin(), configured.end(), observed.begin(), observed.end(),
                          std::inserter(both_, both_.end()));
  }
}

std::string_view ModuleOrigins::of(const AddOn& module) const {
  return both_.contains(store::place_of(module)) ? "both" : to_string(module.origin);
}

std::string protocols_text(const store::StoredAsset& asset, const std::string& address) {
  std::vector<std::string_view> protocols;
  for (const auto& sighting : asset.sightings) {
    const bool is_known =
        std::find(protocols.begin(), protocols.end(), sighting.protocol) != protocols.end();
    if (is_at(sighting, address) && !is_known) {
      protocols.push_back(sighting.protocol);
    }
  }
  return fmt::format("{}", fmt::join(protocols, ", "));
}

std::optional<Time> first_seen(const store::StoredAsset& asset, const std::string& address) {
  std::optional<Time> first;
  for (const auto& sighting : asset.sightings) {
    if (is_at(sighting, address)) {
      first = std::min(first.value_or(sighting.first_seen), sighting.first_seen);
    }
  }
  return first;
}

std::optional<Time> last_seen(const store::StoredAsset& asset, const std::string& address) {
  std::optional<Time> last;
  for (const auto& sighting : asset.sightings) {
    if (is_at(sighting, address)) {
      last = std::max(last.value_or(sighting.last_seen), sighting.last_seen);
    }
  }
  return last;
}

std::string number_text(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : std::string();
}

std::vector<NotRead> not_read(const PlantReport& report) {
  std::vector<NotRead> all;
  for (const auto& file : report.files) {
    add_file(file, all);
  }
  for (const auto& target : report.targets) {
    add_target(target, all);
  }
  for (const auto& state : report.states) {
    if (!state.answered() || state.outcome != "answered") {
      all.push_back({"target", state.group, state.target, {}, state.outcome, state.reason});
    }
  }
  for (const auto& record : report.rejected) {
    all.push_back({"record", {}, {}, {}, "rejected", record});
  }
  return all;
}

}  // namespace ot::agent::plant_report
