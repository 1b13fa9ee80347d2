#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/any_io_executor.hpp>

#include "agent/http/certificates.hpp"
#include "agent/http/transport.hpp"
#include "agent/http/url.hpp"

namespace ot::agent::http {

/// Through whom a connection is made, by CONNECT.
struct Proxy {
  Proxy() = default;
  explicit Proxy(Url place, std::string name = std::string(), std::string secret = std::string())
      : url(std::move(place)), user(std::move(name)), password(std::move(secret)) {}

  Url url;           ///< http://
  std::string user;  ///< empty: none
  std::string password;
};

/// Whom a connection is made to, and by what it is known.
struct ClientEndpoint {
  ClientEndpoint() = default;
  explicit ClientEndpoint(Url place, TlsContext context = nullptr)
      : url(std::move(place)), tls(std::move(context)) {}

  Url url;
  TlsContext tls;                 ///< of load_trust(); for https://
  std::vector<std::string> pins;  ///< beside what TLS checks; empty: none
  std::optional<Proxy> proxy;
};

/// How long the parts of open() may take, within its limit.
struct OpeningTimes {
  std::chrono::milliseconds connect{10'000};  ///< name, connection, proxy
  std::chrono::milliseconds handshake{10'000};
};

/// A connection that open() makes. Its errors name host and port: `forbidden` for what
/// must not be trusted, `refused`, `unreachable` without an address or a way there,
/// `silent`, `closed`, and `cancelled` after abort(). It opens once.
std::unique_ptr<Transport> make_client(const asio::any_io_executor& executor,
                                       ClientEndpoint endpoint,
                                       OpeningTimes times = OpeningTimes());

}  // namespace ot::agent::http
