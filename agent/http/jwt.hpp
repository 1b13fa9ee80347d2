#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "agent/config/config.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace ot::agent::http {

/// Who a checked token is for; what it says beside that is not used.
struct Claims {
  std::string issuer;
  std::string subject;
  Time expires{};
};

/// Checks JSON Web Tokens against one key and one algorithm, both of the configuration:
/// what a token says of its algorithm must be the same, what it says of keys is not
/// looked at.
class JwtCheck {
 public:
  static constexpr std::size_t kLongestToken = 8 * 1024;
  static constexpr std::chrono::seconds kLeeway{60};  ///< for clocks that differ

  static Result<JwtCheck> load(const JwtConfig& config);

  /// The key's own text in the place of its file.
  static Result<JwtCheck> with_key(const JwtConfig& config, std::string_view key);

  /// The reason of a refusal is for our log, never for the client.
  Result<Claims> verify(std::string_view token, Time now) const;

 private:
  struct Rules;

  explicit JwtCheck(std::shared_ptr<const Rules> rules) : rules_(std::move(rules)) {}

  std::shared_ptr<const Rules> rules_;
};

}  // namespace ot::agent::http
