#include "agent/http/tunnel.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "agent/http/base64.hpp"
#include "agent/http/outgoing.hpp"
#include "agent/http/target.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

constexpr auto kKeys = "proxy_user and proxy_password_file";

bool offers_basic(const Reply& reply) {
  return std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto& header) {
    return equals_ignoring_case(header.first, "Proxy-Authenticate") &&
           to_lower_ascii(header.second).find("basic") != std::string::npos;
  });
}

Error wants_credentials(const Reply& reply, const Proxy& proxy) {
  const auto offered = reply.header("Proxy-Authenticate");
  if (!offered.empty() && !offers_basic(reply)) {
    return Error(Errc::forbidden, fmt::format("it wants credentials (407) of a kind that is not "
                                              "spoken here: {}",
                                              shown(offered)))
        .hint("Basic is spoken here; or let it pass this machine without");
  }
  if (proxy.user.empty()) {
    return Error(Errc::forbidden, "it wants credentials (407)").hint(fmt::format("set {}", kKeys));
  }
  return Error(Errc::forbidden, "it refused the credentials (407)")
      .hint(fmt::format("correct {}", kKeys));
}

std::string status_text(const Reply& reply) {
  return std::string(trim(fmt::format("{} {}", reply.status, shown(reply.reason))));
}

}  // namespace

Result<std::string> tunnel_request(const Url& target, const Proxy& proxy) {
  if (proxy.url.is_tls()) {
    return fail(Error(Errc::unsupported, "a proxy is spoken to without TLS here")
                    .hint("name it with http://; what goes through it keeps its own TLS"));
  }
  // RFC 7617, 2: the first colon ends the user.
  if (proxy.user.find(':') != proxy.user.npos) {
    return fail(Errc::wrong_use, "a proxy's user has no colon in it");
  }
  auto text = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\nUser-Agent: {1}\r\n",
                          target.authority(), user_agent());
  if (!proxy.user.empty()) {
    text += fmt::format("Proxy-Authorization: Basic {}\r\n",
                        base64(fmt::format("{}:{}", proxy.user, proxy.password)));
  }
  return text + "\r\n";
}

Result<void> judge_tunnel(const Reply& reply, bool is_quiet, const Url& target,
                          const Proxy& proxy) {
  constexpr unsigned kGood = 2;
  constexpr unsigned kServerErrors = 5;
  constexpr unsigned kWantsCredentials = 407;
  const auto kind = reply.status / 100;
  if (kind == kGood && is_quiet) {
    return {};
  }
  if (kind == kGood) {
    return fail(Errc::malformed, "it said more than that the tunnel is there");
  }
  if (reply.status == kWantsCredentials) {
    return fail(wants_credentials(reply, proxy));
  }
  if (kind == kServerErrors) {
    return fail(Error(Errc::unreachable, fmt::format("it does not reach {} ({})",
                                                     target.authority(), status_text(reply)))
                    .hint("does the proxy know the name, and is the server up?"));
  }
  return fail(Error(Errc::forbidden, fmt::format("it refused the way to {} ({})",
                                                 target.authority(), status_text(reply)))
                  .hint("its rules must allow CONNECT to that host and port"));
}

}  // namespace ot::agent::http
