#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace ot::parsers::step7 {

/// The attributes that are read; all others of the open-ended set are passed over.
enum class Key : std::uint8_t {
  asset_id,
  mac_address,
  ip_address,
  subnet_mask,
  router_address,
  ip_active,
  iso_active,
  router_active,
  linked_subnet,
  device_name,
  profibus_address,
  mpi_address,
  mlfb,
  pn_sw_release,
  net_id,
  subnet_name,
  none,  ///< any other
};
constexpr std::size_t kKeys = static_cast<std::size_t>(Key::none);

/// The names' lengths: one bit a length, under the first letter. Part of key_named().
extern const std::array<std::uint32_t, 256> kKeyLengths;
/// Part of key_named().
Key key_among_known(std::string_view name);

/// The key that is read under this name, or Key::none. Most attributes of a file are
/// layout and raw parameters: length and first letter tell those without comparing.
inline Key key_named(std::string_view name) {
  if (name.empty() || name.size() >= 32 ||
      (kKeyLengths[static_cast<unsigned char>(name[0])] >> name.size() & 1) == 0) {
    return Key::none;
  }
  return key_among_known(name);
}

}  // namespace ot::parsers::step7
