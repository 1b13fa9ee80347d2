#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent::http {

/// Whom a file's mode must keep out.
enum class Readers : std::uint8_t { anybody, owner_alone };

/// What makes a secret none: a mode that lets others in, or an owner who is neither the
/// one that reads it nor root.
enum class Exposure : std::uint8_t { none, mode, owner };
Exposure exposure_of(const struct stat& status, uid_t reader);

/// A small file as a whole. For a secret, one that the group or others may read, or
/// that belongs to somebody else, is forbidden; the hint is the command that mends it.
Result<std::string> read_key_file(const std::string& path, Readers readers);

}  // namespace ot::agent::http
