#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent {

enum class IfThere : std::uint8_t { keep, replace };

/// Who may open a file.
struct FileAccess {
  mode_t mode = 0600;
  std::optional<gid_t> group;  ///< else the user's own; left so where it may not be given
};

/// Gives a file another name on the same file system. False, with errno, where that failed or one
/// is there that is kept.
bool give_name(const std::string& from, const std::string& to, IfThere if_there);

/// Writes a file that is there whole and on its disk, or not at all; so is what it replaces.
/// Answers whether it was written: false only where one is there that is kept. Errors don't name
/// the file: who calls does.
Result<bool> write_whole(const std::string& path, std::string_view text, IfThere if_there,
                         const FileAccess& access = {});

}  // namespace ot::agent
