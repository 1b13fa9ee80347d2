#pragma once

#include <string>

#include "agent/config/config.hpp"
#include "base/result.hpp"

namespace ot::agent {

struct ServiceOptions {
  std::string config_path;
  std::string store_path;  ///< wins over the configuration's; empty: that, or the default one
};

/// Watches, asks and answers until SIGTERM or SIGINT; SIGHUP reads the
/// configuration again. Errors: wrong_use for a configuration with mistakes,
/// which are on stderr then; those of the store and of the API's address.
Result<void> run_service(const ServiceOptions& options);

}  // namespace ot::agent
