#include "parsers/scl/network.hpp"

#include <utility>

#include "parsers/scl/grammar.hpp"
#include "parsers/scl/tree.hpp"

namespace ot::parsers::scl {
namespace {

/// The MAC addresses of GSE and SMV are groups that a device sends to, and stand
/// elsewhere; here is only what the access point itself has.
void read_parameter(Interface& interface, pugi::xml_node parameter) {
  const auto type = attribute_of(parameter, "type");
  const auto value = text_of(parameter, kLongestName);
  if (type == "IP") {
    interface.address = ipv4(value).value_or("");
  } else if (type == "IP-SUBNET") {
    interface.subnet_mask = ipv4(value).value_or("");
  } else if (type == "IP-GATEWAY") {
    interface.gateway = ipv4(value).value_or("");
  } else if (type == "MAC-Address") {
    interface.mac_address = station_mac(value).value_or("");
  }
}

}  // namespace

Network::Network(pugi::xml_node scl) {
  for (const auto network : scl.child("Communication").children("SubNetwork")) {
    for (const auto access_point : network.children("ConnectedAP")) {
      Interface interface;
      interface.name = attribute_of(access_point, "apName");
      interface.network = attribute_of(network, "name");
      for (const auto parameter : access_point.child("Address").children("P")) {
        read_parameter(interface, parameter);
      }
      by_ied_[attribute_of(access_point, "iedName")].push_back(std::move(interface));
      ++size_;
    }
  }
}

std::vector<Interface> Network::take(std::string_view ied) {
  const auto found = by_ied_.find(ied);
  if (found == by_ied_.end()) {
    return {};
  }
  auto interfaces = std::move(found->second);
  by_ied_.erase(found);
  return interfaces;
}

std::vector<std::string_view> Network::names_left() const {
  std::vector<std::string_view> names;
  for (const auto& entry : by_ied_) {
    names.push_back(entry.first);
  }
  return names;
}

}  // namespace ot::parsers::scl
