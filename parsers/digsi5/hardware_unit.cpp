#include "parsers/digsi5/hardware_unit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "parsers/digsi5/names.hpp"
#include "parsers/scl/grammar.hpp"

namespace ot::parsers::digsi5 {
namespace {

/// Whether a text is made like a pattern: '0' stands for any digit, 'A' for any
/// capital letter, everything else for itself.
bool is_like(std::string_view text, std::string_view pattern) {
  return std::equal(text.begin(), text.end(), pattern.begin(), pattern.end(), [](char c, char p) {
    const bool digit = c >= '0' && c <= '9';
    const bool capital = c >= 'A' && c <= 'Z';
    return p == '0' ? digit : p == 'A' ? capital : c == p;
  });
}

bool is_short_product_code(std::string_view text) {
  constexpr std::string_view kLongest = "P1A0000000";
  constexpr std::size_t kShortest = 7;
  return text.size() >= kShortest && is_like(text, kLongest.substr(0, text.size()));
}

bool is_serial_number(std::string_view text) {
  return is_like(text, "BF0000000000") || is_like(text, "BM0000000000");
}

bool is_version(std::string_view text) {
  return is_like(text, "V00.00") || is_like(text, "V00.00.00");
}

bool is_any(std::string_view) {
  return true;
}

struct Rule {
  std::string_view local_name;
  std::string_view what;
  bool (*valid)(std::string_view);
};

/// In the order of HardwareUnit::Field.
constexpr std::array<Rule, 5> kRules = {{
    {"ProductCode", "product code", scl::is_long_product_code},
    {"ShortProductCode", "short product code", is_short_product_code},
    {"SerialNumber", "serial number", is_serial_number},
    {"FirmwareVersion", "firmware version", is_version},
    {"DisplayName", "name", is_any},
}};

}  // namespace

std::optional<HardwareUnit::Field> HardwareUnit::field_of(std::string_view local_name) {
  const auto found = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& rule) {
    return equals_ignoring_case(rule.local_name, local_name);
  });
  return found == kRules.end() ? std::nullopt
                               : std::optional(static_cast<Field>(found - kRules.begin()));
}

void HardwareUnit::put(Field field, std::string_view value) {
  auto& known = values_[static_cast<std::size_t>(field)];
  if (known.text.empty()) {
    known.text = value;
  } else if (!value.empty() && known.text != value) {
    known.disputed = true;
  }
}

bool HardwareUnit::is_hardware() const {
  return !value(Field::product_code).text.empty() ||
         !value(Field::short_product_code).text.empty() ||
         !value(Field::serial_number).text.empty();
}

bool HardwareUnit::is_device() const {
  const auto& code = value(Field::product_code);
  return !code.disputed && scl::is_long_product_code(code.text);
}

Asset HardwareUnit::asset(Warnings& warnings) const {
  Asset asset;
  asset.name = value(Field::display_name).text;
  asset.station = asset.name;
  asset.type_id = checked(Field::short_product_code, warnings);
  asset.order_id = value(Field::product_code).text;
  asset.serial_number = checked(Field::serial_number, warnings);
  asset.firmware_version = checked(Field::firmware_version, warnings);
  asset.hardware.vendor = "Siemens";
  asset.hardware.model = asset.order_id.substr(0, asset.order_id.find('-'));
  if (scl::is_siprotec_relay(asset.hardware.model)) {
    asset.hardware.category = Category::protection_relay;
  }
  asset.confidence = Confidence::schema;
  return asset;
}

std::string HardwareUnit::checked(Field field, Warnings& warnings) const {
  const auto& known = value(field);
  const auto& rule = kRules[static_cast<std::size_t>(field)];
  if (known.text.empty() || (!known.disputed && rule.valid(known.text))) {
    return known.text;
  }
  const auto& name = value(Field::display_name).text;
  const auto& device = name.empty() ? value(Field::product_code).text : name;
  warnings.add(fmt::format("device \"{}\": {} \"{}\" left out, it is {}", shown(device), rule.what,
                           shown(known.text),
                           known.disputed ? "one of several" : "not of the known form"));
  return {};
}

}  // namespace ot::parsers::digsi5
