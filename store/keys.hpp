#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/records.hpp"
#include "store/store.hpp"

namespace ot::store {

/// What tells an asset from others, the strongest first. The numbers are stored.
enum class KeyKind : int {
  serial = 1,      ///< vendor, serial number
  mac = 2,         ///< a MAC that is no vendor's default
  chassis = 3,     ///< serial number of an EtherNet/IP chassis; no project file says it
  project_id = 4,  ///< the engineering tool's id of the object
  address = 5,     ///< site, area, IP address
  position = 6,    ///< site, area, folder of the file, station, place in it
};

/// Two assets with different keys of such a kind are never the same.
constexpr bool is_strong(KeyKind kind) {
  return kind <= KeyKind::project_id;
}

/// "serial", "mac", "chassis", "projectId", "address", "position"
std::string_view to_string(KeyKind kind);
std::optional<KeyKind> key_kind_from(std::string_view text);

struct Key {
  KeyKind kind = KeyKind::position;
  std::string value;

  bool operator==(const Key&) const = default;
};

/// "project id 083c17bb...": for warnings and the journal.
std::string describe(const Key& key);

/// The keys of a record of a project file, the strongest first, each once. The
/// last one is always its position.
std::vector<Key> keys_of(const Asset& record, const Place& place, std::string_view path);

/// The keys of what a device said. Its place is the address that answered; on a
/// line without addresses it is the line. A part's serial number is no key.
std::vector<Key> keys_of(const Observation& observation);

struct SentIdentity;

/// The keys of what another rackscout found. Places without site and area are its own: the same
/// address behind two gateways is two assets. Without any, its UUID there is its place.
std::vector<Key> keys_of(const SentIdentity& identity);

}  // namespace ot::store
