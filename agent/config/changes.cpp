#include "agent/config/changes.hpp"

#include <fmt/format.h>

#include "agent/config/config_text.hpp"
#include "agent/config/finding.hpp"

namespace ot::agent {
namespace {

using Lines = std::vector<std::string>;

/// Both tables have values; keys that only one has come with the other.
void compare(const Json& before, const Json& after, const std::string& where, Lines& lines);

void compare_value(const Json* before, const Json* after, const std::string& key,
                   const std::string& where, Lines& lines) {
  const bool both_tables = before != nullptr && after != nullptr && before->is_object();
  if (both_tables) {
    return compare(*before, *after, where + key + ": ", lines);
  }
  if (before == nullptr || after == nullptr) {
    lines.push_back(fmt::format("{}{}: {}", where, key, before == nullptr ? "new" : "gone"));
  } else if (*before != *after) {
    lines.push_back(
        fmt::format("{}{}: {} -> {}", where, key, toml_value(*before), toml_value(*after)));
  }
}

void compare(const Json& before, const Json& after, const std::string& where, Lines& lines) {
  for (const auto& [key, value] : before.items()) {
    const auto other = after.find(key);
    compare_value(&value, other == after.end() ? nullptr : &*other, key, where, lines);
  }
  for (const auto& [key, value] : after.items()) {
    if (!before.contains(key)) {
      compare_value(nullptr, &value, key, where, lines);
    }
  }
}

/// The tables of that list, each under what tells it apart.
void key_by(Json& outer, const char* list, const char* key) {
  const Json tables = std::move(outer[list]);
  outer.erase(list);
  for (const auto& table : tables) {
    outer[fmt::format("{} {}", list, quote(table[key].get_ref<const std::string&>()))] = table;
  }
}

/// The repeated tables under their names, so that their order doesn't count.
Json keyed(Json config) {
  key_by(config, "folder", "path");
  key_by(config, "probe", "name");
  key_by(config["hub"], "sensor", "id");
  key_by(config, "sink", "name");
  key_by(config, "business_app", "id");
  return config;
}

}  // namespace

std::vector<std::string> changes(const Config& before, const Config& after) {
  Lines lines;
  compare(keyed(config_json(before)), keyed(config_json(after)), "", lines);
  return lines;
}

}  // namespace ot::agent
