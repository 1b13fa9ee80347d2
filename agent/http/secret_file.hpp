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

}  // namespace ot::agent::http
