#include "agent/config/config_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/config/keys.hpp"
#include "agent/config/quantities.hpp"
#include "agent/config/windows.hpp"
#include "base/runs.hpp"
#include "base/utf8.hpp"

namespace ot::agent {
namespace {

Json windows_json(const std::vector<Window>& windows) {
  Json all = Json::array();
  for (const auto& window : windows) {
    all.push_back(window_text(window));
  }
  return all;
}

Json folder_json(const WatchedFolder& folder) {
  return {{"path", folder.path},
          {"mode", kModeWords[static_cast<std::size_t>(folder.mode)]},
          {"site", folder.site},
          {"area", folder.area},
          {"plant_location", folder.plant_location},
          {"rescan", duration_text(folder.rescan)}};
}

Json units_json(const std::vector<std::uint8_t>& units) {
  const auto text = [](std::uint32_t unit) { return fmt::format("{}", unit); };
  Json all = Json::array();
  for (const auto& run : runs_of(units)) {
    all.push_back(run.text(text));
  }
  return all;
}

Json probe_json(const TargetGroup& group) {
  Json protocols = Json::array();
  for (const auto* probe : group.protocols) {
    protocols.push_back(probe->name);
  }
  return {{"name", group.name},
          {"targets", group.targets},
          {"protocols", std::move(protocols)},
          {"units", units_json(group.units)},
          {"serial", group.serial},
          {"every", duration_text(group.every)},
          {"jitter", duration_text(group.jitter)},
          {"windows", windows_json(group.windows)},
          {"site", group.site},
          {"area", group.area}};
}

Json safety_json(const Config& config) {
  return {{"exclude", config.exclude},
          {"exclude_files", config.exclude_files},
          {"windows", windows_json(config.windows)},
          {"stop_file", config.stop_file},
          {"ledger", config.ledger},
          {"gap", duration_text(config.gap)},
          {"at_once", config.at_once}};
}

Json api_json(const ApiConfig& api) {
  Json json = {{"enabled", api.enabled},
               {"address", api.address},
               {"port", api.port},
               {"certificate", api.certificate},
               {"key", api.key},
               {"token_file", api.token_file},
               {"open_metrics", api.open_metrics},
               {"connections", api.connections}};
  if (api.jwt) {
    json["jwt"] = {{"algorithm", kAlgorithmWords[static_cast<std::size_t>(api.jwt->algorithm)]},
                   {"key_file", api.jwt->key_file},
                   {"issuer", api.jwt->issuer},
                   {"audience", api.jwt->audience}};
  }
  return json;
}

Json store_json(const StoreConfig& store) {
  return {{"path", store.path},
          {"journal_age", duration_text(store.journal_age)},
          {"journal_size", size_text(store.journal_size)}};
}

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

void write_inner_tables(const Json& table, std::string_view name, std::string& text) {
  for (const auto& [key, value] : table.items()) {
    const auto inner = name.empty() ? key : fmt::format("{}.{}", name, key);
    if (value.is_object()) {
      write_table(value, inner, false, text);
    } else if (value.is_array() && !value.empty() && value.front().is_object()) {
      for (const auto& each : value) {
        write_table(each, inner, true, text);
      }
    }
  }
}

bool is_plain(const Json& value, std::string_view key) {
  const auto tables = all_tables();
  return !value.is_object() &&
         std::none_of(tables.begin(), tables.end(),
                      [key](const TableInfo& table) { return table.name == key; });
}

void write_table(const Json& table, std::string_view name, bool repeats, std::string& text) {
  if (!name.empty()) {
    text += fmt::format("\n{}\n", bracketed({name, repeats, {}}));
  }
  for (const auto& [key, value] : table.items()) {
    if (is_plain(value, key)) {
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

Json config_json(const Config& config) {
  Json folders = Json::array();
  for (const auto& folder : config.folders) {
    folders.push_back(folder_json(folder));
  }
  Json probes = Json::array();
  for (const auto& group : config.groups) {
    probes.push_back(probe_json(group));
  }
  return {{"site", config.site},
          {"area", config.area},
          {"plant_location", config.plant_location},
          {"sensor_name", config.sensor_name},
          {"log_level", config.log_level},
          {"settle", duration_text(config.settle)},
          {"folder", std::move(folders)},
          {"probe", std::move(probes)},
          {"safety", safety_json(config)},
          {"api", api_json(config.api)},
          {"store", store_json(config.store)}};
}

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
