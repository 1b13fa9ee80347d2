#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/file_names.hpp"
#include "base/result.hpp"

namespace ot::agent {

/// Who may open a file.
struct FileAccess {
  mode_t mode = 0600;
  std::optional<gid_t> group;  ///< else the user's own; left so where it may not be given
};

/// Writes a file that is there whole and on its disk, or not at all; so is what it replaces.
/// Answers whether it was written: false only where one is there that is kept. Errors don't name
/// the file: who calls does.
Result<bool> write_whole(const std::string& path, std::string_view text, IfThere if_there,
                         const FileAccess& access = {});

}  // namespace ot::agent
