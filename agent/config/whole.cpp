#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "agent/config/sections.hpp"
#include "agent/presence.hpp"

namespace ot::agent {
namespace {

TextPlace place_in(const Reading& reading, const std::string& key) {
  const auto found = reading.places.find(key);
  return found == reading.places.end() ? TextPlace{} : found->second;
}

std::string path_key(std::size_t folder) {
  return fmt::format("folder[{}].path", folder);
}

/// The folders whose paths are known, by path: what lies within another comes behind it.
std::vector<std::size_t> by_path(const std::vector<WatchedFolder>& folders) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < folders.size(); ++i) {
    if (!folders[i].path.empty()) {
      order.push_back(i);
    }
  }
  std::stable_sort(order.begin(), order.end(), [&folders](std::size_t a, std::size_t b) {
    return std::filesystem::path(folders[a].path) < std::filesystem::path(folders[b].path);
  });
  return order;
}

/// A folder and another one that it is, or lies within.
void overlap(const Config& config, std::size_t inner, std::size_t outer, Reading& reading) {
  const auto key = path_key(inner);
  const auto at = place_in(reading, key);
  const auto other = place_in(reading, path_key(outer)).line;
  if (config.folders[inner].path == config.folders[outer].path) {
    return reading.findings.mistake(at, key,
                                    fmt::format("path: line {} names this folder, too", other),
                                    "leave one of the two out");
  }
  reading.findings.warning(
      at, key,
      fmt::format("path: lies within {} (line {}) and is watched as part of it",
                  quote(config.folders[outer].path), other),
      "what this [[folder]] says of site, area and plant location holds for its files");
}

void check_folders(const Config& config, Reading& reading) {
  std::vector<std::size_t> around;  // by its path, each is within the one before
  for (const auto folder : by_path(config.folders)) {
    const auto& path = config.folders[folder].path;
    while (!around.empty() && !is_at_or_below(path, config.folders[around.back()].path)) {
      around.pop_back();
    }
    const auto holds = [&config, &path](std::size_t outer) {
      return is_looked_at_with(path, config.folders[outer].path);
    };
    const auto outer = std::find_if(around.rbegin(), around.rend(), holds);
    if (outer != around.rend()) {
      overlap(config, folder, *outer, reading);
    }
    around.push_back(folder);
  }
}

/// A key by which the tables of a kind are told apart.
struct Distinct {
  std::string_view table;
  std::string_view key;
  std::string_view says;
  std::string_view hint;
};
constexpr std::string_view kOwnName = "give each a name of its own";
constexpr std::string_view kOwnToken = "give each a token of its own: openssl rand -hex 32";

/// Tells of each table that has the value of one before it.
template <class Table, class Value>
void check_distinct(const std::vector<Table>& tables, Value Table::*value, const Distinct& what,
                    Reading& reading) {
  std::map<Value, TextPlace> first;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto key = fmt::format("{}[{}].{}", what.table, i, what.key);
    const auto at = place_in(reading, key);
    const auto [other, is_new] = first.emplace(tables[i].*value, at);
    if (!is_new && !other->first.empty()) {
      reading.findings.mistake(
          at, key,
          fmt::format("{}: the [[{}]] of line {} {} {}, too", what.key, what.table,
                      other->second.line, what.says, quote(other->first)),
          std::string(what.hint));
    }
  }
}

/// Where the applications are kept; null where no sink uses them.
const SinkConfig* csam_sink(const Config& config) {
  const auto found =
      std::find_if(config.sinks.begin(), config.sinks.end(),
                   [](const SinkConfig& sink) { return sink.kind == SinkConfig::Kind::csam; });
  return found == config.sinks.end() ? nullptr : &*found;
}

void check_names(const Config& config, Reading& reading) {
  const auto& sensors = config.hub.sensors;
  check_distinct(config.groups, &TargetGroup::name, {"probe", "name", "is called", kOwnName},
                 reading);
  check_distinct(sensors, &HubSensor::id, {"hub.sensor", "id", "is called", kOwnName}, reading);
  check_distinct(sensors, &HubSensor::token_file, {"hub.sensor", "token_file", "names", kOwnToken},
                 reading);
  check_distinct(config.sinks, &SinkConfig::name, {"sink", "name", "is called", kOwnName}, reading);
  if (const auto* sink = csam_sink(config)) {
    check_distinct(sink->business_apps, &BusinessApp::id,
                   {"business_app", "id", "is called", kOwnName}, reading);
  }
}

/// What we write must not wake us up again.
void check_own_file(const Config& config, const std::string& key, const std::string& path,
                    Reading& reading) {
  const auto watched = [&path](const WatchedFolder& folder) {
    return !folder.path.empty() && is_at_or_below(path, folder.path);
  };
  if (!path.empty() && std::any_of(config.folders.begin(), config.folders.end(), watched)) {
    reading.findings.warning(place_in(reading, key), key,
                             fmt::format("{}: lies in a watched folder, and each write to it is "
                                         "taken for a change there",
                                         key.substr(key.find('.') + 1)),
                             "put it elsewhere");
  }
}

void check_excluded_targets(const Config& config, Reading& reading) {
  protocols::link::Exclusions exclusions;
  for (const auto& text : config.exclude) {
    if (!text.starts_with('/')) {
      static_cast<void>(exclusions.add(text));
    }
  }
  for (std::size_t i = 0; i < config.groups.size(); ++i) {
    for (std::size_t j = 0; j < config.groups[i].targets.size(); ++j) {
      const std::string_view text = config.groups[i].targets[j];
      const auto address = parse_ipv4(text.substr(0, text.find(':')));
      if (address && exclusions.holds(*address)) {
        const auto key = fmt::format("probe[{}].targets[{}]", i, j);
        reading.findings.warning(
            place_in(reading, key), key,
            fmt::format("targets: {} is excluded, and is not asked", quote(text)),
            "take it out here, or out of exclude in [safety]");
      }
    }
  }
}

void check_business_apps(const Config& config, Reading& reading) {
  const std::string first = "business_app[0]";
  if (reading.places.contains(first) && csam_sink(config) == nullptr) {
    reading.findings.warning(place_in(reading, first), first,
                             "no sink is there to which this application would be sent",
                             R"(add a [[sink]] with kind = "csam", or leave the application out)");
  }
}

void check_purpose(const Config& config, Reading& reading) {
  if (config.folders.empty() && config.groups.empty() && !config.hub.accept) {
    reading.findings.warning({}, {}, "there is neither a [[folder]] nor a [[probe]]",
                             "the service will answer questions, but learn nothing");
  }
}

}  // namespace

void check_whole(const Config& config, Reading& reading) {
  check_folders(config, reading);
  check_names(config, reading);
  check_own_file(config, "safety.ledger", config.ledger, reading);
  check_own_file(config, "store.path", config.store.path, reading);
  for (std::size_t i = 0; i < config.sinks.size(); ++i) {
    check_own_file(config, fmt::format("sink[{}].folder", i), config.sinks[i].folder, reading);
  }
  if (!has_mistakes(reading.findings.all())) {
    check_excluded_targets(config, reading);
    check_business_apps(config, reading);
    check_purpose(config, reading);
  }
}

}  // namespace ot::agent
