#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent::http {

/// Whom a file's mode must keep out.
enum class Readers : std::uint8_t { anybody, owner_alone };

/// A small file as a whole. For a secret, one that the group or others may read, or
/// that belongs to somebody else, is forbidden; the hint is the command that mends it.
Result<std::string> read_key_file(const std::string& path, Readers readers);

/// Writes a file that nobody else can read and that is never seen half-written. One
/// that is there already stays as it is, and the answer is no error.
Result<void> create_secret_file(const std::string& path, std::string_view text);

}  // namespace ot::agent::http
