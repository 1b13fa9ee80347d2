#include "protocols/enip/tables.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "protocols/enip/code_name.hpp"
#include "protocols/enip/vendors.hpp"

namespace ot::protocols::enip {
namespace {

/// CIP volume 1, table 6-7.1.
constexpr std::array<CodeName, 45> kDeviceTypes = {{
    {0x00, "Generic Device (deprecated)"},
    {0x02, "AC Drive"},
    {0x03, "Motor Overload"},
    {0x04, "Limit Switch"},
    {0x05, "Inductive Proximity Switch"},
    {0x06, "Photoelectric Sensor"},
    {0x07, "General Purpose Discrete I/O"},
    {0x09, "Resolver"},
    {0x0C, "Communications Adapter"},
    {0x0E, "Programmable Logic Controller"},
    {0x10, "Position Controller"},
    {0x13, "DC Drive"},
    {0x15, "Contactor"},
    {0x16, "Motor Starter"},
    {0x17, "Soft Start"},
    {0x18, "Human-Machine Interface"},
    {0x1A, "Mass Flow Controller"},
    {0x1B, "Pneumatic Valve"},
    {0x1C, "Vacuum Pressure Gauge"},
    {0x1D, "Process Control Value"},
    {0x1E, "Residual Gas Analyzer"},
    {0x1F, "DC Power Generator"},
    {0x20, "RF Power Generator"},
    {0x21, "Turbomolecular Vacuum Pump"},
    {0x22, "Encoder"},
    {0x23, "Safety Discrete I/O Device"},
    {0x24, "Fluid Flow Controller"},
    {0x25, "CIP Motion Drive"},
    {0x26, "CompoNet Repeater"},
    {0x27, "Mass Flow Controller, Enhanced"},
    {0x28, "CIP Modbus Device"},
    {0x29, "CIP Modbus Translator"},
    {0x2A, "Safety Analog I/O Device"},
    {0x2B, "Generic Device (keyable)"},
    {0x2C, "Managed Ethernet Switch"},
    {0x2D, "CIP Motion Safety Drive Device"},
    {0x2E, "Safety Drive Device"},
    {0x2F, "CIP Motion Encoder"},
    {0x30, "CIP Motion Converter"},
    {0x31, "CIP Motion I/O"},
    {0x32, "ControlNet Physical Layer Component"},
    {0x33, "Circuit Breaker"},
    {0x34, "HART Device"},
    {0x35, "CIP-HART Translator"},
    {0xC8, "Embedded Component"},
}};
static_assert(std::ranges::is_sorted(kDeviceTypes, {}, &CodeName::code));

/// A known name, or the words in its place.
std::string name_or(std::string_view name, std::string words) {
  return name.empty() ? std::move(words) : std::string(name);
}

/// The part of the vendors' table where an id would be.
std::span<const CodeName> vendors_around(std::uint16_t vendor) {
  if (vendor <= 400) {
    return kVendorsTo400;
  }
  return vendor <= 800 ? std::span<const CodeName>(kVendorsTo800)
                       : std::span<const CodeName>(kVendorsFrom801);
}

}  // namespace

std::string vendor_name(std::uint16_t vendor) {
  if (vendor == kOmron) {
    return "Omron";  // as its controllers are called when they are asked by FINS
  }
  const auto name = find_name(vendors_around(vendor), vendor);
  return name_or(name, fmt::format("CIP vendor {}", vendor));
}

std::string device_type_name(std::uint16_t device_type) {
  return name_or(find_name(kDeviceTypes, device_type),
                 fmt::format("device type {:02X}", device_type));
}

Category category_of(std::uint16_t vendor, std::uint16_t device_type) {
  constexpr std::uint16_t kRockwellAnalog = 0x73;
  switch (device_type) {
    case 0x07: return Category::io;
    case 0x0C: return Category::communication;
    case kProgrammableLogicController: return Category::plc;
    case 0x18: return Category::hmi;
    case 0x2C: return Category::network_switch;
    case kRockwellAnalog: return vendor == kRockwell ? Category::io : Category::unknown;
    default: return Category::unknown;
  }
}

bool is_safety_controller(std::uint16_t device_type) {
  constexpr std::uint16_t kSafetyAnalog = 0x2A;
  constexpr std::uint16_t kMotionSafetyDrive = 0x2D;
  constexpr std::uint16_t kSafetyDrive = 0x2E;
  return device_type == kSafetyAnalog || device_type == kMotionSafetyDrive ||
         device_type == kSafetyDrive;
}

std::string_view safety_model(std::string_view product_name) {
  constexpr std::array<std::string_view, 4> kLogix = {"1756-L", "1768-L", "1769-L", "5069-L"};
  const auto model = product_name.substr(0, product_name.find_first_of(" /"));
  const auto series = std::ranges::find_if(
      kLogix, [model](std::string_view prefix) { return model.starts_with(prefix); });
  if (series == kLogix.end()) {
    return {};
  }
  const auto number = model.substr(series->size());
  const auto digits = std::min(number.find_first_not_of("0123456789"), number.size());
  const bool has_s = number.find('S', digits) != std::string_view::npos;
  return digits > 0 && has_s ? model : std::string_view();
}

}  // namespace ot::protocols::enip
