#include "parsers/step7/interfaces.hpp"

#include "base/number.hpp"

namespace ot::parsers::step7 {
namespace {

std::optional<std::uint64_t> hex_number(std::string_view text, std::size_t digits) {
  return text.size() == digits ? whole_number<std::uint64_t>(text, 16) : std::nullopt;
}

/// A node address as the file writes it, in decimal; 126 is the highest of PROFIBUS and MPI.
std::optional<std::uint32_t> node_address(Quoted text) {
  const auto value = whole_number<std::uint32_t>(std::string_view(text.data(), text.size()));
  return value <= 126u ? value : std::nullopt;
}

/// Most records of a station are of modules that are on no network themselves.
bool says_nothing(const Record& record) {
  return record[Key::ip_address].empty() && record[Key::mac_address].empty() &&
         record[Key::profibus_address].empty() && record[Key::mpi_address].empty() &&
         record[Key::device_name].empty() && !record.attachment.present;
}

bool has_address(const Interface& interface) {
  return !interface.address.empty() || !interface.mac_address.empty() ||
         interface.profibus_address || interface.mpi_address || !interface.device_name.empty();
}

}  // namespace

std::string dotted(std::string_view hex) {
  const auto value = hex_number(hex, 8);
  if (!value || *value == 0) {
    return {};
  }
  std::string text;
  for (const int shift : {24, 16, 8, 0}) {
    text += text.empty() ? "" : ".";
    text += std::to_string(*value >> shift & 255);
  }
  return text;
}

std::string mac_text(std::string_view hex) {
  if (!hex_number(hex, 12)) {
    return {};
  }
  const auto lower = to_lower_ascii(hex);
  std::string text;
  for (std::size_t i = 0; i < lower.size(); i += 2) {
    text += i == 0 ? "" : ":";
    text += lower.substr(i, 2);
  }
  return text;
}

bool is_default_mac(std::string_view mac_text) {
  return mac_text.starts_with("08:00:06:01:");
}

void InterfaceReader::add_subnet(const Record& record) {
  constexpr std::size_t kMostSubnets = 1000;
  if (type_of_subnet_.size() < kMostSubnets) {
    type_of_subnet_[text_of(record.head.name, page_)] = std::string(record.head.type);
  }
}

/// ROUTERACTIVE 0 repeats the own address in the router's field.
void InterfaceReader::read_ip(const Record& record, Interface& interface) const {
  interface.address = dotted(record[Key::ip_address]);
  if (interface.address.empty()) {
    return;
  }
  interface.subnet_mask = dotted(record[Key::subnet_mask]);
  const auto gateway = dotted(record[Key::router_address]);
  if (record[Key::router_active] != "0" && gateway != interface.address) {
    interface.gateway = gateway;
  }
}

/// PROFIBUSADDRESS "0" stands on modules that are on no bus at all.
void InterfaceReader::read_bus(const Record& record, Interface& interface) const {
  const auto known = type_of_subnet_.find(interface.network);
  const bool on_mpi = known != type_of_subnet_.end() && known->second == "MPI";
  const bool on_ethernet = known != type_of_subnet_.end() && known->second == "INDUSTRIAL_ETHERNET";
  const auto profibus = node_address(record[Key::profibus_address]);
  const bool master = record.head.kind == HeadKind::rack && record.attachment.present &&
                      record[Key::ip_address].empty();
  if (master && !on_ethernet) {
    interface.profibus_address = place(record.attachment.address);
  } else if (profibus && *profibus > 0 && !on_mpi && !on_ethernet) {
    interface.profibus_address = profibus;
  }
  if (!interface.profibus_address && !on_ethernet) {
    interface.mpi_address = node_address(record[Key::mpi_address]);
  }
}

std::optional<Interface> InterfaceReader::read(const Record& record, Owner owner) const {
  if (says_nothing(record)) {
    return std::nullopt;
  }
  Interface interface;
  interface.network = text_of(record[Key::linked_subnet], page_);
  if (interface.network.empty()) {
    interface.network = text_of(record.attachment.subnet, page_);
  }
  // An interface that no subnet is linked to holds default addresses.
  const bool linked = !interface.network.empty();
  if (record[Key::ip_active] != "0" && (linked || owner == Owner::io_device)) {
    read_ip(record, interface);
  }
  const auto mac = mac_text(record[Key::mac_address]);
  if (!is_default_mac(mac) || record[Key::iso_active] == "1") {
    interface.mac_address = mac;
  }
  if (linked) {
    read_bus(record, interface);
    interface.device_name = text_of(record[Key::device_name], page_);
  }
  if (!has_address(interface)) {
    return std::nullopt;
  }
  interface.name = text_of(record.head.name, page_);
  interface.slot = place(record.head.slot);
  interface.subslot = place(record.head.subslot);
  return interface;
}

}  // namespace ot::parsers::step7
