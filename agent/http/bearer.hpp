#pragma once

#include <string_view>

namespace ot::agent::http {

constexpr std::size_t kLongestBearer = 8 * 1024;

/// Letters, digits and -._~+/ with = at the end: RFC 6750, 2.1.
bool is_bearer(std::string_view text);

/// Fewer letters than that are no secret.
constexpr std::size_t kFewestLetters = 32;

/// Whether the text may be the random token: long enough, and of the letters of a bearer.
bool is_token(std::string_view text);

/// The token of "Bearer TOKEN"; empty when the field says anything else.
std::string_view bearer_of(std::string_view authorization);

}  // namespace ot::agent::http
