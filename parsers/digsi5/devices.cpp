#include "parsers/digsi5/devices.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parsers/digsi5/names.hpp"

namespace ot::parsers::digsi5 {
namespace {

// More devices of one name than these are not compared with each other.
constexpr std::size_t kNamesakes = 16;

/// One device as two members tell of it.
struct Merge {
  std::string device;
  std::string first;   // member
  std::string second;  // member
  Warnings& warnings;

  void text(std::string_view what, std::string& kept, const std::string& other) const {
    if (kept.empty()) {
      kept = other;
    } else if (!other.empty() && kept != other) {
      warnings.add(
          fmt::format("device \"{}\": {} is \"{}\" in {} but \"{}\" in {}; the first is kept",
                      device, what, shown(kept), first, shown(other), second));
    }
  }

  /// What only the second one knows is added, what both know is compared.
  template <class Item, class Same, class Join>
  void list(std::vector<Item>& kept, std::vector<Item>&& others, Same same, Join join) const {
    for (auto& other : others) {
      const auto found = std::find_if(kept.begin(), kept.end(),
                                      [&](const Item& item) { return same(item, other); });
      if (found == kept.end()) {
        kept.push_back(std::move(other));
      } else {
        join(*found, other);
      }
    }
  }
};

void join_add_ons(const Merge& merge, Asset& kept, Asset& other) {
  merge.list(
      kept.add_ons, std::move(other.add_ons),
      [](const AddOn& a, const AddOn& b) {
        return a.unit_address == b.unit_address && a.bus == b.bus && a.slot == b.slot;
      },
      [&](AddOn& a, const AddOn& b) {
        merge.text(fmt::format("the module at {}", shown(a.unit_address)), a.type_id, b.type_id);
      });
}

void join_interfaces(const Merge& merge, Asset& kept, Asset& other) {
  merge.list(
      kept.interfaces, std::move(other.interfaces),
      [](const Interface& a, const Interface& b) { return a.name == b.name; },
      [&](Interface& a, const Interface& b) {
        merge.text(fmt::format("the address of {}", shown(a.name)), a.address, b.address);
        merge.text(fmt::format("the mask of {}", shown(a.name)), a.subnet_mask, b.subnet_mask);
        merge.text(fmt::format("the gateway of {}", shown(a.name)), a.gateway, b.gateway);
      });
}

void join_details(const Merge& merge, Asset& kept, Asset& other) {
  merge.list(
      kept.details, std::move(other.details),
      [](const Detail& a, const Detail& b) { return a.name == b.name; },
      [&](Detail& a, const Detail& b) { merge.text(shown(a.name), a.value, b.value); });
}

void join(const Merge& merge, Asset& kept, Asset&& other) {
  merge.text("the product code", kept.order_id, other.order_id);
  merge.text("the firmware version", kept.firmware_version, other.firmware_version);
  merge.text("the serial number", kept.serial_number, other.serial_number);
  merge.text("the vendor", kept.hardware.vendor, other.hardware.vendor);
  merge.text("the model", kept.hardware.model, other.hardware.model);
  join_add_ons(merge, kept, other);
  join_interfaces(merge, kept, other);
  join_details(merge, kept, other);
}

/// What a less sure source adds bears its own mark: the asset's confidence
/// stands for all that has none.
void supplement(const Merge& merge, Asset& kept, const Asset& other) {
  struct Row {
    std::string_view what;
    std::string Asset::*field;
    const char* detail;
  };
  constexpr std::array<Row, 2> kRows = {{
      {"the serial number", &Asset::serial_number, "serialNumberFrom"},
      {"the firmware version", &Asset::firmware_version, "firmwareVersionFrom"},
  }};
  for (const auto& [what, field, detail] : kRows) {
    const bool added = (kept.*field).empty() && !(other.*field).empty();
    merge.text(what, kept.*field, other.*field);
    if (added) {
      kept.details.push_back({detail, merge.second, other.confidence});
    }
  }
  if (!other.type_id.empty() && other.type_id != kept.type_id) {
    kept.details.push_back({"shortProductCode", other.type_id, other.confidence});
  }
}

bool is_less_sure(const Asset& device) {
  return device.confidence != Confidence::confirmed;
}

/// A sure source may leave the product code open, another one must name the same.
bool same_product(const Asset& known, const Asset& other) {
  const bool open = known.order_id.empty() || other.order_id.empty();
  return known.order_id == other.order_id || (open && !is_less_sure(other));
}

std::string product_of(const Asset& device) {
  return device.order_id.empty() ? "without a product code" : shown(device.order_id);
}

std::string digsi_name(const Asset& device) {
  const auto found = std::find_if(device.details.begin(), device.details.end(),
                                  [](const Detail& d) { return d.name == "digsiDeviceName"; });
  return found == device.details.end() ? std::string() : found->value;
}

}  // namespace

void Devices::add(Asset device, std::string_view member, Warnings& warnings) {
  // What a merge adds is not counted twice, what it drops still counts: a ceiling needs no more.
  records_ += 1 + device.add_ons.size();
  place(std::move(device), member, warnings);
}

void Devices::add_last(Asset device, std::string_view member) {
  records_ += 1 + device.add_ons.size();
  last_.push_back({std::move(device), std::string(member)});
}

void Devices::place(Asset device, std::string_view member, Warnings& warnings) {
  if (!device.name.empty() && merged(device, member, warnings)) {
    return;
  }
  const auto enter = [&](Index& index, const std::string& name) {
    auto& places = index[name];
    if (places.size() < kNamesakes) {
      places.push_back(known_.size());
    }
  };
  enter(by_name_, device.name);
  if (const auto other_name = digsi_name(device); !other_name.empty()) {
    enter(by_digsi_name_, other_name);
  }
  known_.push_back({std::move(device), std::string(member)});
}

/// An IED bears another name than the DIGSI device that it is; SCL knows both.
std::vector<std::size_t> Devices::namesakes(const Asset& device) const {
  std::vector<std::size_t> places;
  const auto collect = [&](const Index& index) {
    if (const auto found = index.find(device.name); found != index.end()) {
      places.insert(places.end(), found->second.begin(), found->second.end());
    }
  };
  collect(by_name_);
  if (is_less_sure(device)) {
    collect(by_digsi_name_);
    std::sort(places.begin(), places.end());
    places.erase(std::unique(places.begin(), places.end()), places.end());
  }
  return places;
}

bool Devices::merged(Asset& device, std::string_view member, Warnings& warnings) {
  for (const auto place : namesakes(device)) {
    auto& [asset, first] = known_[place];
    if (first == member) {
      continue;  // two devices of a name in one document: its reader has its say on that
    }
    if (same_product(asset, device)) {
      const Merge merge{shown(device.name), first, std::string(member), warnings};
      if (is_less_sure(device) && !is_less_sure(asset)) {
        supplement(merge, asset, device);
      } else {
        join(merge, asset, std::move(device));
      }
      return true;
    }
    warnings.add(fmt::format("device \"{}\" is {} in {} but {} in {}; both are kept",
                             shown(device.name), product_of(asset), first, product_of(device),
                             member));
  }
  return false;
}

std::vector<Asset> Devices::take(Warnings& warnings) {
  for (auto& [device, member] : last_) {
    place(std::move(device), member, warnings);
  }
  std::vector<Asset> assets;
  assets.reserve(known_.size());
  for (auto& [asset, member] : known_) {
    assets.push_back(std::move(asset));
  }
  known_.clear();
  last_.clear();
  by_name_.clear();
  by_digsi_name_.clear();
  return assets;
}

}  // namespace ot::parsers::digsi5
