#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// Deeper folders are reported, not entered: nobody keeps projects there.
constexpr std::size_t kDeepestFolder = 100;

struct FolderEntry {
  enum class Type : std::uint8_t { file, folder, link, other };

  std::string name;
  Type type = Type::other;
};

/// What lies in a folder, ordered by name.
Result<std::vector<FolderEntry>> list_folder(const std::string& folder);

/// What a walk through a folder met besides files.
struct WalkReport {
  std::vector<Error> problems;  ///< folders that can't be listed, files that can't be examined
  std::uint64_t links = 0;      ///< symbolic links, which are never followed
};

/// Called for each regular file; false stops the walk.
using OnFile = std::function<bool(const std::string& path, const store::FileStamp& stamp)>;

/// Visits every regular file below the folder, each folder's entries in the
/// order of their names. Symbolic links are not followed: what they point to
/// inside the folder is met anyway, and what lies outside is not ours.
WalkReport walk(const std::string& folder, const OnFile& on_file);

/// How many files `walk` would meet, for a progress bar; a plain file counts
/// as one. Ends early when `stop` is set.
std::uint64_t count_files(const std::string& path, const std::atomic<bool>& stop);

}  // namespace ot::agent
