#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/config/config.hpp"
#include "agent/config/finding.hpp"
#include "agent/config/table_reader.hpp"

namespace ot::agent {

constexpr const char* kDefaultConfig = "/etc/rackscout/rackscout.toml";

/// What a file says: whole, or not at all.
struct ReadConfig {
  std::optional<Config> config;   ///< unless there is a mistake
  std::optional<Config> draft;    ///< what could be read all the same: to look at what it names
  std::vector<Finding> findings;  ///< all of them, in the order of the file
  KeyPlaces places;               ///< where each key stands
};

/// Reads the text: no file that it names is opened, and no host name looked up; only of
/// folders within each other it is asked whether links lead elsewhere. `file` is its name
/// in the findings.
ReadConfig read_config(std::string_view text, const std::string& file);

/// Reads the file. Errors: not_found, io; a mistake in it is a finding.
Result<ReadConfig> load_config(const std::string& path);

/// The same without mistakes; `tell` is told every finding first. Errors: wrong_use, too.
Result<Config> load_sound_config(const std::string& path,
                                 const std::function<void(const Finding&)>& tell);

/// What this rackscout is called upward: as configured, else the host's name.
std::string sensor_name(const Config& config);

/// `named`, else $RACKSCOUT_CONFIG, else the service's.
std::string config_path(const std::string& named);

}  // namespace ot::agent
