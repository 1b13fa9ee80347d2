#pragma once

#include <string>

#include "base/result.hpp"

namespace ot::agent::bundle {

/// Makes the folder of this file, and those above it, where they are missing: nobody but their
/// owner may enter them.
Result<void> make_folder_of(const std::string& path);

/// Keeps other processes waiting that want to change a file of the same folder.
class FolderLock {
 public:
  /// Waits until it is our turn.
  static Result<FolderLock> of_file(const std::string& path);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

 private:
  explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace ot::agent::bundle
