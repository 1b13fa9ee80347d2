#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ot::agent::watch {

enum class Reason : std::uint8_t {
  changes,     ///< these paths were seen to change
  start,       ///< whatever changed while nobody watched
  returned,    ///< the folder is back
  overflow,    ///< the kernel lost count of the changes
  flood,       ///< too many paths changed to name them
  mounted,     ///< something was mounted or unmounted at or below the folder
  interval,    ///< the next full look was due
  configured,  ///< the configuration says something else of the folder
  retry,       ///< the last look failed
};

std::string_view to_string(Reason reason);

/// What is worth a look below one watched folder.
struct Changes {
  std::string root;                  ///< as configured
  std::vector<std::string> changed;  ///< files that have settled
  std::vector<std::string> gone;     ///< files and folders that are not there any more
  bool rescan = false;               ///< look at the whole root instead
  Reason reason = Reason::changes;
};

/// What came of that look.
struct Looked {
  std::string root;
  bool failed = false;  ///< it came to nothing: the whole root is looked at a little later
  std::vector<std::string> unsettled;  ///< files that were being written
  std::optional<Error> problem;        ///< with the root as a whole
};

enum class RootMode : std::uint8_t {
  stopped,
  notify,      ///< the kernel tells of changes
  poll,        ///< the whole is looked at, at an interval
  missing,     ///< nothing is there; it is waited for
  unreadable,  ///< it can't be looked at; tried again
};

std::string_view to_string(RootMode mode);

struct RootStatus {
  std::string path;
  RootMode mode = RootMode::stopped;
  std::size_t folders = 0;   ///< watched ones
  std::size_t dirty = 0;     ///< paths that changed and have not been read yet
  std::size_t restless = 0;  ///< of those: written for long without a rest
  std::optional<Time> last_rescan;
  std::optional<Error> problem;
};

}  // namespace ot::agent::watch
