#include "agent/bundle/replay_difference.hpp"

#include <array>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ot::agent::bundle {
namespace {

using Source = nlohmann::json;
/// By place and field.
using Values = std::map<std::pair<std::string, std::string>, std::string>;

std::string value_text(const Source& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string member(const Source& object, const char* name) {
  const auto found = object.find(name);
  const bool is_value = found != object.end() && (found->is_string() || found->is_number());
  return is_value ? value_text(*found) : std::string();
}

/// What an element of a list is known by: its number says nothing once another one is added.
std::string label_of(const Source& element, std::size_t number) {
  struct Name {
    const char* member;
    const char* label;
  };
  constexpr std::array kPlaces = {Name{"bus", ""},       Name{"slaveAddress", "address "},
                                  Name{"rack", "rack "}, Name{"unitAddress", "unit address "},
                                  Name{"slot", "slot "}, Name{"subslot", "sub-slot "}};
  std::string label;
  const bool has_unit = element.is_object() && element.contains("unitAddress");
  for (const auto& [name, text] : kPlaces) {
    // An EtherNet/IP slot is its unit address as well.
    const bool is_said = has_unit && std::string_view(name) == "slot";
    const auto value = element.is_object() && !is_said ? member(element, name) : std::string();
    if (!value.empty()) {
      label += fmt::format("{}{}{}", label.empty() ? "" : ", ", text, value);
    }
  }
  return label.empty() ? fmt::format("number {}", number + 1) : label;
}

std::string named_label(const Source& element, const std::string& list, std::size_t number) {
  for (const auto* name : {"name", "address", "ipAddress", "macAddress"}) {
    const auto value = element.is_object() ? member(element, name) : std::string();
    if (!value.empty()) {
      return fmt::format("{}.{}", list, value);
    }
  }
  return fmt::format("{}.{}", list, number + 1);
}

/// Its depth is bounded by that of parse_bounded().
void collect(const Source& value, const std::string& place, const std::string& field,
             Values& values) {
  if (value.is_object()) {
    for (const auto& [name, inner] : value.items()) {
      collect(inner, place, field.empty() ? name : field + "." + name, values);
    }
    return;
  }
  if (!value.is_array()) {
    values[{place, field}] = value_text(value);
    return;
  }
  std::map<std::string, std::size_t> counts;  // of those that are known by the same
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool are_add_ons = field == "addOns";
    auto inner_place = are_add_ons ? label_of(value[i], i) : place;
    if (const auto count = ++counts[inner_place]; are_add_ons && count > 1) {
      inner_place += count == 2 ? " (another)" : fmt::format(" (another, {})", count);
    }
    if (are_add_ons) {
      values[{inner_place, ""}] = "there";
    }
    collect(value[i], inner_place, are_add_ons ? "" : named_label(value[i], field, i), values);
  }
}

Values values_of(const Source& line) {
  Values values;
  for (const auto& [name, value] : line.items()) {
    if (name == "asset") {
      collect(value, "", "", values);
    } else if (name != "time" && name != "area" && name != "target" && name != "protocol") {
      collect(value, "", name, values);
    }
  }
  return values;
}

}  // namespace

std::vector<FieldChange> field_changes(const Source& before, const Source& after) {
  const auto old_values = values_of(before);
  const auto new_values = values_of(after);
  std::vector<FieldChange> changes;
  const auto add = [&changes](const auto& key, std::string was, std::string is) {
    const auto& [place, field] = key;
    changes.push_back({place, field.empty() ? "module" : field, std::move(was), std::move(is)});
  };
  for (const auto& [key, value] : old_values) {
    const auto found = new_values.find(key);
    if (found == new_values.end() || found->second != value) {
      add(key, value, found == new_values.end() ? std::string() : found->second);
    }
  }
  for (const auto& [key, value] : new_values) {
    if (!old_values.contains(key)) {
      add(key, std::string(), value);
    }
  }
  return changes;
}

}  // namespace ot::agent::bundle
