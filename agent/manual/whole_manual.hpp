#pragma once

#include <string>
#include <vector>

#include "agent/manual/page.hpp"
#include "base/result.hpp"

namespace ot::agent::manual {

struct File {
  std::string path;  ///< "manual/rackscout-ingest.1"
  std::string text;
};

/// Every page and completion, from the program itself and from the folder docs/manual. Errors:
/// malformed where that speaks of what is not there.
Result<std::vector<File>> whole_manual(const std::string& prose_folder, const Edition& edition);

}  // namespace ot::agent::manual
