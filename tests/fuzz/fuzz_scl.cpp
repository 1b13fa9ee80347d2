#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "parsers/parser.hpp"
#include "parsers/scl/scl.hpp"

namespace ot::parsers::scl {
extern const Parser module;
}

namespace {

constexpr std::size_t kLongestField = 1024;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void check_text(std::string_view text) {
  require(ot::is_utf8(text) && text.size() <= kLongestField);
}

void check_hardware(const ot::Hardware& hardware) {
  check_text(hardware.vendor);
  check_text(hardware.model);
  require(hardware.product_name.empty());
}

void check_interface(const ot::Interface& interface) {
  check_text(interface.name);
  check_text(interface.network);
  for (const auto* address : {&interface.address, &interface.subnet_mask, &interface.gateway}) {
    require(address->size() <= 15 && !address->starts_with("127."));
  }
  require(interface.mac_address.empty() || interface.mac_address.size() == 17);
}

void check_details(const std::vector<ot::Detail>& details) {
  for (const auto& detail : details) {
    check_text(detail.value);
    require(!detail.name.empty() && !detail.value.empty());
  }
}

void check_asset(const ot::Asset& asset) {
  for (const auto* text : {&asset.name, &asset.type_id, &asset.order_id, &asset.serial_number,
                           &asset.firmware_version}) {
    check_text(*text);
  }
  check_hardware(asset.hardware);
  check_details(asset.details);
  for (const auto& interface : asset.interfaces) {
    check_interface(interface);
  }
  for (const auto& add_on : asset.add_ons) {
    require(add_on.unit_address.size() == 1);
    check_hardware(add_on.hardware);
  }
}

void check_project(const ot::Project& project, const ot::parsers::Limits& limits) {
  std::size_t records = 0;
  for (const auto& asset : project.assets) {
    check_asset(asset);
    records += 1 + asset.add_ons.size();
  }
  require(records <= limits.records && project.warnings.size() <= limits.warnings + 1);
  check_details(project.details);
  check_text(project.project_name);
  check_text(project.engineering_tool_name);
  check_text(project.exported_text);
  for (const auto& warning : project.warnings) {
    require(ot::is_utf8(warning.message));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  ot::parsers::Limits limits;
  limits.depth = 32;
  limits.records = 64;
  limits.warnings = 4;
  const auto& parser = ot::parsers::scl::module;
  const auto head = bytes.substr(0, ot::parsers::kSampleSize);
  const bool by_content = parser.claims({"a.xml", head, head, size});
  require(!by_content || parser.claims({"a.scd", head, head, size}));
  require(!ot::parsers::scl::is_scl(head) || by_content);
  const auto project = parser.parse({"a.scd", bytes, nullptr}, limits);
  if (project) {
    check_project(*project, limits);
  } else {
    require(ot::is_utf8(project.error().message()) && !project.error().message().empty());
    // What is well-formed for our own reader must be so for the library too.
    require(!project.error().message().starts_with("no XML tree"));
  }
  return 0;
}
