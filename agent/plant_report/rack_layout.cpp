#include "agent/plant_report/rack_layout.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "agent/list_view.hpp"
#include "agent/place.hpp"
#include "agent/plant_report/html_page.hpp"
#include "base/number.hpp"
#include "base/text.hpp"
#include "store/places.hpp"

namespace ot::agent::plant_report {
namespace {

using store::StoredAsset;

constexpr std::uint64_t kNoNumber = ~std::uint64_t{0};

/// What is known of an asset beside its records, for marking its modules.
class Marks {
 public:
  explicit Marks(const StoredAsset& asset) {
    for (const auto& difference : differences_of(asset)) {
      differences_[difference.place].push_back(words(difference));
    }
    if (asset.sides) {
      learn(asset.sides->configured, in_project_);
      learn(asset.sides->observed, on_device_);
    }
  }

  From from(const AddOn& add_on) const {
    const auto place = store::place_of(add_on);
    if (in_project_.contains(place) && on_device_.contains(place)) {
      return From::both;
    }
    return add_on.origin == Origin::observed ? From::device : From::project;
  }

  /// Empty place: of the asset itself.
  std::vector<std::string> differences(const std::string& place) const {
    const auto found = differences_.find(place);
    return found == differences_.end() ? std::vector<std::string>() : found->second;
  }

 private:
  static void learn(const Asset& side, std::set<std::string>& places) {
    for (const AddOn& add_on : side.add_ons) {
      places.insert(store::place_of(add_on));
    }
  }

  std::map<std::string, std::vector<std::string>> differences_;
  std::set<std::string> in_project_;
  std::set<std::string> on_device_;
};

/// "CPU bus unit 0 (unit 16)": how Omron counts.
std::string fins_unit(std::uint64_t unit) {
  constexpr std::uint64_t kBusUnit = 16;
  constexpr std::uint64_t kSpecialUnit = 32;
  constexpr std::uint64_t kLast = 127;
  if (unit >= kBusUnit && unit < kSpecialUnit) {
    return fmt::format("CPU bus unit {} (unit {})", unit - kBusUnit, unit);
  }
  if (unit >= kSpecialUnit && unit <= kLast) {
    return fmt::format("special I/O unit {} (unit {})", unit - kSpecialUnit, unit);
  }
  return fmt::format("unit {}", unit);
}

bool speaks_fins(const StoredAsset& asset) {
  return std::any_of(asset.sightings.begin(), asset.sightings.end(),
                     [](const auto& sighting) { return sighting.protocol == "fins"; });
}

template <class Record>
void take_texts(Module& module, const Record& record) {
  const auto& hardware = record.hardware;
  module.name = first_of({record.name, hardware.product_name, hardware.model, record.type_id});
  module.model = first_of({hardware.model, hardware.product_name});
  if (equals_ignoring_case(module.model, module.name)) {
    module.model = {};
  }
  module.order_id = record.order_id;
  module.firmware = record.firmware_version;
  module.serial = record.serial_number;
  module.vendor = hardware.vendor;
  module.category = hardware.category;
}

/// Where an add-on is told apart from its neighbours: by slot, else by what its device says.
void take_place(Module& module, const AddOn& add_on, bool fins) {
  if (add_on.slot) {
    module.number = *add_on.slot;
    module.place = std::to_string(*add_on.slot);
    module.where = "slot " + module.place;
  } else if (const auto unit = whole_number<std::uint64_t>(add_on.unit_address)) {
    module.number = *unit;
    module.place = add_on.unit_address;
    module.where = fins ? fins_unit(*unit) : "unit " + add_on.unit_address;
  } else if (!add_on.unit_address.empty()) {
    module.number = kNoNumber;
    module.place = add_on.unit_address;
    module.where = "port " + add_on.unit_address;
  } else {
    module.number = kNoNumber;
  }
}

Module module_of(const AddOn& add_on, const Marks& marks, bool fins) {
  Module module;
  take_texts(module, add_on);
  take_place(module, add_on, fins);
  module.io_addresses = add_on.io_addresses;
  module.from = marks.from(add_on);
  module.differences = marks.differences(place_text(place_of(add_on, Asset{})));
  return module;
}

Module module_of(const StoredAsset& asset, const Marks& marks) {
  const auto& record = asset.shown.record;
  Module module;
  take_texts(module, record);
  module.name = title_of(asset);
  module.from = from_of(asset);
  module.differences = marks.differences({});
  return module;
}

/// A CPU is told by its own asset and by its neighbour's list of modules: once is enough.
void put(std::vector<Module>& modules, Module module) {
  constexpr std::size_t kMostInOnePlace = 64;
  const bool comparable = module.number != kNoNumber && modules.size() < kMostInOnePlace;
  const bool known =
      comparable && std::any_of(modules.begin(), modules.end(), [&module](const Module& other) {
        return other.place == module.place && other.order_id == module.order_id &&
               (!module.order_id.empty() || other.name == module.name);
      });
  if (!known) {
    modules.push_back(std::move(module));
  }
}

void sort_modules(std::vector<Module>& modules) {
  std::stable_sort(modules.begin(), modules.end(), [](const Module& a, const Module& b) {
    return std::tie(a.number, a.place) < std::tie(b.number, b.place);
  });
}

/// The modules of one rack or bus member while they are gathered.
struct Gathered {
  std::map<std::uint64_t, std::vector<Module>> at;     ///< by number
  std::map<std::uint64_t, std::vector<Module>> parts;  ///< by that of what they are in

  void add(Module module) {
    const auto number = module.number;
    put(at[number], std::move(module));
  }

  std::vector<Module> take() {
    std::vector<Module> modules;
    for (auto& [number, inside] : parts) {
      auto& holders = at[number];
      auto& target = holders.empty() ? holders : holders.front().parts;
      std::move(inside.begin(), inside.end(), std::back_inserter(target));
    }
    for (auto& [number, some] : at) {
      std::move(some.begin(), some.end(), std::back_inserter(modules));
    }
    sort_modules(modules);
    return modules;
  }
};

class StationBuilder {
 public:
  Station take(const std::vector<const StoredAsset*>& assets) {
    const auto& first = *assets.front();
    station_.site = first.site;
    station_.area = first.area;
    station_.name = first_of({first.shown.record.station, title_of(first)});
    station_.assets = assets;
    std::vector<Marks> marks;
    marks.reserve(assets.size());
    for (const auto* asset : assets) {
      add_asset(*asset, marks.emplace_back(*asset));
    }
    for (std::size_t i = 0; i < assets.size(); ++i) {
      for (const auto& add_on : assets[i]->shown.add_ons) {
        add_module(*assets[i], add_on.record, marks[i]);
      }
    }
    finish();
    return std::move(station_);
  }

 private:
  /// A rack of the station (owner 0), or that of a device by itself.
  using RackKey = std::pair<store::AssetId, std::uint64_t>;
  struct RackDraft {
    RackRow row;
    Gathered modules;
    std::uint64_t size = 0;  ///< slots, where the device says how many it has
  };
  struct MemberDraft {
    BusMember member;
    Gathered modules;
  };
  using BusDraft = std::map<std::pair<std::uint64_t, std::string>, MemberDraft>;

  static bool in_slots(const Asset& record) { return record.rack && record.slot; }

  static RackKey rack_of(const StoredAsset& asset) {
    const auto& record = asset.shown.record;
    return in_slots(record) ? RackKey{0, *record.rack} : RackKey{asset.asset_id, 0};
  }

  void add_asset(const StoredAsset& asset, const Marks& marks) {
    const auto& record = asset.shown.record;
    auto module = module_of(asset, marks);
    if (!record.bus.empty()) {
      auto& member = member_of(asset).member;
      module.where = member.where;
      member.network_address = first_address(record);
      member.head = std::move(module);
      member.has_head = true;
      return;
    }
    for (const auto& rack : record.racks) {
      auto& row = racks_[{in_slots(record) ? 0 : asset.asset_id, rack.number}].row;
      row.title = fmt::format("Rack {}", rack.number);
      row.name = rack.name;
      row.order_id = rack.order_id;
    }
    add_to_rack(asset, std::move(module));
  }

  void add_to_rack(const StoredAsset& asset, Module module) {
    const auto& record = asset.shown.record;
    auto& rack = racks_[rack_of(asset)];
    rack.size = std::max(rack.size, chassis_slots(record));
    if (record.slot) {
      module.number = *record.slot;
      module.place = std::to_string(*record.slot);
      module.where = fmt::format("slot {}", *record.slot);
    } else {
      rack.row.kind = RackRow::Kind::units;
      module.number = 0;
      module.where = "device";
    }
    if (rack.row.title.empty()) {
      rack.row.title = record.rack && record.slot ? fmt::format("Rack {}", *record.rack)
                       : record.slot              ? std::string("Chassis")
                                                  : std::string("Device");
    }
    rack.modules.add(std::move(module));
  }

  /// How many slots its chassis has, as an EtherNet/IP device says.
  static std::uint64_t chassis_slots(const Asset& record) {
    constexpr std::uint64_t kMost = 64;
    for (const auto& detail : record.details) {
      if (detail.name == "chassisSlots") {
        return std::min(whole_number<std::uint64_t>(detail.value).value_or(0), kMost);
      }
    }
    return 0;
  }

  void add_module(const StoredAsset& asset, const AddOn& add_on, const Marks& marks) {
    const auto& record = asset.shown.record;
    auto module = module_of(add_on, marks, speaks_fins(asset));
    if (add_on.slave_address) {
      add_to_member(slave_of(add_on), add_on, std::move(module));
    } else if (!record.bus.empty()) {
      add_to_member(member_of(asset), add_on, std::move(module));
    } else {
      auto& rack = add_on.rack ? racks_[{in_slots(record) ? 0 : asset.asset_id, *add_on.rack}]
                               : racks_[rack_of(asset)];
      if (rack.row.title.empty()) {
        rack.row.title = fmt::format("Rack {}", add_on.rack.value_or(0));
      }
      add_or_nest(rack.modules, add_on, std::move(module));
    }
  }

  static void add_or_nest(Gathered& modules, const AddOn& add_on, Module module) {
    if (!add_on.subslot) {
      return modules.add(std::move(module));
    }
    module.place += fmt::format(".{}", *add_on.subslot);
    module.where += fmt::format("{}sub-slot {}", module.where.empty() ? "" : ", ", *add_on.subslot);
    const auto number = module.number;
    put(modules.parts[number], std::move(module));
  }

  static void add_to_member(MemberDraft& draft, const AddOn& add_on, Module module) {
    if (!add_on.slot && !add_on.subslot && !draft.member.has_head) {
      module.where = draft.member.where;
      draft.member.head = std::move(module);
      draft.member.has_head = true;
      return;
    }
    add_or_nest(draft.modules, add_on, std::move(module));
  }

  MemberDraft& member_of(const StoredAsset& asset) {
    const auto& record = asset.shown.record;
    const auto number = record.device_number.value_or(0);
    auto& draft = buses_[record.bus][{number, std::to_string(asset.asset_id)}];
    draft.member.number = number;
    draft.member.label = record.device_number ? std::to_string(number) : std::string();
    draft.member.where = record.device_number ? fmt::format("device {}", number) : "device";
    return draft;
  }

  MemberDraft& slave_of(const AddOn& add_on) {
    const auto number = *add_on.slave_address;
    auto& draft = buses_[add_on.bus.empty() ? "PROFIBUS" : add_on.bus][{number, {}}];
    draft.member.number = number;
    draft.member.label = std::to_string(number);
    draft.member.where = fmt::format("address {}", number);
    return draft;
  }

  void finish() {
    for (auto& [key, draft] : racks_) {
      draft.row.modules = draft.modules.take();
      if (draft.row.kind == RackRow::Kind::slots && draft.size > 0) {
        draft.row.slots = draft.size;
      }
      station_.racks.push_back(std::move(draft.row));
    }
    for (auto& [name, members] : buses_) {
      Bus bus;
      const bool dp = name.starts_with("DPSUBSYSTEM") || name == "PROFIBUS";
      const bool pn = name.starts_with("IOSUBSYSTEM");
      bus.kind = dp ? "dp" : pn ? "pn" : "bus";
      bus.title = (dp && name != "PROFIBUS" ? "PROFIBUS " : pn ? "PROFINET " : "") + name;
      for (auto& [key, draft] : members) {
        draft.member.modules = draft.modules.take();
        bus.members.push_back(std::move(draft.member));
      }
      station_.buses.push_back(std::move(bus));
    }
  }

  Station station_;
  std::map<RackKey, RackDraft> racks_;
  std::map<std::string, BusDraft> buses_;
};

/// Assets with the same key stand together. A station's name alone says little: backups of
/// several plants may use it.
using StationKey =
    std::tuple<std::string, std::string, std::string, std::string, std::string, store::AssetId>;
StationKey key_of(const StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const bool in_station =
      !record.station.empty() && (!record.bus.empty() || (record.rack && record.slot));
  return in_station
             ? StationKey{asset.site, asset.area, record.station, asset.shown.path, asset.sensor, 0}
             : StationKey{asset.site, asset.area,   std::string(title_of(asset)),
                          {},         asset.sensor, asset.asset_id};
}

std::size_t count(const std::vector<Module>& modules) {
  std::size_t sum = modules.size();
  for (const auto& module : modules) {
    sum += module.parts.size();
  }
  return sum;
}

std::optional<Difference::Kind> kind_from(std::string_view text) {
  for (const auto kind :
       {Difference::Kind::missing, Difference::Kind::unplanned, Difference::Kind::vendor,
        Difference::Kind::model, Difference::Kind::order_id, Difference::Kind::serial_number,
        Difference::Kind::firmware_version}) {
    if (to_string(kind) == text) {
      return kind;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(From from) {
  switch (from) {
    case From::project: return "project file";
    case From::device: return "device";
    case From::both: break;
  }
  return "project file and device";
}

From from_of(const StoredAsset& asset) {
  if (asset.configured && asset.observed()) {
    return From::both;
  }
  return asset.observed() ? From::device : From::project;
}

std::string_view title_of(const StoredAsset& asset) {
  const auto& record = asset.shown.record;
  const auto* primary = primary_interface(record.interfaces);
  return first_of({record.name, record.hardware.product_name, record.hardware.model, record.station,
                   primary == nullptr ? std::string_view() : std::string_view(primary->address),
                   "device without a name"});
}

std::vector<Difference> differences_of(const StoredAsset& asset) {
  if (asset.sides) {
    return agent::differences(*asset.sides);
  }
  std::vector<Difference> found;
  for (const auto& stated : asset.stated) {
    if (const auto kind = kind_from(stated.kind)) {
      found.push_back({*kind, stated.place, stated.configured, stated.observed});
    }
  }
  return found;
}

std::size_t Station::modules() const {
  std::size_t sum = 0;
  for (const auto& rack : racks) {
    sum += count(rack.modules);
  }
  for (const auto& bus : buses) {
    for (const auto& member : bus.members) {
      sum += (member.has_head ? 1 : 0) + count(member.modules);
    }
  }
  return sum;
}

std::vector<Station> stations_of(const std::vector<StoredAsset>& assets) {
  std::map<StationKey, std::vector<const StoredAsset*>> groups;
  for (const auto& asset : assets) {
    groups[key_of(asset)].push_back(&asset);
  }
  std::vector<Station> stations;
  stations.reserve(groups.size());
  for (auto& [key, members] : groups) {
    std::sort(members.begin(), members.end(),
              [](const auto* a, const auto* b) { return a->asset_id < b->asset_id; });
    stations.push_back(StationBuilder().take(members));
  }
  return stations;
}

}  // namespace ot::agent::plant_report
