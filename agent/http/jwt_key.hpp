#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/config/config.hpp"
#include "base/result.hpp"

namespace ot::agent::http {

/// A key that fits its algorithm and is long enough for it: RFC 7518, 3.
class JwtKey {
 public:
  /// PEM of a public key; for HS256 the secret, whose final line break does not count.
  static Result<JwtKey> from_text(JwtConfig::Algorithm algorithm, std::string_view text);

  JwtConfig::Algorithm algorithm() const { return algorithm_; }

  /// Whether the signature is that of the text. An ES256 one is r and s, 32 bytes each.
  bool verifies(std::string_view text, std::string_view signature) const;

 private:
  struct PublicKey;

  JwtKey(JwtConfig::Algorithm algorithm, std::string secret,
         std::shared_ptr<const PublicKey> public_key)
      : algorithm_(algorithm), secret_(std::move(secret)), public_key_(std::move(public_key)) {}

  JwtConfig::Algorithm algorithm_;
  std::string secret_;
  std::shared_ptr<const PublicKey> public_key_;
};

}  // namespace ot::agent::http
