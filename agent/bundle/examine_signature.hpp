#pragma once

#include <string>
#include <string_view>

#include "agent/bundle/key.hpp"
#include "base/result.hpp"

namespace ot::agent::bundle {

/// What signature.json holds: whose signature, and of the manifest's exact bytes.
struct Signature {
  PublicKey key;
  std::string bytes;  ///< 64

  bool operator==(const Signature&) const = default;
};

/// As it is written; ended by a line feed.
std::string signature_text(const Signature& signature);

/// Reads no other text than that. Errors: malformed.
Result<Signature> signature_from(std::string_view text);

}  // namespace ot::agent::bundle
