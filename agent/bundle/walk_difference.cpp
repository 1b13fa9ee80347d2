#include "agent/bundle/walk_difference.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "agent/bundle/same_devices.hpp"
#include "agent/bundle/whole_words.hpp"
#include "agent/place.hpp"
#include "base/ipv4.hpp"
#include "store/places.hpp"
#include "store/swaps.hpp"

namespace ot::agent::bundle {
namespace {

using store::SentAsset;
using store::SentRecord;
using store::StoredFile;
using Kind = WalkChange::Kind;
using AreaTarget = std::pair<std::string, std::string>;

template <class Record>
store::Module module_of(const Record& record) {
  return {record.name, record.hardware.model, record.order_id, record.serial_number,
          record.firmware_version};
}

std::string first_of(std::initializer_list<const std::string*> texts) {
  for (const auto* text : texts) {
    if (!text->empty()) {
      return *text;
    }
  }
  return {};
}

/// "6ES7421-1BL01-0AA0, serial number 123"
template <class Record>
std::string thing_text(const Record& record) {
  auto text = first_of({&record.order_id, &record.hardware.model, &record.name,
                        &record.hardware.product_name, &record.type_id});
  text = text.empty() ? "no model" : text;
  return record.serial_number.empty() ? text : text + ", serial number " + record.serial_number;
}

/// Where it answered; of what only a project file names, its address there.
std::string address_of(const SentAsset& asset) {
  for (const auto& sighting : asset.sightings) {
    return sighting.address.empty() ? sighting.target : sighting.address;
  }
  const auto* primary = primary_interface(asset.record.interfaces);
  return primary != nullptr ? primary->address : std::string();
}

std::string device_text(const SentAsset& asset) {
  const auto& record = asset.record;
  const auto name = first_of({&record.name, &record.hardware.model, &record.order_id,
                              &record.station, &record.hardware.product_name});
  const auto address = address_of(asset);
  const auto* between = address.empty() || name.empty() ? "" : " ";
  const auto text = fmt::format("{}{}{}", address, between, name);
  return text.empty() ? "a device" : text;
}

/// How the targets of a walk ended.
class Targets {
 public:
  explicit Targets(const Found& walk) : words_(walk.manifest, walk.observations) {
    for (const auto& target : walk.targets) {
      by_name_.emplace(AreaTarget(target.area, target.target), &target);
    }
  }

  const WalkTarget* find(const std::string& area, const std::string& target) const {
    const auto found = by_name_.find({area, target});
    return found == by_name_.end() ? nullptr : found->second;
  }

  bool is_whole(const SentAsset& asset) const { return words_.is_whole(asset); }

 private:
  std::map<AreaTarget, const WalkTarget*> by_name_;
  WholeWords words_;
};

bool was_asked(const WalkTarget* target) {
  return target != nullptr && target->outcome != "not asked" && target->outcome != "excluded" &&
         target->outcome != "cut short";
}

/// What keeps us from saying that it is not there; empty: nothing does.
std::string doubt_of(const Targets& targets, const SentAsset& asset) {
  if (asset.sightings.empty()) {
    return {};
  }
  const auto* target = targets.find(asset.area, address_of(asset));
  if (target == nullptr) {
    return "it was not asked";
  }
  if (target->outcome == "answered") {
    return targets.is_whole(asset) ? std::string() : "not all of it answered";
  }
  return target->reason.empty() || target->reason == target->outcome
             ? target->outcome
             : target->outcome + ": " + target->reason;
}

/// Compares one device, or what is at its places.
class Device {
 public:
  Device(const SentAsset& before, const SentAsset& after, std::string doubt,
         std::vector<WalkChange>& changes)
      : before_(before), after_(after), doubt_(std::move(doubt)), changes_(changes) {}

  void compare() {
    const auto& a = before_.record;
    const auto& b = after_.record;
    compare_thing({}, a, b);
    add_fact("name", a.name, b.name);
    add_fact("station", a.station, b.station);
    add_fact("area", before_.area, after_.area);
    add_fact("address", attached(a, &Interface::address), attached(b, &Interface::address));
    add_fact("MAC address", attached(a, &Interface::mac_address),
             attached(b, &Interface::mac_address));
    compare_details();
    compare_modules();
  }

 private:
  struct Pair {
    const AddOn* before = nullptr;
    const AddOn* after = nullptr;
  };
  using Modules = std::map<std::pair<Place, std::string>, Pair>;

  WalkChange& add(Kind kind, const std::string& place) {
    auto& change = changes_.emplace_back();
    change.kind = kind;
    change.area = after_.area;
    change.device = device_text(after_);
    change.address = address_of(after_);
    change.place = place;
    return change;
  }

  void add_fact(std::string what, const std::string& before, const std::string& after,
                const std::string& place = {}) {
    if (before == after) {
      return;
    }
    auto& change = add(Kind::fact, place);
    change.what = std::move(what);
    change.before = before;
    change.after = after;
    change.note = after.empty() ? doubt_ : std::string();
  }

  /// What tells a device or a module from others, and its firmware.
  template <class Record>
  void compare_thing(const std::string& place, const Record& before, const Record& after) {
    const bool swapped = store::is_swap(module_of(before), module_of(after));
    if (swapped) {
      auto& change = add(Kind::module_swapped, place);
      const bool same_kind =
          before.order_id == after.order_id && before.hardware.model == after.hardware.model;
      change.what = same_kind ? "serial number" : "";
      change.before = same_kind ? before.serial_number : thing_text(before);
      change.after = same_kind ? after.serial_number : thing_text(after);
    } else {
      add_fact("serial number", before.serial_number, after.serial_number, place);
      add_fact("order number", before.order_id, after.order_id, place);
      add_fact("model", before.hardware.model, after.hardware.model, place);
      add_fact("vendor", before.hardware.vendor, after.hardware.vendor, place);
      add_fact("product name", before.hardware.product_name, after.hardware.product_name, place);
    }
    const auto& was = before.firmware_version;
    const auto& is = after.firmware_version;
    if (was.empty() || is.empty()) {
      add_fact("firmware", was, is, place);
    } else if (was != is) {
      auto& change = add(Kind::firmware, place);
      change.before = was;
      change.after = is;
    }
  }

  /// All of a kind, whatever their order: "10.0.0.5, 10.0.1.5".
  static std::string attached(const Asset& asset, std::string Interface::*field) {
    std::set<std::string> values;
    for (const auto& interface : asset.interfaces) {
      values.insert(interface.*field);
    }
    values.erase("");
    return fmt::format("{}", fmt::join(values, ", "));
  }

  void compare_details() {
    std::map<std::string, std::pair<std::string, std::string>> details;
    for (const auto& detail : before_.record.details) {
      details[detail.name].first = detail.value;
    }
    for (const auto& detail : after_.record.details) {
      details[detail.name].second = detail.value;
    }
    for (const auto& [name, values] : details) {
      add_fact(name, values.first, values.second);
    }
  }

  /// In the order of the places, as the tree has them.
  static void sort_in(Modules& modules, const Asset& asset, const AddOn* Pair::*side) {
    std::unordered_map<std::string, std::uint32_t> records;
    for (const AddOn& add_on : asset.add_ons) {
      const auto place = store::place_of(add_on);
      const auto key = store::numbered(place, records[place]++);
      modules[{place_of(add_on, Asset{}), key}].*side = &add_on;
    }
  }

  void compare_modules() {
    Modules modules;
    sort_in(modules, before_.record, &Pair::before);
    sort_in(modules, after_.record, &Pair::after);
    for (const auto& [key, pair] : modules) {
      const auto place = place_text(key.first);
      if (pair.before == nullptr) {
        add(Kind::module_added, place).after = thing_text(*pair.after);
      } else if (pair.after == nullptr) {
        auto& change = add(Kind::module_removed, place);
        change.before = thing_text(*pair.before);
        change.note = doubt_;
      } else {
        compare_thing(place, *pair.before, *pair.after);
        add_fact("name", pair.before->name, pair.after->name, place);
        add_fact("I/O addresses", pair.before->io_addresses, pair.after->io_addresses, place);
      }
    }
  }

  const SentAsset& before_;
  const SentAsset& after_;
  std::string doubt_;
  std::vector<WalkChange>& changes_;
};

void add_device(Kind kind, const SentAsset& asset, std::string note,
                std::vector<WalkChange>& changes) {
  auto& change = changes.emplace_back();
  change.kind = kind;
  change.area = asset.area;
  change.device = device_text(asset);
  change.address = address_of(asset);
  (kind == Kind::device_new ? change.after : change.before) = thing_text(asset.record);
  change.note = std::move(note);
}

/// Which new devices answer where.
std::map<AreaTarget, std::string> newcomers_of(const std::vector<DevicePair>& devices) {
  std::map<AreaTarget, std::string> newcomers;
  for (const auto& [before, after] : devices) {
    if (before == nullptr && !after->asset->sightings.empty()) {
      newcomers.emplace(AreaTarget(after->asset->area, address_of(*after->asset)),
                        thing_text(after->asset->record));
    }
  }
  return newcomers;
}

void compare_devices(const Found& before, const Found& after, std::vector<WalkChange>& changes) {
  const Targets then(before);
  const Targets later(after);
  const auto devices = same_devices(before.records, after.records);
  const auto newcomers = newcomers_of(devices);
  for (const auto& [was, is] : devices) {
    if (was != nullptr && is != nullptr) {
      const bool was_silent = is->asset->sightings.empty();
      const auto doubt = doubt_of(later, was_silent ? *was->asset : *is->asset);
      Device(*was->asset, *is->asset, doubt, changes).compare();
    } else if (is != nullptr) {
      const auto& asset = *is->asset;
      const bool unasked =
          !asset.sightings.empty() && !was_asked(then.find(asset.area, address_of(asset)));
      add_device(Kind::device_new, asset, unasked ? "it was not asked before" : "", changes);
    } else {
      const auto& asset = *was->asset;
      const auto other = newcomers.find({asset.area, address_of(asset)});
      add_device(Kind::device_gone, asset,
                 other == newcomers.end() ? doubt_of(later, asset)
                                          : "another one answers there: " + other->second,
                 changes);
    }
  }
}

using Files = std::map<std::tuple<std::string, std::string, std::string>, const StoredFile*>;

/// What is there, by place and path.
Files files_of(const Found& walk) {
  Files files;
  for (const auto& record : walk.records) {
    if (record.file && record.file->status != FileStatus::deleted) {
      const auto& file = *record.file;
      files[{file.place.area, file.place.plant_location, file.path}] = &file;
    }
  }
  return files;
}

bool is_below(const std::string& path, const std::string& folder) {
  const bool inside = path.size() == folder.size() || folder.ends_with('/') ||
                      (path.size() > folder.size() && path[folder.size()] == '/');
  return path.starts_with(folder) && inside;
}

bool was_read(const Found& walk, const std::string& path) {
  return std::any_of(walk.manifest.projects.begin(), walk.manifest.projects.end(),
                     [&path](const auto& folder) { return is_below(path, folder); });
}

std::string content_of(const StoredFile& file) {
  return file.digests.sha256.empty() ? file.digests.md5 : file.digests.sha256;
}

/// "Imported, V5.6, 0a1b2c3d"
std::string file_text(const StoredFile& file) {
  constexpr std::size_t kLetters = 12;
  auto text = std::string(to_string(file.status));
  for (const auto& part :
       {file.engineering_tool_name, file.engineering_tool_version, file.exported_text}) {
    text += part.empty() ? "" : ", " + part;
  }
  const auto content = content_of(file).substr(0, kLetters);
  return content.empty() ? text : text + ", " + content;
}

void compare_files(const Found& before, const Found& after, std::vector<WalkChange>& changes) {
  const auto then = files_of(before);
  const auto later = files_of(after);
  const auto add = [&changes](Kind kind, const StoredFile& file) -> WalkChange& {
    auto& change = changes.emplace_back();
    change.kind = kind;
    change.area = file.place.area;
    change.device = file.path;
    return change;
  };
  for (const auto& [place, file] : then) {
    const auto found = later.find(place);
    if (found == later.end()) {
      auto& change = add(Kind::file_removed, *file);
      change.before = file_text(*file);
      change.note = was_read(after, file->path) ? "" : "its folder was not read";
    } else if (content_of(*file) != content_of(*found->second) ||
               file->status != found->second->status) {
      auto& change = add(Kind::file_changed, *file);
      change.before = file_text(*file);
      change.after = file_text(*found->second);
    }
  }
  for (const auto& [place, file] : later) {
    if (!then.contains(place)) {
      auto& change = add(Kind::file_added, *file);
      change.after = file_text(*file);
      change.note = was_read(before, file->path) ? "" : "its folder was not read before";
    }
  }
}

bool is_file(const WalkChange& change) {
  return change.kind >= Kind::file_added;
}

/// Files last; devices by area, then as their addresses count.
auto order_of(const WalkChange& change) {
  const auto address = parse_ipv4(change.address);
  return std::make_tuple(is_file(change), change.area, !address, address.value_or(Ipv4{}).number,
                         change.device);
}

}  // namespace

std::vector<WalkChange> differences(const Found& before, const Found& after) {
  std::vector<WalkChange> changes;
  compare_devices(before, after, changes);
  compare_files(before, after, changes);
  std::stable_sort(changes.begin(), changes.end(),
                   [](const auto& a, const auto& b) { return order_of(a) < order_of(b); });
  return changes;
}

Coverage coverage(const Found& before, const Found& after) {
  const Targets later(after);
  Coverage covered;
  for (const auto& target : before.targets) {
    if (!was_asked(&target)) {
      continue;
    }
    ++covered.targets;
    const auto* found = later.find(target.area, target.target);
    if (!was_asked(found)) {
      covered.not_asked.push_back(target);
    } else if (target.answered && !found->answered) {
      covered.silent.push_back(*found);
    }
  }
  for (const auto& folder : before.manifest.projects) {
    if (!was_read(after, folder)) {
      covered.projects.push_back(folder);
    }
  }
  return covered;
}

}  // namespace ot::agent::bundle
