#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/bundle/container.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::agent::bundle {

/// A member as it should be there, and what was found in its place.
struct Expected {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t offset = 0;  ///< where it must begin, as far as the container was compared
  std::string sha256;        ///< of the bytes there; empty where there were none
};

/// Where a container is not what its members make.
struct Difference {
  std::uint64_t offset = 0;
  std::string where;  ///< "in records.ndjson.gz", "in its directory"

  /// "the container: byte 1,234 (in records.ndjson.gz) is not what its members make"
  std::string text() const;
};

/// Writes the container once more from its members and compares it with the one that is there, in
/// constant memory. Errors: io.
Result<std::optional<Difference>> compare_container(const parsers::Content& content,
                                                    std::vector<Expected>& members);

}  // namespace ot::agent::bundle
