#include "parsers/scl/plug_ins.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "parsers/scl/grammar.hpp"
#include "parsers/scl/tree.hpp"

namespace ot::parsers::scl {
namespace {

constexpr std::string_view kPort = "Port";
constexpr std::string_view kOnboard = "Onboard Ethernet";

void add_onboard_port(Asset& asset, std::string_view port) {
  const bool known =
      std::any_of(asset.interfaces.begin(), asset.interfaces.end(),
                  [&](const Interface& interface) { return interface.name == port; });
  if (!known) {
    Interface interface;
    interface.name = port;
    asset.interfaces.push_back(std::move(interface));
  }
}

void add_module(Asset& asset, std::string_view port, std::string_view module) {
  const bool known = std::any_of(asset.add_ons.begin(), asset.add_ons.end(),
                                 [&](const AddOn& add_on) { return add_on.unit_address == port; });
  if (known) {
    return;
  }
  AddOn add_on;
  add_on.name = module;
  add_on.unit_address = port;
  add_on.hardware.vendor = asset.hardware.vendor;
  add_on.hardware.model = module;
  add_on.hardware.category = module_category(module);
  asset.add_ons.push_back(std::move(add_on));
}

/// PortF_Channel1 and PortF_MU1 are parts of what PortF names: their inst is longer.
void read_port(pugi::xml_node device, Asset& asset) {
  const auto inst = attribute_of(device, "inst");
  const auto desc = attribute_of(device, "desc");
  if (inst.size() != kPort.size() + 1 || !inst.starts_with(kPort)) {
    return;
  }
  const auto port = inst.substr(kPort.size());
  if (port[0] < 'A' || port[0] > 'Z' || desc.size() < 3 || !desc.starts_with(port) ||
      desc[1] != ':') {
    return;
  }
  const auto module = trim(desc.substr(2));
  if (equals_ignoring_case(module, kOnboard)) {
    add_onboard_port(asset, port);
  } else if (!module.empty()) {
    add_module(asset, port, module);
  }
}

}  // namespace

void read_plug_ins(pugi::xml_node ied, Asset& asset) {
  for (const auto access_point : ied.children("AccessPoint")) {
    for (const auto device : access_point.child("Server").children("LDevice")) {
      read_port(device, asset);
    }
  }
}

}  // namespace ot::parsers::scl
