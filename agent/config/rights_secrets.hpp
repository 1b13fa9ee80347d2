#pragma once

#include <optional>
#include <string_view>

#include "agent/config/rights.hpp"
#include "agent/http/secret_file.hpp"

namespace ot::agent {

// What is told of secrets and of what goes with them. None of the paths is empty, unless it
// says so.

/// Empty for one that systemd hands over: it is there at run time alone.
std::string path_of_secret(const std::string& named);

/// Tells it when it is no secret. Without a value the content can't be looked at.
std::optional<std::string> secret_of(RightsCheck& at, const NamedPath& named);

/// Tells it when what the file holds is no token that was made at random.
void check_random_token(RightsCheck& at, const NamedPath& named, std::string_view token);

/// Whether the account can read a certificate there; if not, it is told.
bool is_certificate(RightsCheck& at, const NamedPath& named);

/// A certificate and its private key; either may be empty, and is then passed over. Of a key
/// for `anybody` it is a warning that a group may read it.
void check_tls_files(RightsCheck& at, const NamedPath& certificate, const NamedPath& key,
                     http::Readers readers);

}  // namespace ot::agent
