#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace ot::agent::watch {

/// What tells of changes in folders: the kernel's inotify, or a test.
class Notifier {
 public:
  virtual ~Notifier() = default;

  /// Begins anew: watches of before are gone. Errors: too_large where the
  /// kernel gives no more instances, io.
  virtual Result<void> open() = 0;
  virtual void close() = 0;

  /// Watches one folder and not what is below it. A folder that is watched
  /// already keeps its number. Errors: not_found when no folder is there,
  /// too_large where the kernel's limit is reached, io.
  virtual Result<int> add(const std::string& folder, std::uint32_t mask) = 0;
  virtual void remove(int watch) = 0;
};

}  // namespace ot::agent::watch
