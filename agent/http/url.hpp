#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent::http {

/// Where a server is: "https://hub.example:8640/prefix".
struct Url {
  Url() = default;

  std::string scheme;  ///< "http" or "https"
  std::string host;    ///< in lower case; an IPv6 address without its brackets
  std::uint16_t port = 0;
  std::string path;  ///< a prefix, without a slash at its end; may be empty

  bool is_tls() const { return scheme == "https"; }

  /// "hub.example:8640", "[::1]:443": always with the port.
  std::string authority() const;

  /// The same as a Host field has it: without the port that the scheme means anyhow.
  std::string host_field() const;
};

/// Without user, query and fragment. An error quotes nothing that could be a secret.
Result<Url> parse_url(std::string_view text);

/// Whether it is this machine: localhost, 127.0.0.0/8 or ::1.
bool is_loopback(const Url& url);

}  // namespace ot::agent::http
