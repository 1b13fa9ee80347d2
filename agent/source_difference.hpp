#pragma once

#include <string>
#include <vector>

#include "store/store.hpp"

namespace ot::agent {

/// What an older source says otherwise than the newest one, a line each.
std::vector<std::string> differences(const store::SourcedAsset& newest,
                                     const store::SourcedAsset& older);

}  // namespace ot::agent
