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

/// Whether a secret is named as one that systemd hands over: "credential:NAME".
bool is_credential(std::string_view named);
/// Whether NAME can be one. Errors: wrong_use.
Result<void> check_credential(std::string_view named);

/// Where a secret lies that is named by its path, or as a credential: that is
/// $CREDENTIALS_DIRECTORY/NAME. Errors: wrong_use, not_found outside of a unit.
Result<std::string> secret_place(const std::string& named);

/// Such a file as a whole, by its path or as a credential, which its folder keeps from others.
Result<std::string> read_named_key(const std::string& named, Readers readers);

/// The secret in a file's content: without the line break at its end.
std::string_view secret_in(std::string_view content);

/// The secret of that name; never empty.
Result<std::string> read_secret(const std::string& named);

}  // namespace ot::agent::http
