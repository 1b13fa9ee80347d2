#include "agent/side_difference.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "agent/place.hpp"
#include "base/text.hpp"
#include "store/places.hpp"

namespace ot::agent {
namespace {

using Kind = Difference::Kind;

struct KindName {
  std::string_view for_programs;
  std::string_view for_people;
};
/// In the order of the enumeration.
constexpr std::array<KindName, 7> kNames = {{
    {"missing", "missing in the rack"},
    {"unplanned", "not in the project"},
    {"vendor", "vendor"},
    {"model", "model"},
    {"orderId", "order number"},
    {"serialNumber", "serial number"},
    {"firmwareVersion", "firmware"},
}};

const KindName& name_of(Kind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

/// Spelling that differs from tool to tool: "V2.0" is "2.0", blanks are none.
std::string level(std::string_view text, bool version) {
  std::string value = to_lower_ascii(text);
  std::erase(value, ' ');
  return version && value.starts_with('v') ? value.substr(1) : value;
}

bool differ(std::string_view a, std::string_view b, bool version = false) {
  return !a.empty() && !b.empty() && level(a, version) != level(b, version);
}

/// "Siemens" and "Siemens AG" are one.
bool other_vendor(std::string_view a, std::string_view b) {
  const auto shorter = std::min(a.size(), b.size());
  return differ(a.substr(0, shorter), b.substr(0, shorter));
}

/// Some devices give their order number as their model.
template <class Record>
bool other_model(const Record& a, const Record& b) {
  const bool crossed = (!a.order_id.empty() && !differ(a.order_id, b.hardware.model)) ||
                       (!b.order_id.empty() && !differ(a.hardware.model, b.order_id));
  return differ(a.hardware.model, b.hardware.model) && !crossed;
}

std::string module_text(const AddOn& module) {
  for (const auto* text : {&module.order_id, &module.hardware.model, &module.name,
                           &module.hardware.product_name, &module.type_id}) {
    if (!text->empty()) {
      return *text;
    }
  }
  return "a module";
}

class Comparison {
 public:
  explicit Comparison(const store::Sides& sides) : sides_(sides) {}

  std::vector<Difference> take() {
    compare({}, sides_.configured, sides_.observed);
    compare_modules();
    return std::move(found_);
  }

 private:
  struct Pair {
    const AddOn* configured = nullptr;
    const AddOn* observed = nullptr;
  };
  using Modules = std::map<std::pair<Place, std::string>, Pair>;

  void add(Kind kind, const std::string& place, std::string configured, std::string observed) {
    found_.push_back({kind, place, std::move(configured), std::move(observed)});
  }

  template <class Record>
  void compare(const std::string& place, const Record& configured, const Record& observed) {
    const auto& planned = configured.hardware;
    const auto& real = observed.hardware;
    if (differ(configured.order_id, observed.order_id)) {
      add(Kind::order_id, place, configured.order_id, observed.order_id);
    } else if (other_model(configured, observed)) {
      add(Kind::model, place, planned.model, real.model);
    } else if (other_vendor(planned.vendor, real.vendor)) {
      add(Kind::vendor, place, planned.vendor, real.vendor);
    }
    if (differ(configured.serial_number, observed.serial_number)) {
      add(Kind::serial_number, place, configured.serial_number, observed.serial_number);
    }
    if (differ(configured.firmware_version, observed.firmware_version, true)) {
      add(Kind::firmware_version, place, configured.firmware_version, observed.firmware_version);
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
    sort_in(modules, sides_.configured, &Pair::configured);
    sort_in(modules, sides_.observed, &Pair::observed);
    std::set<std::string> seen_buses;
    for (const AddOn& add_on : sides_.observed.add_ons) {
      seen_buses.insert(add_on.bus);
    }
    for (const auto& [key, pair] : modules) {
      const std::string place = place_text(key.first);
      if (pair.configured == nullptr) {
        add(Kind::unplanned, place, {}, module_text(*pair.observed));
      } else if (pair.observed != nullptr) {
        compare(place, *pair.configured, *pair.observed);
      } else if (sides_.all_seen && seen_buses.contains(pair.configured->bus)) {
        add(Kind::missing, place, module_text(*pair.configured), {});
      }
    }
  }

  const store::Sides& sides_;
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> differences(const store::Sides& sides) {
  return Comparison(sides).take();
}

std::string_view to_string(Difference::Kind kind) {
  return name_of(kind).for_programs;
}

std::string words(const Difference& difference) {
  const auto place = difference.place.empty() ? std::string() : difference.place + ": ";
  const auto what = name_of(difference.kind).for_people;
  switch (difference.kind) {
    case Kind::missing:
      return fmt::format("{}{}; the project has \"{}\"", place, what, difference.configured);
    case Kind::unplanned:
      return fmt::format("{}{}; the device has \"{}\"", place, what, difference.observed);
    default: break;
  }
  return fmt::format("{}{} \"{}\", in the project \"{}\"", place, what, difference.observed,
                     difference.configured);
}

}  // namespace ot::agent
