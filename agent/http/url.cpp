#include "agent/http/url.hpp"

#include <algorithm>

#include <arpa/inet.h>
#include <fmt/format.h>

#include "agent/http/host.hpp"
#include "base/ipv4.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

constexpr std::size_t kLongest = 2048;
constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;

std::uint16_t usual_port(std::string_view scheme) {
  return scheme == "https" ? kHttpsPort : kHttpPort;
}

std::string bracketed(const std::string& host) {
  return host.find(':') == host.npos ? host : "[" + host + "]";
}

Error wrong(std::string message, std::string hint) {
  return Error(Errc::malformed, std::move(message)).hint(std::move(hint));
}

/// RFC 3986 has neither blanks nor these in a URL.
bool is_out_of_place(char letter) {
  constexpr std::string_view kOutOfPlace = "\"<>\\^`{|}";
  const auto code = static_cast<unsigned char>(letter);
  return code <= ' ' || code >= 0x7F || kOutOfPlace.find(letter) != kOutOfPlace.npos;
}

Result<void> check_characters(std::string_view text) {
  if (text.size() > kLongest) {
    return fail(Errc::too_large, fmt::format("the URL is over {} characters", kLongest));
  }
  if (std::any_of(text.begin(), text.end(), is_out_of_place)) {
    return fail(wrong("the URL has a blank, a control character, or another that no URL has",
                      "in its path they are written as %XX"));
  }
  // Anywhere: what is meant as a password may hold a slash.
  if (text.find('@') != text.npos) {
    return fail(wrong("the URL has a user in it",
                      "secrets don't belong in a URL: name user and password on their own"));
  }
  if (text.find_first_of("?#") != text.npos) {
    return fail(wrong("the URL has a query or a fragment (? or #)",
                      "it ends with the path; secrets don't belong in a URL"));
  }
  return {};
}

/// ":8640", ":" or nothing, behind the host.
Result<std::uint16_t> parse_port(std::string_view text, std::string_view scheme) {
  if (text.size() <= 1) {
    return usual_port(scheme);
  }
  const auto port = whole_number<std::uint16_t>(text.substr(1));
  if (!port || *port == 0) {
    return fail(wrong("the URL's port is no number from 1 to 65535", "https://hub.example:8640"));
  }
  return *port;
}

Result<void> take_authority(Url& url, std::string_view authority) {
  const auto end_of_host = authority.substr(0, 1) == "[" ? authority.find(']') : 0;
  const auto colon = authority.find(':', end_of_host == authority.npos ? 0 : end_of_host);
  const auto host = parse_host(authority.substr(0, colon));
  if (!host) {
    return fail(wrong("the URL has no host that can be used",
                      "a name or an address, an IPv6 address in brackets: https://[::1]:8640"));
  }
  const auto rest = colon == authority.npos ? std::string_view() : authority.substr(colon);
  const auto port = parse_port(rest, url.scheme);
  if (!port) {
    return fail(port.error());
  }
  url.host = *host;
  url.port = *port;
  return {};
}

}  // namespace

std::string Url::authority() const {
  return fmt::format("{}:{}", bracketed(host), port);
}

std::string Url::host_field() const {
  return port == usual_port(scheme) ? bracketed(host) : authority();
}

Result<Url> parse_url(std::string_view text) {
  if (auto checked = check_characters(text); !checked) {
    return fail(std::move(checked).error());
  }
  constexpr std::string_view kSeparator = "://";
  const auto separator = text.find(kSeparator);
  Url url;
  url.scheme = separator == text.npos ? "" : to_lower_ascii(text.substr(0, separator));
  if (url.scheme != "http" && url.scheme != "https") {
    return fail(
        wrong("the URL begins with neither https:// nor http://", "https://hub.example:8640"));
  }
  text.remove_prefix(separator + kSeparator.size());
  const auto slash = std::min(text.find('/'), text.size());
  if (auto taken = take_authority(url, text.substr(0, slash)); !taken) {
    return fail(std::move(taken).error());
  }
  const auto path = text.substr(slash);
  url.path = path.substr(0, path.find_last_not_of('/') + 1);
  return url;
}

bool is_loopback(const Url& url) {
  constexpr std::uint32_t kLoopbackNet = 127;
  if (const auto address = parse_ipv4(url.host)) {
    return address->number >> 24 == kLoopbackNet;
  }
  in6_addr address{};
  const bool is_ipv6 = ::inet_pton(AF_INET6, url.host.c_str(), &address) == 1;
  return is_ipv6 ? IN6_IS_ADDR_LOOPBACK(&address) != 0 : url.host == "localhost";
}

}  // namespace ot::agent::http
