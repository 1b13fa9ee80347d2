#include "agent/config/sections.hpp"

namespace ot::agent {
namespace {

using namespace std::chrono_literals;

void read_exclusions(TableReader& reader, Config& config) {
  protocols::link::Exclusions ranges;
  for (const auto& item : reader.texts("exclude")) {
    if (item.text.starts_with('/')) {
      if (!is_whole_path(item.text)) {
        reader.mistake(item, "the path of a device has no \"..\"");
      }
    } else if (auto added = ranges.add(item.text); !added) {
      reader.mistake(item, added.error().message(), added.error().hint());
    }
    config.exclude.push_back(item.text);
  }
  for (const auto& item : reader.texts("exclude_files")) {
    if (!is_whole_path(item.text)) {
      reader.mistake(item, quote(item.text) + " is no path from the root on");
    }
    config.exclude_files.push_back(item.text);
  }
}

}  // namespace

void read_safety(TableReader& reader, Config& config) {
  constexpr auto kPolite = 100ms;
  read_exclusions(reader, config);
  config.windows = reader.windows("windows");
  config.stop_file = reader.path("stop_file");
  config.ledger = reader.path("ledger");
  config.gap = reader.duration("gap", config.gap, {.least = 20ms, .most = 60s});
  if (config.gap < kPolite) {
    reader.warning("gap", "old controllers may not keep up with less than 100ms",
                   "take less only where the controllers are known to bear it");
  }
  config.at_once = reader.number("at_once", config.at_once, {.least = 1, .most = 64});
}

void read_parsers(TableReader& reader, Config& config) {
  auto& parsers = config.parsers;
  parsers.wall = static_cast<wall::Strength>(reader.word("wall", wall::kStrengthWords, 0));
  if (parsers.wall == wall::Strength::reduced) {
    reader.warning("wall", "a hole in a parser would be a hole in this machine",
                   "take it only where the kernel has no seccomp");
  }
  parsers.memory = reader.size("memory", parsers.memory, 64U << 20);
}

wall::Options ParsersConfig::options() const {
  wall::Options options;
  if (wall != wall::Strength::full) {
    options.strength = wall;
  }
  options.memory = memory;
  return options;
}

void read_store(TableReader& reader, Config& config) {
  using std::chrono::hours;
  constexpr auto kCentury = hours{24 * 365 * 100};
  auto& store = config.store;
  store.path = reader.path("path");
  store.journal_age = std::chrono::duration_cast<hours>(reader.duration(
      "journal_age", store.journal_age, {.least = hours{24}, .most = kCentury}, true));
  store.journal_size = reader.size("journal_size", store.journal_size, 1U << 20, true);
  store.removals_age = std::chrono::duration_cast<hours>(
      reader.duration("removals_age", store.removals_age, {.least = hours{24}, .most = kCentury}));
}

}  // namespace ot::agent
