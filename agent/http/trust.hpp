#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "agent/http/certificates.hpp"
#include "agent/http/digest.hpp"
#include "base/result.hpp"

namespace ot::agent::http {

/// Whom a client of ours believes, and who it says it is.
struct Trust {
  Trust() = default;

  std::string ca;           ///< PEM, in the place of those that the system trusts; empty: these
  std::string certificate;  ///< PEM, our own, with its chain; empty: none
  std::string key;          ///< PEM, without a passphrase; for its owner alone
  std::vector<std::string> pins;  ///< as parse_pin() takes them
};

/// For connections as a client: TLS 1.2 and 1.3, and nobody whose certificate does not
/// hold. All or nothing: an error names the file and what to do about it. The pins are
/// checked for their form here, and for what they say by each connection.
Result<TlsContext> load_trust(const Trust& trust);

/// The SHA-256 of a public key (its SubjectPublicKeyInfo), in base64; "sha256//" may stand
/// in front of it, as curl has it.
Result<Digest> parse_pin(std::string_view text);

/// As parse_pin() takes it, with "sha256//".
std::string pin_text(const Digest& pin);

}  // namespace ot::agent::http
