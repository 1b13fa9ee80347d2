#include "parsers/digsi5/devices.hpp"

#include <algorithm>

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

bool same_product(const Asset& a, const Asset& b) {
  return a.order_id.empty() || b.order_id.empty() || a.order_id == b.order_id;
}

}  // namespace

void Devices::add(Asset device, std::string_view member, Warnings& warnings) {
  // What a merge adds is not counted twice, what it drops still counts: a ceiling needs no more.
  records_ += 1 + device.add_ons.size();
  if (device.name.empty() || !merged(device, member, warnings)) {
    auto& namesakes = by_name_[device.name];
    if (namesakes.size() < kNamesakes) {
      namesakes.push_back(known_.size());
    }
    known_.push_back({std::move(device), std::string(member)});
  }
}

bool Devices::merged(Asset& device, std::string_view member, Warnings& warnings) {
  const auto namesakes = by_name_.find(device.name);
  if (namesakes == by_name_.end()) {
    return false;
  }
  for (const auto index : namesakes->second) {
    auto& [asset, first] = known_[index];
    if (first == member) {
      continue;  // two devices of a name in one document: the SCL reader has its say on that
    }
    if (same_product(asset, device)) {
      join(Merge{shown(device.name), first, std::string(member), warnings}, asset,
           std::move(device));
      return true;
    }
    warnings.add(fmt::format("device \"{}\" is {} in {} but {} in {}; both are kept",
                             shown(device.name), shown(asset.order_id), first,
                             shown(device.order_id), member));
  }
  return false;
}

std::vector<Asset> Devices::take() {
  std::vector<Asset> assets;
  assets.reserve(known_.size());
  for (auto& [asset, member] : known_) {
    assets.push_back(std::move(asset));
  }
  known_.clear();
  by_name_.clear();
  return assets;
}

}  // namespace ot::parsers::digsi5
