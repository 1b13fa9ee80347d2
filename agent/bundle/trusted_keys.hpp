#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/bundle/key.hpp"
#include "base/result.hpp"

namespace ot::agent::bundle {

/// The keys of a file of public lines; none where there is no file. Blank lines and those that
/// begin with # are passed over. Errors: malformed with the line's number; forbidden where others
/// than we (or root) may write to it; too_large.
Result<std::vector<PublicKey>> load_trusted_keys(const std::string& path);

/// Adds a key, once; answers whether it was not there yet. Errors: forbidden where another key has
/// the same id; those of loading and writing.
Result<bool> trust_key(const std::string& path, const PublicKey& key);

/// Takes a key out, and answers it. Errors: not_found; those of loading and writing.
Result<PublicKey> forget_key(const std::string& path, std::string_view id);

/// The one public key in a text, of the same form. Errors: malformed.
Result<PublicKey> only_key_in(std::string_view text);

}  // namespace ot::agent::bundle
