#include "agent/http/bearer.hpp"

#include "base/text.hpp"

namespace ot::agent::http {

bool is_bearer(std::string_view text) {
  constexpr std::string_view kCharacters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/";
  const auto last = text.find_last_not_of('=');
  return text.size() <= kLongestBearer && last != text.npos &&
         text.substr(0, last + 1).find_first_not_of(kCharacters) == text.npos;
}

bool is_token(std::string_view text) {
  return text.size() >= kFewestLetters && is_bearer(text);
}

std::string_view bearer_of(std::string_view authorization) {
  constexpr std::string_view kScheme = "Bearer ";
  if (!equals_ignoring_case(authorization.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  const auto token = trim(authorization.substr(kScheme.size()));
  return is_bearer(token) ? token : std::string_view();
}

}  // namespace ot::agent::http
