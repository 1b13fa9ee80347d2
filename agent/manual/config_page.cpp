#include "agent/manual/config_page.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/config/config_text.hpp"
#include "agent/config/keys.hpp"
#include "agent/config/quantities.hpp"
#include "agent/manual/mdoc.hpp"

namespace ot::agent::manual {
namespace {

/// One of each kind, as a configuration has it that says nothing more.
Config with_one_of_each() {
  Config config;
  config.folders.emplace_back();
  config.groups.emplace_back();
  config.api.jwt.emplace();
  config.hub.sensors.emplace_back();
  for (const auto kind : {SinkConfig::Kind::hub, SinkConfig::Kind::csam, SinkConfig::Kind::file}) {
    config.sinks.emplace_back().kind = kind;
  }
  config.sinks.front().business_apps.emplace_back();
  return config;
}

/// What `config show` has at "api.jwt"; of a table that repeats the first that has the key.
Json value_at(const Json& config, std::string_view table, const std::string& key) {
  if (config.is_array()) {
    for (const auto& each : config) {
      if (auto value = value_at(each, table, key); !value.is_null()) {
        return value;
      }
    }
    return nullptr;
  }
  if (table.empty()) {
    const auto found = config.find(key);
    return found == config.end() ? Json() : *found;
  }
  const auto dot = std::min(table.find('.'), table.size());
  const auto inner = config.find(std::string(table.substr(0, dot)));
  const auto rest = table.substr(std::min(dot + 1, table.size()));
  return inner == config.end() ? Json() : value_at(*inner, rest, key);
}

/// The default as one reads it: no quotes, and nothing where there is none.
std::string default_of(const KeyInfo& key) {
  static const Json config = config_json(with_one_of_each());
  const bool names_itself = key.table == "sink" && key.name == "kind";
  const auto value = value_at(config, key.table, std::string(key.name));
  if (value.is_null() || names_itself || (value.is_array() && value.empty())) {
    return {};
  }
  return value.is_string() ? value.get<std::string>() : toml_value(value);
}

std::string type_of_text(const KeyInfo& key, const std::string& text) {
  if (key.explains.find("credential:") != key.explains.npos) {
    return "secret";
  }
  if (text.starts_with('/')) {
    return "path";
  }
  if (parse_duration(text)) {
    return "duration";
  }
  return parse_size(text) ? "size" : "text";
}

/// What a value of it is, told by its example.
std::string type_of(const KeyInfo& key) {
  const std::string_view example = key.example;
  if (example == "true" || example == "false") {
    return "true or false";
  }
  if (example.starts_with('[')) {
    const auto quote = example.find('"') + 1;
    const std::string first(example.substr(quote, example.find('"', quote) - quote));
    const bool is_windows = key.name == "windows";
    return fmt::format("list of {}s", is_windows ? "window" : type_of_text(key, first));
  }
  const bool is_text = example.starts_with('"') || example.starts_with('\'');
  return is_text ? type_of_text(key, std::string(example.substr(1, example.size() - 2))) : "number";
}

/// "hub, csam" as a heading of those keys.
std::string heading_of(std::string_view kinds) {
  if (kinds.empty()) {
    return "For all kinds:\n";
  }
  std::string text = "For";
  for (auto rest = kinds; !rest.empty();) {
    const auto end = std::min(rest.find(", "), rest.size());
    text += fmt::format("{}\n.Cm {}", text == "For" ? "" : "\nand", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return text + " :\n";
}

std::string title_of(const TableInfo& table) {
  return table.name.empty() ? "THE TOP OF THE FILE" : bracketed(table);
}

std::string said_of(const KeyInfo& key, std::string text) {
  const auto otherwise = default_of(key);
  text.insert(0, sentence(key.explains));
  if (!otherwise.empty()) {
    text += fmt::format("Default:\n.Li {} .\n", argument(otherwise));
  }
  return text;
}

/// The keys of a table; those of a sink by the kinds that have them.
std::string keys_of(const TableInfo& table, Prose& prose) {
  std::string text;
  TagList list;
  std::string_view kinds;
  bool is_first = true;
  for (const auto& key : all_keys()) {
    if (key.table != table.name) {
      continue;
    }
    if (table.name == "sink" && (is_first || key.kinds != kinds)) {
      text += list.text();
      text += (is_first ? "" : ".Pp\n") + heading_of(key.kinds);
      list = TagList();
      kinds = key.kinds;
    }
    is_first = false;
    list.add(fmt::format("Ic {} Pq {}", key.name, type_of(key)),
             said_of(key, prose.take(title_of(table), fmt::format("Ic {}", key.name))));
  }
  return text + list.text();
}

}  // namespace

Page config_page(Prose& prose, const Edition& edition) {
  Page page("rackscout.toml", '5', "configuration of the rackscout service", edition);
  page.section("DESCRIPTION", prose.take("DESCRIPTION"));
  for (const auto& table : all_tables()) {
    const auto title = title_of(table);
    auto body = joined(sentence(table.explains), prose.take(title));
    body = joined(body, keys_of(table, prose));
    page.section(title, joined(body, prose.take_end(title)));
  }
  page.section("FILES", prose.take("FILES"));
  page.section("EXAMPLES", prose.take("EXAMPLES"));
  page.see_also();
  return page;
}

}  // namespace ot::agent::manual
