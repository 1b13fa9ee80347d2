#include "agent/uplink/csam_attributes.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/redact.hpp"
#include "agent/side_difference.hpp"
#include "agent/uplink/csam_json.hpp"
#include "agent/uplink/csam_place.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kLongestKey = 256;   // bytes
constexpr std::size_t kLongestFact = 200;  // bytes, of a text of an add-on

/// A flat object. A key that comes again gets a number: "module (2)".
class Attributes {
 public:
  void add(std::string_view key, std::string_view value) {
    if (!value.empty()) {
      put_text(out_, unused(cut_to(key, kLongestKey)).c_str(), value);
    }
  }

  void add_count(std::string_view key, std::size_t count) { add(key, std::to_string(count)); }

  std::size_t room() const { return kMostCsamAttributes - out_.size(); }
  Json take() { return std::move(out_); }

 private:
  std::string unused(const std::string& key) {
    auto numbered = key;
    for (auto& copies = copies_[key]; !used_.insert(numbered).second;) {
      numbered = fmt::format("{} ({})", key, ++copies + 1);
    }
    return numbered;
  }

  Json out_ = Json::object();
  std::set<std::string> used_;
  std::map<std::string, std::size_t> copies_;
};

void add_time(Attributes& out, std::string_view key, const std::optional<Time>& time) {
  out.add(key, time ? iso8601(*time) : std::string());
}

void add_sightings(Attributes& out, const std::vector<store::Sighting>& sightings) {
  std::string protocols;
  std::set<std::string_view> known;
  std::optional<Time> first;
  std::optional<Time> last;
  for (const auto& sighting : sightings) {
    if (known.insert(sighting.protocol).second) {
      protocols += (protocols.empty() ? "" : ", ") + sighting.protocol;
    }
    first = std::min(first.value_or(sighting.first_seen), sighting.first_seen);
    last = std::max(last.value_or(sighting.last_seen), sighting.last_seen);
  }
  out.add("protocols", protocols);
  add_time(out, "firstSeen", first);
  add_time(out, "lastSeen", last);
}

void add_file(Attributes& out, const store::StoredFile& file) {
  out.add("projectFile.name", file.name);
  out.add("projectFile.path", redact(file.path));
  out.add("projectFile.status", to_string(file.status));
  out.add("projectFile.fileHash", file.digests.md5);
  out.add("projectFile.sha256", file.digests.sha256);
  out.add("projectFile.plantLocation", file.place.plant_location);
  out.add("projectFile.engineeringToolName", file.engineering_tool_name);
  out.add("projectFile.engineeringToolVersion", file.engineering_tool_version);
  add_time(out, "projectFile.exportedAt", file.exported_at);
}

void add_source(Attributes& out, const store::StoredAsset& asset, const store::StoredFile* file) {
  if (file != nullptr) {
    add_file(out, *file);
  } else {
    out.add("projectFile.path", redact(asset.shown.path));
    add_time(out, "projectFile.exportedAt", asset.shown.exported_at);
  }
}

/// "difference rack 0 slot 4 firmwareVersion"
std::string key_of(const Difference& difference) {
  auto place = difference.place;
  std::erase(place, ',');
  return joined_words({"difference", place, to_string(difference.kind)});
}

void add_differences(Attributes& out, const store::Sides& sides) {
  const auto found = differences(sides);
  const auto count = std::min(found.size(), kMostCsamDifferences);
  out.add_count("differences.count", found.size());
  for (std::size_t i = 0; i < count; ++i) {
    out.add(key_of(found[i]), words(found[i]));
  }
  if (count < found.size()) {
    out.add_count("differences.left.out", found.size() - count);
  }
}

/// As JSON; what no longer fits is left out, so that it stays JSON.
std::string add_on_text(const AddOn& add_on) {
  const auto slave = add_on.slave_address ? slave_address_text(*add_on.slave_address) : "";
  Json out = Json::object();
  std::string text;
  const auto put = [&out, &text](const char* key, std::string_view value) {
    put_text(out, key, cut_to(value, kLongestFact));
    auto longer = json_text(out, -1);
    if (longer.size() <= kLongestCsamText) {
      text = std::move(longer);
    } else {
      out.erase(key);
    }
  };
  put("origin", to_string(add_on.origin));
  put("confidence", to_string(add_on.confidence));
  put("orderId", add_on.order_id);
  put("serialNumber", add_on.serial_number);
  put("firmwareVersion", add_on.firmware_version);
  put("category2", to_string(add_on.hardware.category));
  put("vendor", add_on.hardware.vendor);
  put("model", add_on.hardware.model);
  put("slaveAddress", slave);
  put("name", add_on.name);
  return text;
}

void add_left_out(Attributes& out, const CsamLeftOut& left_out) {
  if (left_out.interfaces > 0) {
    out.add_count("networkInterfaces.left.out", left_out.interfaces);
  }
  if (left_out.softwares > 0) {
    out.add_count("softwares.left.out", left_out.softwares);
  }
}

/// They come last and take the room that the others leave.
void add_add_ons(Attributes& out, const store::StoredAsset& asset) {
  const auto add_ons = add_ons_by_place(asset);
  out.add_count("addOns.count", add_ons.size());
  const bool all = add_ons.size() <= out.room();
  const auto count = all ? add_ons.size() : out.room() - 1;
  for (std::size_t i = 0; i < count; ++i) {
    out.add("addOn " + csam_place(*add_ons[i]), add_on_text(*add_ons[i]));
  }
  if (!all) {
    out.add_count("addOns.left.out", add_ons.size() - count);
  }
}

}  // namespace

Json csam_attributes(const store::StoredAsset& asset, const CsamOptions& options,
                     const store::StoredFile* file, const CsamLeftOut& left_out) {
  Attributes out;
  out.add("inventory.source", inventory_source(asset));
  out.add("inventory.sensorName", asset.sensor.empty() ? options.sensor_name : asset.sensor);
  out.add("site", asset.site);
  out.add("area", asset.area);
  add_sightings(out, asset.sightings);
  add_source(out, asset, file);
  if (asset.sides) {
    add_differences(out, *asset.sides);
  }
  add_left_out(out, left_out);
  add_add_ons(out, asset);
  return out.take();
}

}  // namespace ot::agent
