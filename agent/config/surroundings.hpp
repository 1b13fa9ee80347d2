#pragma once

#include <string>
#include <vector>

#include "agent/config/account.hpp"
#include "agent/config/read.hpp"

namespace ot::agent {

/// What the account can't read, write or open of all that the configuration
/// names, each with the line that mends it; also where the file has mistakes, as
/// far as it could be read.
std::vector<Finding> check_surroundings(const ReadConfig& read, const std::string& file,
                                        const Account& account);

}  // namespace ot::agent
