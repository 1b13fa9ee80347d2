#include "parsers/step7/type_id.hpp"

#include <vector>

#include "base/text.hpp"

namespace ot::parsers::step7 {
namespace {

constexpr std::string_view kSiemens = "Siemens";

constexpr bool is_prefix_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/// Drops "V1_1:", "DEFAULT:", "R1:" where an order number follows.
std::string_view without_catalogue_prefix(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string_view::npos) {
    return text;
  }
  for (const char c : text.substr(0, colon)) {
    if (!is_prefix_letter(c)) {
      return text;
    }
  }
  const auto rest = text.substr(colon + 1);
  return order_number_length(rest) > 0 ? rest : text;
}

TypeId from_order_number(std::string_view order_number) {
  TypeId type{.form = TypeForm::order_number, .order_id = without_blank(order_number)};
  auto facts = facts_of(type.order_id);
  type.module_class = facts.module_class;
  type.hardware = {.vendor = std::string(kSiemens),
                   .model = std::string(facts.family),
                   .product_name = std::move(facts.designation),
                   .category = category_of(facts.module_class)};
  return type;
}

bool is_internal(std::string_view text) {
  return text.starts_with("_S7H_") || text.starts_with("S7H_") || text.starts_with("_S7FDT_");
}

/// .GSD, .GSE, .GSF, .GSG, .GSI, .GSS: the letter tells the language.
bool ends_as_gsd(std::string_view file) {
  const auto lower = to_lower_ascii(file.substr(file.size() < 4 ? 0 : file.size() - 4));
  return lower.starts_with(".gs") && lower.size() == 4;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  parts.reserve(8);
  for (;;) {
    const auto at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + 1);
  }
}

bool all_of_hex(std::string_view text) {
  return text.find_first_not_of("0123456789ABCDEFabcdef") == std::string_view::npos;
}

bool all_of_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The vendor's own names of its families; no other is told apart.
Category category_of_family(std::string_view vendor, std::string_view family) {
  if (!equals_ignoring_case(vendor, kSiemens)) {
    return Category::unknown;
  }
  if (family.starts_with("SCALANCE_X")) {
    return Category::network_switch;
  }
  return family.starts_with("HMI") ? Category::hmi : Category::unknown;
}

/// GSDML-V2.4-<vendor>[-<vendor id>]-<family...>-<date>[-<time>].xml
TypeId from_gsdml(std::string_view text) {
  TypeId type{.form = TypeForm::gsdml};
  const auto lower = to_lower_ascii(text);
  auto parts = split(text.substr(0, lower.find(".xml")), '-');
  if (parts.size() < 4) {
    return type;
  }
  const auto vendor = parts[2];
  std::size_t first = 3;
  if (parts.size() > 4 && parts[3].size() == 4 && all_of_hex(parts[3])) {
    ++first;
  }
  std::size_t last = parts.size();
  while (last > first + 1 && all_of_digits(parts[last - 1])) {
    --last;
  }
  std::string family;
  for (std::size_t i = first; i < last; ++i) {
    family += family.empty() ? "" : "-";
    family += parts[i];
  }
  type.hardware = {.vendor = std::string(vendor),
                   .model = family,
                   .category = category_of_family(vendor, family)};
  return type;
}

TypeId from_gsd_module(std::string_view text) {
  TypeId type{.form = TypeForm::gsd_module, .continuation = text.starts_with('*')};
  if (type.continuation) {
    text.remove_prefix(1);
  }
  type.hardware.product_name = std::string(trim(text));
  return type;
}

/// META\PA139700.GSD\PA Profile 3 - Transmitter 1 AI, or META\SIEM80DA.GSE alone.
TypeId from_meta(std::string_view text) {
  const auto parts = split(text, '\\');
  if (parts.size() < 3) {
    return {.form = TypeForm::gsd_file};
  }
  TypeId type{.form = TypeForm::pa_device};
  type.hardware.product_name = std::string(text.substr(parts[0].size() + parts[1].size() + 2));
  return type;
}

TypeId by_form(std::string_view text) {
  const auto bare = without_catalogue_prefix(text);
  if (const auto length = order_number_length(bare); length > 0) {
    return from_order_number(bare.substr(0, length));
  }
  if (is_internal(text)) {
    return {.form = TypeForm::internal};
  }
  if (to_lower_ascii(text.substr(0, 6)) == "gsdml-") {
    return from_gsdml(text);
  }
  if (text.starts_with("META\\")) {
    return from_meta(text);
  }
  if (ends_as_gsd(text)) {
    return {.form = TypeForm::gsd_file};
  }
  return from_gsd_module(text);
}

}  // namespace

TypeId read_type_id(std::string text) {
  auto type = by_form(text);
  type.text = std::move(text);
  return type;
}

}  // namespace ot::parsers::step7
