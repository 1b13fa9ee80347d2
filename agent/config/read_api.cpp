#include <arpa/inet.h>
#include <netinet/in.h>

#include <fmt/format.h>

#include "agent/config/keys.hpp"
#include "agent/config/sections.hpp"

namespace ot::agent {
namespace {

enum class Reach { no_address, loopback, network };

Reach reach_of(const std::string& address) {
  if (const auto v4 = parse_ipv4(address)) {
    constexpr std::uint32_t kLoopback = 127;
    return v4->number >> 24 == kLoopback ? Reach::loopback : Reach::network;
  }
  in6_addr v6{};
  if (::inet_pton(AF_INET6, address.c_str(), &v6) != 1) {
    return Reach::no_address;
  }
  return IN6_IS_ADDR_LOOPBACK(&v6) ? Reach::loopback : Reach::network;
}

void check_address(TableReader& reader, const ApiConfig& api) {
  const auto reach = reach_of(api.address);
  if (reach == Reach::no_address) {
    return reader.mistake("address", quote(api.address) + " is no IP address",
                          R"(write "127.0.0.1", or "0.0.0.0" for all of this gateway's addresses)");
  }
  if (reach == Reach::network && !api.uses_tls() && api.enabled) {
    reader.mistake(
        "address", fmt::format("{} is reached from the network, and there is no TLS", api.address),
        R"(name a certificate and its key, or listen here alone: address = "127.0.0.1")");
  }
}

/// One key of a login server signs for all the programs behind it.
void check_audience(TableReader& reader, const JwtConfig& jwt) {
  if (jwt.algorithm != JwtConfig::Algorithm::hs256 && reader.is_unnamed("audience")) {
    reader.warning("audience",
                   "is not named: every token of this login server opens the API, whatever "
                   "program it was issued for",
                   R"(for example: audience = "rackscout", as the login server calls this API)");
  }
}

}  // namespace

void read_api(TableReader& reader, Config& config) {
  auto& api = config.api;
  api.enabled = reader.flag("enabled", api.enabled);
  api.address = reader.text("address", api.address);
  const auto port = reader.number("port", api.port, {.least = 0, .most = 0xFFFF});
  api.port = static_cast<std::uint16_t>(port);
  api.certificate = reader.path("certificate");
  api.key = reader.secret("key");
  api.token_file = reader.secret("token_file");
  api.open_metrics = reader.flag("open_metrics", api.open_metrics);
  api.connections = reader.number("connections", api.connections, {.least = 1, .most = 1024});
  check_address(reader, api);
  reader.require_with("certificate", "key", "its private key is not named");
  reader.require_with("key", "certificate", "its certificate is not named");
}

void read_jwt(TableReader& reader, Config& config) {
  JwtConfig jwt;
  jwt.algorithm = static_cast<JwtConfig::Algorithm>(
      reader.word("algorithm", kAlgorithmWords, static_cast<std::size_t>(jwt.algorithm)));
  jwt.key_file = reader.secret("key_file");
  if (reader.is_unnamed("key_file")) {
    reader.mistake("key_file", "is missing: without it no token can be checked");
  }
  jwt.issuer = reader.text("issuer");
  jwt.audience = reader.text("audience");
  check_audience(reader, jwt);
  config.api.jwt = std::move(jwt);
}

}  // namespace ot::agent
