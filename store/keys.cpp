#include "store/keys.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/identity.hpp"

namespace ot::store {
namespace {

/// In the order of the numbers of KeyKind.
constexpr std::array<std::string_view, 6> kKindNames = {"serial",    "mac",     "chassis",
                                                        "projectId", "address", "position"};

// Between the parts of a value; no part holds it.
constexpr char kBetween = '\n';

std::string joined(std::initializer_list<std::string_view> parts) {
  return fmt::format("{}", fmt::join(parts, "\n"));
}

/// The text as a part of a key: spelling that means nothing is levelled.
std::string part(std::string_view text) {
  std::string value = to_lower_ascii(trim(text));
  std::replace(value.begin(), value.end(), kBetween, ' ');
  return value;
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_all_zero(std::string_view text) {
  return text.find_first_not_of("0-{}:. ") == std::string_view::npos;
}

/// Empty, all zeros, or "0x00000000" and "0xffffffff": memory that nobody wrote.
bool is_unset_serial(std::string_view text) {
  const std::string value = part(text);
  if (!value.starts_with("0x")) {
    return is_all_zero(value);
  }
  const std::string_view digits = std::string_view(value).substr(2);
  return is_all_zero(digits) || digits.find_first_not_of('f') == std::string_view::npos;
}

/// The 12 digits of a MAC; empty when the text is none.
std::string mac_digits(std::string_view text) {
  std::string digits = part(text);
  std::erase_if(digits, [](char c) { return c == ':' || c == '-' || c == '.'; });
  return digits.size() == 12 && is_hex(digits) ? digits : std::string();
}

/// Says nothing about one device: unset, a group's, or the one that STEP 7
/// gives to every new interface.
bool is_default_mac(std::string_view digits) {
  const bool group = std::string_view("13579bdf").find(digits[1]) != std::string_view::npos;
  return group || is_all_zero(digits) || digits.starts_with("08000601");
}

std::string position_of(const Asset& record) {
  if (record.device_number) {
    return joined({part(record.bus), fmt::format("device {}", *record.device_number)});
  }
  std::string text;
  if (record.rack) {
    text += fmt::format("rack {}", *record.rack);
  }
  if (record.slot) {
    text += fmt::format("{}slot {}", text.empty() ? "" : " ", *record.slot);
  }
  return text;
}

/// Folder, station and place. A record without any name is known by its file's.
std::string position_key(const Asset& record, const Place& place, std::string_view path) {
  const auto slash = path.rfind('/') + 1;
  std::string folder(path.substr(0, slash));
  std::replace(folder.begin(), folder.end(), kBetween, ' ');
  const std::string& name = record.station.empty() ? record.name : record.station;
  return joined({part(place.site), part(place.area), folder,
                 name.empty() ? part(path.substr(slash)) : part(name), position_of(record)});
}

class Keys {
 public:
  void add(KeyKind kind, std::string value) {
    Key key{kind, std::move(value)};
    if (std::find(keys_.begin(), keys_.end(), key) == keys_.end()) {
      keys_.push_back(std::move(key));
    }
  }
  std::size_t count() const { return keys_.size(); }
  std::vector<Key> take() { return std::move(keys_); }

 private:
  std::vector<Key> keys_;
};

void add_serial(const Asset& record, Keys& keys) {
  // A serial number is unique within its maker's products alone.
  if (!record.hardware.vendor.empty() && !is_unset_serial(record.serial_number)) {
    keys.add(KeyKind::serial, joined({part(record.hardware.vendor), part(record.serial_number)}));
  }
}

void add_macs(const Asset& record, Keys& keys) {
  for (const Interface& item : record.interfaces) {
    const std::string digits = mac_digits(item.mac_address);
    if (!digits.empty() && !is_default_mac(digits)) {
      keys.add(KeyKind::mac, digits);
    }
  }
}

void add_address(const Interface& item, const Place& place, Keys& keys) {
  const std::string address = part(item.address);
  if (!is_all_zero(address)) {
    keys.add(KeyKind::address, joined({part(place.site), part(place.area), address}));
  }
}

}  // namespace

std::string_view to_string(KeyKind kind) {
  return kKindNames[static_cast<std::size_t>(kind) - 1];
}
std::optional<KeyKind> key_kind_from(std::string_view text) {
  const auto* found = std::find(kKindNames.begin(), kKindNames.end(), text);
  return found == kKindNames.end()
             ? std::nullopt
             : std::optional(static_cast<KeyKind>(found - kKindNames.begin() + 1));
}

std::string describe(const Key& key) {
  std::string value = key.value;
  std::replace(value.begin(), value.end(), kBetween, ' ');
  switch (key.kind) {
    case KeyKind::serial: return "serial number " + value;
    case KeyKind::mac: return "MAC " + value;
    case KeyKind::chassis: return "chassis " + value;
    case KeyKind::project_id: return "project id " + value;
    case KeyKind::address: return "address " + std::string(trim(value));
    case KeyKind::position: break;
  }
  return "position " + std::string(trim(value));
}

std::vector<Key> keys_of(const Asset& record, const Place& place, std::string_view path) {
  Keys keys;
  add_serial(record, keys);
  add_macs(record, keys);
  if (!is_all_zero(record.project_asset_id)) {
    keys.add(KeyKind::project_id, part(record.project_asset_id));
  }
  for (const Interface& item : record.interfaces) {
    add_address(item, place, keys);
  }
  keys.add(KeyKind::position, position_key(record, place, path));
  return keys.take();
}

std::vector<Key> keys_of(const SentIdentity& identity) {
  constexpr char kOfSensor = '@';
  Keys keys;
  for (const Key& key : identity.keys) {
    const bool placeless = key.value.starts_with("\n\n");
    if (!is_strong(key.kind) && (placeless || key.value.starts_with(kOfSensor))) {
      const auto rest = std::string_view(key.value).substr(placeless ? 0 : 1);
      keys.add(key.kind, fmt::format("{}{}{}{}", kOfSensor, part(identity.sensor),
                                     placeless ? "" : "/", rest));
    } else {
      keys.add(key.kind, key.value);
    }
  }
  if (keys.count() == 0) {
    keys.add(KeyKind::position,
             fmt::format("{}{}\n\n{}", kOfSensor, part(identity.sensor), identity.uuid.text()));
  }
  return keys.take();
}

std::vector<Key> keys_of(const Observation& observation) {
  const Asset& record = observation.record;
  const Place& place = observation.place;
  Keys keys;
  if (!observation.of_part) {
    add_serial(record, keys);
  }
  add_macs(record, keys);
  if (!is_unset_serial(observation.chassis_serial)) {
    keys.add(KeyKind::chassis, part(observation.chassis_serial));
  }
  const std::size_t strong = keys.count();
  if (!record.interfaces.empty()) {
    // Where it answered. Spare Ethernet units repeat their default addresses.
    add_address(record.interfaces.front(), place, keys);
  }
  if (keys.count() == strong) {
    keys.add(KeyKind::position,
             joined({part(place.site), part(place.area), "observed", trim(observation.target)}));
  }
  return keys.take();
}

}  // namespace ot::store
