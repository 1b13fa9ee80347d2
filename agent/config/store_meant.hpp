#pragma once

#include <string>

#include "base/result.hpp"

namespace ot::agent {

/// The named store, else that of the configuration if there is one, else the default. Errors:
/// those of reading a configuration that was named.
Result<std::string> store_meant(const std::string& store, const std::string& config);

}  // namespace ot::agent
