#include "agent/http/host.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "agent/http/target.hpp"
#include "base/ipv4.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

bool is_ipv6(std::string_view text) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET6, std::string(text).c_str(), &ignored) == 1;
}

/// The host, and what stands behind it; without a value when it is none.
std::optional<std::pair<std::string_view, std::string_view>> split(std::string_view authority) {
  if (authority.substr(0, 1) == "[") {
    const auto end = authority.find(']');
    const auto host = end == authority.npos ? "" : authority.substr(1, end - 1);
    return is_ipv6(host) ? std::optional(std::pair(host, authority.substr(end + 1))) : std::nullopt;
  }
  const auto end = std::min(authority.find(':'), authority.size());
  const auto host = authority.substr(0, end);
  const bool is_sound = !host.empty() && host.find_first_not_of(kNameCharacters) == host.npos;
  return is_sound ? std::optional(std::pair(host, authority.substr(end))) : std::nullopt;
}

/// Nothing, ":" or ":8640".
bool is_port(std::string_view text) {
  return text.empty() || text == ":" ||
         (text.front() == ':' && whole_number<std::uint16_t>(text.substr(1)));
}

}  // namespace

Result<std::string> parse_host(std::string_view authority) {
  const auto parts = split(authority);
  if (!parts || !is_port(parts->second)) {
    return fail(Errc::malformed, fmt::format("\"{}\" is no host", shown(authority)));
  }
  return to_lower_ascii(parts->first);
}

bool is_own_host(std::string_view host, const std::vector<std::string>& names) {
  if (!host.empty() && host.back() == '.') {
    host.remove_suffix(1);
  }
  const auto same = [host](const std::string& name) { return equals_ignoring_case(name, host); };
  return host == "localhost" || parse_ipv4(host) || is_ipv6(host) ||
         std::any_of(names.begin(), names.end(), same);
}

}  // namespace ot::agent::http
