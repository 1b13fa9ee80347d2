// Servers that nobody here wrote (openssl s_server) show what a client must not trust.

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/http/trust.hpp"
#include "tests/agent/http/authority.hpp"
#include "tests/agent/http/openssl_server.hpp"
#include "tests/agent/http/raw_server.hpp"
#include "tests/agent/http/run_client.hpp"
#include "tests/agent/http/running_server.hpp"
#include "tests/catch.hpp"

using namespace ot::tests;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace http = ot::agent::http;

namespace {

constexpr auto kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
constexpr auto kDay = 24h;

http::ClientEndpoint trusting(const std::string& ca, std::uint16_t port) {
  http::Trust trust;
  trust.ca = ca;
  const auto context = http::load_trust(trust);
  REQUIRE(context);
  return http::ClientEndpoint(url_of(port, "https"), *context);
}

http::ClientEndpoint with_certificate(const Authority& ca, const Authority& own,
                                      const std::string& name, std::uint16_t port) {
  http::Trust trust;
  trust.ca = ca.path("ca.crt");
  trust.certificate = own.path(name + ".crt");
  trust.key = own.path(name + ".key");
  const auto context = http::load_trust(trust);
  REQUIRE(context);
  return http::ClientEndpoint(url_of(port, "https"), *context);
}

/// What is complained about, without "127.0.0.1:PORT: "; no byte of HTTP may have arrived.
std::string refused(OpensslServer& server, const http::ClientEndpoint& endpoint) {
  RunningClient client(endpoint);
  const auto reply = client.get("/x");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code() == ot::Errc::forbidden);
  CHECK(server.output().find("GET ") == std::string::npos);
  const auto name = endpoint.url.authority() + ": ";
  CHECK_THAT(reply.error().message(), StartsWith(name));
  return reply.error().text().substr(name.size());
}

/// Whether the exchange is carried out, and what the client said arrived.
bool is_taken(OpensslServer& server, const http::ClientEndpoint& endpoint) {
  RunningClient client(endpoint);
  server.say(kAnswer);
  const auto reply = client.get("/x");
  CAPTURE(reply ? "" : reply.error().text());
  CHECK(reply);
  client.close();
  return reply && server.output().find("GET /x HTTP/1.1\r\nHost: ") != std::string::npos;
}

}  // namespace

TEST_CASE("a server whose certificate holds is talked to", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  const auto* version = GENERATE("-tls1_2", "-tls1_3");
  OpensslServer by_address(plant.path("hub"), {version});
  CHECK(is_taken(by_address, trusting(plant.path("ca.crt"), by_address.port())));
  OpensslServer by_name(plant.path("hub"), {version});
  auto endpoint = trusting(plant.path("ca.crt"), by_name.port());
  endpoint.url.host = "localhost";
  CHECK(is_taken(by_name, endpoint));
}

TEST_CASE("what the CA's file names is trusted, be it no CA", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  plant.sign_itself("alone");
  for (const auto* name : {"hub", "alone"}) {
    OpensslServer server(plant.path(name));
    CHECK(is_taken(server, trusting(plant.path(name) + ".crt", server.port())));
  }
}

TEST_CASE("a server asks the client by the name that it is known by", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  OpensslServer server(plant.path("hub"),
                       {"-servername", "localhost", "-servername_fatal", "-cert2",
                        plant.path("hub.crt"), "-key2", plant.path("hub.key")});
  auto endpoint = trusting(plant.path("ca.crt"), server.port());
  endpoint.url.host = "localhost";
  CHECK(is_taken(server, endpoint));
}

TEST_CASE("an expired certificate is refused with its date", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub", {.begins = -9 * kDay, .ends = -2 * kDay});
  OpensslServer server(plant.path("hub"));
  const auto text = refused(server, trusting(plant.path("ca.crt"), server.port()));
  const auto day = ot::iso8601(ot::now() - 2 * kDay).substr(0, 10);
  CHECK_THAT(text, StartsWith("its certificate expired on " + day));
  CHECK_THAT(text, Contains("; renew it there, or is the clock here right? It says 20"));
}

TEST_CASE("an expired CA is told from an expired server", "[http][tls][client]") {
  const Authority plant("Old CA", -2h);
  plant.issue("hub");
  OpensslServer server(plant.path("hub"));
  CHECK_THAT(refused(server, trusting(plant.path("ca.crt"), server.port())),
             StartsWith("the certificate of \"CN=Old CA\", which signed its own, expired on 20"));
}

TEST_CASE("a certificate of tomorrow is refused with its date", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub", {.begins = kDay});
  OpensslServer server(plant.path("hub"));
  const auto text = refused(server, trusting(plant.path("ca.crt"), server.port()));
  const auto day = ot::iso8601(ot::now() + kDay).substr(0, 10);
  CHECK_THAT(text, StartsWith("its certificate is not valid before " + day));
  CHECK_THAT(text, Contains("; is the clock here right? It says 20"));
}

TEST_CASE("a certificate for another name is refused with both", "[http][tls][client]") {
  const auto [hosts, subject, shown] = GENERATE(table<std::string, std::string, std::string>({
      {"DNS:hub.plant,IP:10.0.0.7", "hub", "hub.plant, 10.0.0.7"},
      {"IP:::1", "hub", "::1"},
      {"", "hub", "hub"},
      {"", "127.0.0.1", "127.0.0.1"},  // a name is no address
      {"email:a@b.example", "hub", "hub"},
      {"DNS:127.0.0.1", "hub", "127.0.0.1"},
      {"DNS:a,DNS:b,DNS:c,DNS:d,DNS:e,DNS:f,DNS:g", "hub", "a, b, c, d, e and 2 more"},
      {"", "\x1B[31mred", "\\x1b[31mred"},
  }));
  const Authority plant;
  plant.issue("hub", {.subject = subject, .hosts = hosts});
  OpensslServer server(plant.path("hub"));
  CHECK(refused(server, trusting(plant.path("ca.crt"), server.port())) ==
        fmt::format("its certificate is for {}, not for the address 127.0.0.1; name it in the "
                    "URL as its certificate does, or renew that with IP:127.0.0.1 as "
                    "subjectAltName",
                    shown));
}

TEST_CASE("names are compared as they must be", "[http][tls][client]") {
  const auto [hosts, fits] = GENERATE(table<std::string, bool>({
      {"DNS:localhost", true},
      {"DNS:LOCALHOST", true},
      {"DNS:*", false},
      {"DNS:local*", false},
      {"DNS:localhost.plant", false},
      {"IP:127.0.0.1", false},
  }));
  CAPTURE(hosts);
  const Authority plant;
  plant.issue("hub", {.hosts = hosts});
  OpensslServer server(plant.path("hub"));
  auto endpoint = trusting(plant.path("ca.crt"), server.port());
  endpoint.url.host = "localhost";
  if (fits) {
    CHECK(is_taken(server, endpoint));
  } else {
    CHECK_THAT(refused(server, endpoint),
               Contains(", not for localhost; name it in the URL as its certificate "
                        "does, or renew that with DNS:localhost as"));
  }
}

TEST_CASE("a certificate that nobody signed is refused", "[http][tls][client]") {
  const Authority plant;
  plant.sign_itself("alone", {.subject = "alone"});
  OpensslServer server(plant.path("alone"));
  CHECK(refused(server, trusting(plant.path("ca.crt"), server.port())) ==
        "its certificate is signed by itself (\"CN=alone\"), and nobody here knows it; name it as "
        "its own CA: ca = \"FILE\", once it is compared by another way");
}

TEST_CASE("a CA that nobody knows is named", "[http][tls][client]") {
  const Authority plant;
  const Authority other("Other CA");
  other.issue("hub");
  const auto endpoint = [&](const OpensslServer& server) {
    return trusting(plant.path("ca.crt"), server.port());
  };
  OpensslServer alone(other.path("hub"));
  CHECK(refused(alone, endpoint(alone)) ==
        "its certificate is signed by \"CN=Other CA\", whom nobody here knows; name its CA: ca = "
        "\"FILE\"; or the server leaves out a certificate between its own and the CA's");
  OpensslServer with_ca(other.path("hub"), {"-cert_chain", other.path("ca.crt")});
  CHECK(refused(with_ca, endpoint(with_ca)) ==
        "its certificate comes from \"CN=Other CA\", whom nobody here knows; name its CA: ca = "
        "\"FILE\"");
}

TEST_CASE("a context that was never loaded trusts nobody", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  OpensslServer server(plant.path("hub"));
  CHECK_THAT(refused(server, http::ClientEndpoint(url_of(server.port(), "https"))),
             Contains("whom nobody here knows"));
}

TEST_CASE("a pin is of the server's key, or of one that signed it", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  plant.issue("other");
  for (const auto* name : {"hub", "ca"}) {
    OpensslServer server(plant.path("hub"));
    auto endpoint = trusting(plant.path("ca.crt"), server.port());
    endpoint.pins = {plant.pin("other"), plant.pin(name)};
    CHECK(is_taken(server, endpoint));
  }
}

TEST_CASE("another key than the one that is pinned is refused", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  plant.issue("other");
  const auto* version = GENERATE("-tls1_2", "-tls1_3");
  OpensslServer server(plant.path("hub"), {version});
  auto endpoint = trusting(plant.path("ca.crt"), server.port());
  endpoint.pins = {plant.pin("other")};
  CHECK(refused(server, endpoint) ==
        fmt::format("its public key is not one that is pinned; it shows {}; compare it by another "
                    "way before you change pins",
                    plant.pin("hub")));
}

TEST_CASE("a pin does not make up for trust", "[http][tls][client]") {
  const Authority plant;
  plant.sign_itself("alone");
  OpensslServer server(plant.path("alone"));
  auto endpoint = trusting(plant.path("ca.crt"), server.port());
  endpoint.pins = {plant.pin("alone")};
  CHECK_THAT(refused(server, endpoint), StartsWith("its certificate is signed by itself"));
}

TEST_CASE("a pin that can't be read takes nobody", "[http][tls][client]") {
  auto endpoint = http::ClientEndpoint(url_of(closed_port(), "https"));
  endpoint.pins = {"nonsense"};
  CHECK_THAT(complaint(endpoint), Contains(": \"nonsense\" is no pin: that is the SHA-256"));
}

TEST_CASE("TLS 1.1 is not spoken, and told", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  OpensslServer server(plant.path("hub"), {"-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"});
  const auto text = refused(server, trusting(plant.path("ca.crt"), server.port()));
  CHECK_THAT(text, StartsWith("it speaks only TLS 1.1 or older ("));
  CHECK_THAT(text, Contains("; TLS 1.2 is the least; update it, or configure it there"));
}

TEST_CASE("a cipher without forward secrecy is not spoken", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  OpensslServer server(plant.path("hub"), {"-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"});
  CHECK_THAT(refused(server, trusting(plant.path("ca.crt"), server.port())),
             StartsWith("it finds no cipher that both sides speak ("));
}

TEST_CASE("a server that wants a certificate is told from one that does not",
          "[http][tls][client]") {
  const Authority plant;
  const Authority other("Other CA");
  plant.issue("hub");
  plant.issue("gateway", {.subject = "gateway"});
  plant.issue("old", {.begins = -9 * kDay, .ends = -2 * kDay});
  other.issue("stranger");
  const std::string version = GENERATE("-tls1_2", "-tls1_3");
  const auto server = [&] {
    return std::make_unique<OpensslServer>(
        plant.path("hub"), std::vector<std::string>{version, "-Verify", "1", "-CAfile",
                                                    plant.path("ca.crt"), "-verify_return_error"});
  };
  const auto none = server();
  const auto wanted = refused(*none, trusting(plant.path("ca.crt"), none->port()));
  CHECK_THAT(wanted, StartsWith("it wants a certificate of ours ("));
  CHECK_THAT(wanted, Contains("; name one that it knows: certificate = \"FILE\", key = \"FILE\""));
  const auto unknown = server();
  const auto text = refused(*unknown, with_certificate(plant, other, "stranger", unknown->port()));
  CHECK_THAT(text, StartsWith("it refuses our certificate ("));
  CHECK_THAT(text, Contains("does the server know the CA that signed it? Its log says why"));
  const auto expired = server();
  CHECK_THAT(refused(*expired, with_certificate(plant, plant, "old", expired->port())),
             StartsWith("it refuses our certificate ("));
  const auto known = server();
  CHECK(is_taken(*known, with_certificate(plant, plant, "gateway", known->port())));
}

TEST_CASE("our certificate is not shown to a server that is not trusted", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  plant.issue("gateway", {.subject = "the-gateway"});
  const std::string version = GENERATE("-tls1_2", "-tls1_3");
  OpensslServer server(plant.path("hub"), {version, "-verify", "1"});
  auto endpoint = with_certificate(plant, plant, "gateway", server.port());
  endpoint.pins = {plant.pin("gateway")};
  CHECK_THAT(refused(server, endpoint), StartsWith("its public key is not one that is pinned"));
  CHECK(server.output().find("the-gateway") == std::string::npos);
}

TEST_CASE("HTTP on a port that should speak TLS is told", "[http][tls][client]") {
  const auto endpoint = [](std::uint16_t port) {
    return http::ClientEndpoint(url_of(port, "https"));
  };
  RunningServer ours;
  CHECK_THAT(complaint(endpoint(ours.port())),
             Contains(": it does not answer in TLS (wrong version number); is this a port of "
                      "http://? Name the one of https://"));
  RawServer chatty({[](Peer& peer) {
    peer.send("220 mail.example ESMTP\r\n");
    peer.wait_for_end();
  }});
  CHECK_THAT(complaint(endpoint(chatty.port())), Contains(": it does not answer in TLS ("));
}

TEST_CASE("a handshake that is not answered ends in time, or when it is cut",
          "[http][tls][client]") {
  http::ClientLimits limits;
  limits.handshake = 100ms;
  RawServer mute({[](Peer& peer) { peer.wait_for_end(); }});
  CHECK_THAT(complaint(http::ClientEndpoint(url_of(mute.port(), "https")), limits),
             Contains(": no answer in time in the TLS handshake"));
  RawServer gone({[](Peer& peer) { peer.rest(20s); }});
  CHECK_THAT(complaint(http::ClientEndpoint(url_of(gone.port(), "https"))),
             Contains(": it ended the connection in the TLS handshake"));
}

TEST_CASE("a body without a length counts as whole when TLS ends in order", "[http][tls][client]") {
  const Authority plant;
  plant.issue("hub");
  OpensslServer server(plant.path("hub"), {"-www"});
  RunningClient client(trusting(plant.path("ca.crt"), server.port()));
  const auto reply = client.get("/");
  CAPTURE(reply ? "" : reply.error().text());
  REQUIRE(reply);
  CHECK(reply->status == 200);
  CHECK(reply->body.find("</HTML>") != std::string::npos);
}
