#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// Whether files that were there once are there still.
namespace ot::agent {

/// No regular file is at the path any more. What can't be examined is not gone.
bool is_gone(const std::string& path);

/// A folder above the path is a symbolic link now: what is met through it is
/// another file. The path is one from which the links were resolved once.
bool is_behind_link(const std::string& path);

/// The device of the nearest folder above the path that is there; links are none.
std::optional<std::uint64_t> device_above(const std::string& path);

/// Whether the path is the folder itself or lies below it.
bool is_at_or_below(std::string_view path, std::string_view folder);

/// The path from the root, symbolic links resolved as far as it is there.
std::string whole_path(const std::string& path);

/// Whether a look at all of the folder comes to the path: it follows no links.
bool is_looked_at_with(const std::string& path, const std::string& folder);

}  // namespace ot::agent
