#include "parsers/step7/keys.hpp"

namespace ot::parsers::step7 {
namespace {

struct NamedKey {
  std::string_view name;
  Key key;
};

constexpr std::array<NamedKey, kKeys> kNames = {{
    {"ASSET_ID", Key::asset_id},
    {"MACADDRESS", Key::mac_address},
    {"IPADDRESS", Key::ip_address},
    {"SUBNETMASK", Key::subnet_mask},
    {"ROUTERADDRESS", Key::router_address},
    {"IPACTIVE", Key::ip_active},
    {"ISOACTIVE", Key::iso_active},
    {"ROUTERACTIVE", Key::router_active},
    {"LINKED_SUBNETNAME", Key::linked_subnet},
    {"DEVICE_NAME", Key::device_name},
    {"PROFIBUSADDRESS", Key::profibus_address},
    {"MPI_ADDRESS", Key::mpi_address},
    {"MLFB", Key::mlfb},
    {"PN_SW_RELEASE", Key::pn_sw_release},
    {"NET_ID", Key::net_id},
    {"SUBNET_NAME", Key::subnet_name},
}};

constexpr std::array<std::uint32_t, 256> lengths_by_first_letter() {
  std::array<std::uint32_t, 256> lengths{};
  for (const auto& entry : kNames) {
    lengths[static_cast<unsigned char>(entry.name[0])] |= 1u << entry.name.size();
  }
  return lengths;
}

}  // namespace

constexpr std::array<std::uint32_t, 256> kKeyLengths = lengths_by_first_letter();

Key key_among_known(std::string_view name) {
  for (const auto& entry : kNames) {
    if (entry.name == name) {
      return entry.key;
    }
  }
  return Key::none;
}

}  // namespace ot::parsers::step7
