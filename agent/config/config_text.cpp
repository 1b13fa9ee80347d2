#include "agent/config/config_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/config/keys.hpp"

namespace ot::agent {
namespace {

/// A basic string of TOML. Control characters are escaped; a configuration that
/// was read has valid UTF-8 only.
std::string toml_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      quoted += fmt::format("\\u{:04X}", byte);
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

void write_table(const Json& table, std::string_view name, bool repeats, std::string& text);

std::string whole_name(std::string_view table, const std::string& key) {
  return table.empty() ? key : fmt::format("{}.{}", table, key);
}

void write_inner_tables(const Json& table, std::string_view name, std::string& text) {
  for (const auto& [key, value] : table.items()) {
    const auto inner = whole_name(name, key);
    if (value.is_object()) {
      write_table(value, inner, false, text);
    } else if (value.is_array() && !value.empty() && value.front().is_object()) {
      for (const auto& each : value) {
        write_table(each, inner, true, text);
      }
    }
  }
}

bool is_plain(const Json& value, const std::string& name) {
  const auto tables = all_tables();
  return !value.is_object() &&
         std::none_of(tables.begin(), tables.end(),
                      [&name](const TableInfo& table) { return table.name == name; });
}

void write_table(const Json& table, std::string_view name, bool repeats, std::string& text) {
  if (!name.empty()) {
    text += fmt::format("\n{}\n", bracketed({name, repeats, {}}));
  }
  for (const auto& [key, value] : table.items()) {
    if (is_plain(value, whole_name(name, key))) {
      text += fmt::format("{} = {}\n", key, toml_value(value));
    }
  }
  write_inner_tables(table, name, text);
}

/// The defaults of a table, under its own name in config_json(). Of a folder, a
/// probe and tokens there are none unless somebody names one: these are examples.
Json defaults_of(const TableInfo& table) {
  auto all = config_json({});
  if (table.name.empty()) {
    return all;
  }
  return all.contains(table.name) && !table.repeats ? all[std::string(table.name)] : Json::object();
}

/// "#gap = "100ms"  # why" becomes the explanation, then the key.
std::string initial_table(const TableInfo& table) {
  auto defaults = defaults_of(table);
  std::string text = fmt::format("\n# {}\n", table.explains);
  if (!table.name.empty()) {
    text += fmt::format("{}{}\n", defaults.empty() ? "#" : "", bracketed(table));
  }
  for (const auto& key : all_keys()) {
    if (key.table == table.name) {
      const auto value = defaults.find(std::string(key.name));
      text += fmt::format("\n# {}\n#{} = {}\n", key.explains, key.name,
                          value == defaults.end() ? std::string(key.example) : toml_value(*value));
    }
  }
  return text;
}

}  // namespace

std::string toml_value(const Json& value) {
  if (value.is_string()) {
    return toml_string(value.get_ref<const std::string&>());
  }
  if (!value.is_array()) {
    return value.dump();
  }
  std::string list;
  for (const auto& item : value) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", toml_value(item));
  }
  return fmt::format("[{}]", list);
}

std::string config_text(const Config& config) {
  std::string text;
  write_table(config_json(config), "", false, text);
  return text;
}

std::string initial_config() {
  std::string text =
      "# The configuration of rackscout: rackscout.toml(5) says more.\n"
      "# A line that begins with # and a key shows the default, or an example: remove the # to\n"
      "# change it. `rackscout config check` finds mistakes, and what the service can't read.\n";
  for (const auto& table : all_tables()) {
    text += initial_table(table);
  }
  return text;
}

}  // namespace ot::agent
