#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ot {

/// A UUID as RFC 4122 lays it out: 16 bytes, big-endian.
struct Uuid {
  std::array<std::uint8_t, 16> bytes{};

  std::string text() const;  ///< "4da66005-911b-59b0-bb8d-193d3255af7e"
  bool operator==(const Uuid&) const = default;
};

/// Accepts upper and lower case, with dashes in their places.
std::optional<Uuid> parse_uuid(std::string_view text);

/// RFC 4122, 4.3: SHA-1 of the name space and the name.
Uuid uuid_v5(const Uuid& name_space, std::string_view name);

/// The name space of everything that rackscout identifies. It never changes:
/// every assetUuid, addOnUuid and fileUuid ever given out is derived from it.
extern const Uuid kRackscoutNamespace;

}  // namespace ot
