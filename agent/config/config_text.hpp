#pragma once

#include <string>

#include "agent/config/config.hpp"
#include "agent/records_json.hpp"

namespace ot::agent {

/// Every key with its value, as rackscout.toml would have it. Secrets are in
/// files that it names, and never in it.
Json config_json(const Config& config);

/// The same as TOML.
std::string config_text(const Config& config);

/// What `config init` writes: every key with its default, commented out.
std::string initial_config();

/// A value of config_json() as TOML.
std::string toml_value(const Json& value);

}  // namespace ot::agent
