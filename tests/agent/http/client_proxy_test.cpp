#include <fmt/format.h>

#include "agent/http/trust.hpp"
#include "tests/agent/http/authority.hpp"
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

constexpr auto kEstablished = "HTTP/1.1 200 Connection established\r\n\r\n";
constexpr auto kWantsBasic =
    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"plant\"\r\n"
    "Content-Length: 4\r\n\r\nwho?";

/// Lets those through that come with the right name: "joe" with "open sesame".
Scene tunnels_to(std::uint16_t port) {
  return [port](Peer& peer) {
    const auto request = peer.request();
    if (request.find("\r\nProxy-Authorization: Basic am9lOm9wZW4gc2VzYW1l\r\n") == request.npos) {
      return peer.send(kWantsBasic);
    }
    peer.send(kEstablished);
    peer.relay(port);
  };
}

http::ClientEndpoint through(std::uint16_t proxy, http::Url url, const std::string& user = "joe",
                             const std::string& password = "open sesame") {
  http::ClientEndpoint endpoint(std::move(url));
  endpoint.proxy = http::Proxy(url_of(proxy), user, password);
  return endpoint;
}

/// What a proxy's answer is made of, without the names; `target` stands for the server.
std::string complaint_of(const std::string& answer, const std::string& user = "joe") {
  RawServer proxy({answers(answer)});
  const auto text = complaint(through(proxy.port(), url_of(9, "https", "hub.example"), user));
  CHECK(text.find("sesame") == std::string::npos);
  const auto names = fmt::format("hub.example:9: proxy 127.0.0.1:{}: ", proxy.port());
  REQUIRE(text.find(names) == 0);
  return text.substr(names.size());
}

}  // namespace

TEST_CASE("a proxy is asked for the way, and then not seen", "[http][client][proxy]") {
  RunningServer server;
  RawServer proxy({tunnels_to(server.port())});
  {
    RunningClient client(through(proxy.port(), url_of(server.port())));
    for (int i = 0; i < 3; ++i) {
      const auto reply = client.get("/open/x");
      CAPTURE(reply ? "" : reply.error().text());
      REQUIRE(reply);
      CHECK(reply->body == "/open/x");
    }
    client.close();
  }
  CHECK(proxy.requests() ==
        std::vector<std::string>{fmt::format(
            "CONNECT 127.0.0.1:{0} HTTP/1.1\r\nHost: 127.0.0.1:{0}\r\nUser-Agent: {1}\r\n"
            "Proxy-Authorization: Basic am9lOm9wZW4gc2VzYW1l\r\n\r\n",
            server.port(), http::user_agent())});
}

TEST_CASE("TLS goes through a proxy, with name and pin checked behind it",
          "[http][client][proxy]") {
  const Authority plant;
  plant.issue("hub", {.hosts = "DNS:hub.example"});
  auto options = any_port();
  options.certificates = http::CertificateFiles{plant.path("hub.crt"), plant.path("hub.key")};
  RunningServer server(options);
  RawServer proxy({tunnels_to(server.port()), tunnels_to(server.port())});
  http::Trust trust;
  trust.ca = plant.path("ca.crt");
  // Nobody here knows this name; the proxy does.
  auto endpoint = through(proxy.port(), url_of(443, "https", "hub.example"));
  endpoint.tls = *http::load_trust(trust);
  endpoint.pins = {plant.pin("hub")};
  RunningClient client(endpoint);
  CHECK(client.get("/open/1"));
  CHECK(client.get("/open/2")->body == "/open/2");
  CHECK(server.counters().accepted == 1);
  client.close();
  server.wait_until_open(0);
  endpoint.url.host = "other.example";
  CHECK_THAT(complaint(endpoint), Contains("its certificate is for hub.example, not for other"));
}

TEST_CASE("a proxy that wants credentials is told from one that refuses them",
          "[http][client][proxy]") {
  CHECK(complaint_of(kWantsBasic, "") ==
        "it wants credentials (407); set proxy_user and proxy_password_file");
  CHECK(complaint_of(kWantsBasic) ==
        "it refused the credentials (407); correct proxy_user and proxy_password_file");
  CHECK(complaint_of("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n"
                     "Proxy-Authenticate: NTLM\r\n\r\n") ==
        "it wants credentials (407) of a kind that is not spoken here: Negotiate; Basic is spoken "
        "here; or let it pass this machine without");
  CHECK(complaint_of("HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n"
                     "Proxy-Authenticate: basic realm=x\r\n\r\n")
            .find("it refused the credentials") == 0);
}

TEST_CASE("a proxy that opens no way is quoted", "[http][client][proxy]") {
  CHECK(complaint_of("HTTP/1.1 403 \xE2\x80\xAE"
                     "No\r\n\r\n") ==
        "it refused the way to hub.example:9 (403 \\u{202e}No); its rules must allow CONNECT to "
        "that host and port");
  CHECK(complaint_of("HTTP/1.1 502 Bad Gateway\r\n\r\n") ==
        "it does not reach hub.example:9 (502 Bad Gateway); does the proxy know the name, and is "
        "the server up?");
  CHECK_THAT(complaint_of("HTTP/1.1 302 \r\n\r\n"),
             StartsWith("it refused the way to hub.example:9 (302 Found);"));
  CHECK(complaint_of(std::string(kEstablished) + "HTTP/1.1 200 OK\r\n") ==
        "it said more than that the tunnel is there");
  CHECK(complaint_of("220 mail.example\r\n") == "this is no HTTP/1.1 reply: bad version");
  CHECK(complaint_of("HTTP/1.1 200") == "it ended the connection");
}

TEST_CASE("a proxy that is not there, or mute, is told from the server", "[http][client][proxy]") {
  const auto target = url_of(9, "https", "hub.example");
  CHECK_THAT(
      complaint(through(closed_port(), target)),
      Contains("hub.example:9: proxy 127.0.0.1:") && Contains(": the connection was refused"));
  http::ClientLimits limits;
  limits.connect = 100ms;
  RawServer mute({[](Peer& peer) { peer.wait_for_end(); }});
  CHECK_THAT(complaint(through(mute.port(), target), limits), Contains(": no answer in time"));
}

TEST_CASE("a proxy that can't be asked is not", "[http][client][proxy]") {
  const auto target = url_of(9, "https", "hub.example");
  RawServer proxy(
      {[](Peer& peer) { peer.wait_for_end(); }, [](Peer& peer) { peer.wait_for_end(); }});
  CHECK_THAT(complaint(through(proxy.port(), target, "a:b")),
             Contains("a proxy's user has no colon in it"));
  auto endpoint = through(proxy.port(), target);
  endpoint.proxy->url.scheme = "https";
  CHECK_THAT(complaint(endpoint), Contains("a proxy is spoken to without TLS here; name it with "
                                           "http://"));
  CHECK(proxy.requests().empty());
}
