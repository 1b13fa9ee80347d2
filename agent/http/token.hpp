#pragma once

#include <string>
#include <string_view>

#include "agent/http/digest.hpp"
#include "base/result.hpp"

namespace ot::agent::http {

/// The random bearer token. Only its digest is kept, and it is never logged.
class Token {
 public:
  /// Reads the file; the first time it makes one: 32 random bytes in base64url, for
  /// its owner alone.
  static Result<Token> load_or_create(const std::string& path);

  explicit Token(std::string_view text) : digest_(sha256(text)) {}

  bool matches(std::string_view bearer) const {
    return same_in_constant_time(sha256(bearer), digest_);
  }

 private:
  Digest digest_;
};

}  // namespace ot::agent::http
