#pragma once

#include <cstdint>
#include <string>

namespace ot {

enum class IfThere : std::uint8_t { keep, replace };

/// Gives a file another name on the same file system. False, with errno, where that failed or one
/// is there that is kept.
bool give_name(const std::string& from, const std::string& to, IfThere if_there);

/// Brings the name of a file or folder to the disk: what is synced itself may yet have no name
/// after a power cut. Where its folder may not be opened, or its file system can't do that, it is
/// left so. False, with errno, where it failed.
bool keep_name(const std::string& path);

}  // namespace ot
