#include "agent/http/client.hpp"

#include <future>

#include <fmt/format.h>
#include <boost/asio/steady_timer.hpp>

#include "base/async.hpp"
#include "tests/agent/http/raw_server.hpp"
#include "tests/agent/http/run_client.hpp"
#include "tests/agent/http/running_server.hpp"
#include "tests/catch.hpp"

using namespace ot::tests;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace http = ot::agent::http;

namespace {

constexpr auto kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

http::ClientEndpoint to(std::uint16_t port) {
  return http::ClientEndpoint(url_of(port));
}

http::OutgoingRequest with_body(std::string body) {
  http::OutgoingRequest request("POST", "/x");
  request.body = std::move(body);
  return request;
}

/// What an exchange with the scene ends in.
std::string complaint_of(Scene scene, http::ClientLimits limits = http::ClientLimits()) {
  RawServer server({std::move(scene)});
  const auto text = complaint(to(server.port()), limits);
  const auto name = fmt::format("127.0.0.1:{}: ", server.port());
  return text.find(name) == 0 ? text.substr(name.size()) : text;
}

}  // namespace

TEST_CASE("a connection is kept between exchanges", "[http][client]") {
  RunningServer server;
  RunningClient client(to(server.port()));
  for (int i = 0; i < 3; ++i) {
    const auto reply = client.get(fmt::format("/open/{}", i));
    REQUIRE(reply);
    CHECK(reply->status == 200);
    CHECK(reply->body == fmt::format("/open/{}", i));
    CHECK(reply->header("Count") == "17");
  }
  CHECK(client.get("/x")->status == 401);
  http::OutgoingRequest request("GET", "/x?a=1");
  request.headers.emplace_back("Authorization", fmt::format("Bearer {}", kToken));
  CHECK(client.exchange(request)->body == "/x a=1");
  CHECK(client.exchange(with_body(std::string(1000, 'a')))->status >= 400);
  CHECK(client.get("/open/large")->body.size() == 1 << 20);
  CHECK(server.counters().accepted == 1);
  client.close();
  server.wait_until_open(0);
  CHECK(client.get("/open")->status == 200);
  CHECK(server.counters().accepted == 2);
}

TEST_CASE("a request says what it must and nothing else", "[http][client]") {
  RawServer server({[](Peer& peer) {
    answers(kOk)(peer);
    answers(kOk)(peer);
    answers(kOk)(peer);
  }});
  auto endpoint = to(server.port());
  endpoint.url.path = "/prefix";
  RunningClient client(endpoint);
  REQUIRE(client.get("/x?a=b"));
  auto request = with_body("body");
  request.headers.emplace_back("Content-Type", "text/plain");
  REQUIRE(client.exchange(request));
  REQUIRE(client.exchange(with_body("")));
  const auto head = [&server](const char* line) {
    return fmt::format(
        "{}\r\nHost: 127.0.0.1:{}\r\nUser-Agent: {}\r\nAccept-Encoding: identity\r\n", line,
        server.port(), http::user_agent());
  };
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);
  CHECK(requests[0] == head("GET /prefix/x?a=b HTTP/1.1") + "\r\n");
  CHECK(requests[1] == head("POST /prefix/x HTTP/1.1") +
                           "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\nbody");
  CHECK(requests[2] == head("POST /prefix/x HTTP/1.1") + "Content-Length: 0\r\n\r\n");
  CHECK(http::user_agent().find("rackscout/") == 0);
}

TEST_CASE("a request that would break its form is not sent, and tells no secret",
          "[http][client]") {
  RunningClient client(to(closed_port()));
  const auto refused = [&client](const http::OutgoingRequest& request) {
    const auto reply = client.exchange(request);
    REQUIRE_FALSE(reply);
    CHECK(reply.error().code() == ot::Errc::wrong_use);
    CHECK(reply.error().text().find("secret") == std::string::npos);
    return reply.error().text();
  };
  for (const auto* target : {"", "x", "/a b", "/a\r\nX: y", "http://x/"}) {
    CHECK_THAT(refused({"GET", target}), Contains("no method and path that can be sent"));
  }
  CHECK_THAT(refused({"GET /", "/"}), Contains("no method and path that can be sent"));
  for (const auto* name : {"", "a b", "a:", "Host", "content-length", "Transfer-Encoding"}) {
    http::OutgoingRequest request("GET", "/");
    request.headers.emplace_back(name, "secret");
    CHECK_THAT(refused(request), EndsWith(fmt::format("\"{}\" is no header to be set", name)));
  }
  for (const auto* value : {"Bearer secret\r\nX: y", "Bearer secret\n", "secret\x7F"}) {
    http::OutgoingRequest request("GET", "/");
    request.headers.emplace_back("Authorization", value);
    CHECK_THAT(refused(request), Contains("the value for header Authorization has a line break"));
  }
}

TEST_CASE("a kept connection that ended is made anew, once", "[http][client]") {
  RawServer server({answers(kOk), answers(kOk), [](Peer& peer) { peer.request(); }});
  RunningClient client(to(server.port()));
  CHECK(client.get("/1"));
  CHECK(client.get("/2"));
  const auto third = client.get("/3");
  REQUIRE_FALSE(third);
  CHECK(third.error().code() == ot::Errc::closed);
  CHECK_THAT(third.error().text(), EndsWith("the connection ended before a reply came"));
  const auto requests = server.requests();
  REQUIRE(requests.size() == 3);  // those that reached a connection that was open
  CHECK(requests[2].find("GET /3 ") == 0);
}

TEST_CASE("a kept connection that is reset is made anew", "[http][client]") {
  RawServer server({[](Peer& peer) {
                      answers(kOk)(peer);
                      peer.request();
                      peer.reset();
                    },
                    answers(kOk)});
  RunningClient client(to(server.port()));
  CHECK(client.get("/1"));
  CHECK(client.get("/2"));
  CHECK(server.requests().size() == 3);
}

TEST_CASE("a server that was tired of waiting is asked again", "[http][client]") {
  constexpr auto kTired = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n";
  RawServer server({[](Peer& peer) {
                      answers(kOk)(peer);
                      answers(kTired)(peer);
                    },
                    answers(kOk), answers(kTired)});
  RunningClient client(to(server.port()));
  CHECK(client.get("/1"));
  CHECK(client.get("/2")->status == 200);
  client.close();
  CHECK(client.get("/3")->status == 408);
}

TEST_CASE("a request is not repeated once its reply has begun, or on a new connection",
          "[http][client]") {
  RawServer server({[](Peer& peer) {
                      answers(kOk)(peer);
                      answers("HTTP/1.1 200")(peer);
                    },
                    [](Peer& peer) { peer.request(); }});
  RunningClient client(to(server.port()));
  CHECK(client.get("/1"));
  CHECK_THAT(client.get("/2").error().text(), EndsWith("the reply was cut short after 12 bytes"));
  CHECK_THAT(client.get("/3").error().text(), EndsWith("the connection ended before a reply came"));
  CHECK(server.requests().size() == 3);
}

TEST_CASE("a connection goes on no further than the server says", "[http][client]") {
  const auto* text =
      GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok",
               "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\n\r\nok",
               "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
  RawServer server({answers(text), answers(kOk)});
  RunningClient client(to(server.port()));
  CHECK(client.get("/1")->body == "ok");
  CHECK(client.get("/2")->body == "ok");
  CHECK(server.requests().size() == 2);
}

TEST_CASE("redirects are not followed", "[http][client]") {
  RawServer server(
      {answers("HTTP/1.1 307 Go\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n")});
  RunningClient client(to(server.port()));
  const auto reply = client.get("/x");
  REQUIRE(reply);
  CHECK(reply->status == 307);
  CHECK(reply->header("location") == "http://evil.example/");
}

TEST_CASE("a reply that is not whole is none", "[http][client]") {
  CHECK(complaint_of([](Peer& peer) { peer.request(); }) ==
        "the connection ended before a reply came");
  CHECK(complaint_of(answers("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")) ==
        "the reply was cut short after 41 bytes");
  CHECK(
      complaint_of(answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")) ==
      "the reply was cut short after 55 bytes");
  const auto reset = complaint_of([](Peer& peer) {
    answers("HTTP/1.1 200 OK\r\n\r\nabc")(peer);
    peer.reset();
  });
  CHECK_THAT(reset, Contains("the reply was cut short after") ||
                        Contains("the connection ended before a reply came"));
  CHECK(complaint_of(answers("SSH-2.0-x\r\n")) == "this is no HTTP/1.1 reply: bad version");
  http::ClientLimits limits;
  limits.most_reply = 4;
  CHECK(complaint_of(answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), limits) ==
        "the reply is over 4 bytes");
}

TEST_CASE("a server that refuses a body is heard", "[http][client]") {
  RawServer server({[](Peer& peer) {
    peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    peer.rest(20s);
  }});
  RunningClient client(to(server.port()));
  const auto reply = client.exchange(with_body(std::string(32 << 20, 'a')));
  CAPTURE(reply ? "" : reply.error().text());
  REQUIRE(reply);
  CHECK(reply->status == 413);
}

TEST_CASE("each step has its time", "[http][client]") {
  http::ClientLimits limits;
  limits.reply = 100ms;
  const auto mute = [](Peer& peer) { peer.wait_for_end(); };
  CHECK(complaint_of(mute, limits) == "no answer in time");
  const auto half = [](Peer& peer) {
    answers("HTTP/1.1 200")(peer);
    peer.wait_for_end();
  };
  CHECK(complaint_of(half, limits) == "no answer in time");
  limits.reply = 20s;
  limits.body = 100ms;
  const auto no_body = [](Peer& peer) {
    answers("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")(peer);
    peer.wait_for_end();
  };
  CHECK(complaint_of(no_body, limits) == "the reply did not come whole in time");
}

TEST_CASE("a server that answers byte by byte does not make time longer", "[http][client]") {
  http::ClientLimits limits;
  limits.reply = 200ms;
  const auto begin = std::chrono::steady_clock::now();
  const auto dribble = [](Peer& peer) {
    answers("HTTP/1.1 200 OK\r\nX: ")(peer);
    for (int i = 0; i < 1000; ++i) {
      peer.send("a");
      peer.rest(20ms);
    }
  };
  CHECK(complaint_of(dribble, limits) == "no answer in time");
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("a server that takes nothing is given up", "[http][client]") {
  http::ClientLimits limits;
  limits.write = 100ms;
  limits.slowest_write = 1 << 30;
  std::promise<void> given_up;
  RawServer server({[&given_up](Peer& /*peer*/) { given_up.get_future().wait(); }});
  RunningClient client(to(server.port()), limits);
  const auto reply = client.exchange(with_body(std::string(32 << 20, 'a')));
  given_up.set_value();
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code() == ot::Errc::silent);
  CHECK_THAT(reply.error().text(), EndsWith("it did not take in time what was sent"));
}

TEST_CASE("no connection is told with its reason", "[http][client]") {
  const auto port = closed_port();
  RunningClient client(to(port));
  const auto refused = client.get("/x");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == ot::Errc::refused);
  CHECK(refused.error().text() ==
        fmt::format("127.0.0.1:{}: the connection was refused; does it run there, and is this its "
                    "port?",
                    port));
  auto by_name = to(port);
  by_name.url.host = "localhost";
  CHECK_THAT(complaint(by_name),
             Contains(fmt::format("localhost:{}: 127.0.0.1: the connection was refused", port)) ||
                 Contains(fmt::format("localhost:{}: ::1: the connection was refused", port)));
  // No name server is asked for a label that long.
  by_name.url.host = std::string(64, 'a');
  RunningClient nowhere(by_name);
  const auto unknown = nowhere.get("/x");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code() == ot::Errc::unreachable);
  CHECK_THAT(unknown.error().text(), Contains("no address is known for aaaa"));
}

TEST_CASE("a name's addresses are tried one after the other", "[http][client]") {
  RunningServer server;  // on 127.0.0.1 alone
  auto endpoint = to(server.port());
  endpoint.url.host = "localhost";
  CHECK(complaint(endpoint) == "401");
}

TEST_CASE("what is under way can be ended", "[http][client]") {
  const std::string scheme = GENERATE("http", "https");
  RawServer server({[](Peer& peer) { peer.wait_for_end(); }, answers(kOk)});
  RunningClient client(http::ClientEndpoint(url_of(server.port(), scheme)));
  boost::asio::steady_timer soon(client.io(), 50ms);
  soon.async_wait([&client](const auto& /*code*/) { client.client().abort(); });
  const auto reply = client.get("/x");
  REQUIRE_FALSE(reply);
  CHECK(reply.error().code() == ot::Errc::cancelled);
  CHECK_THAT(reply.error().text(), EndsWith(": stopped"));
  if (scheme == "http") {
    CHECK(client.get("/x"));  // a later one begins anew
  }
}

TEST_CASE("an exchange that is given up leaves a client that can be used", "[http][client]") {
  RawServer server({[](Peer& peer) {
                      answers(kOk)(peer);
                      answers("HTTP/1.1 200")(peer);
                      peer.wait_for_end();
                    },
                    answers(kOk)});
  RunningClient client(to(server.port()));
  CHECK(client.get("/1"));
  auto exchange = client.client().exchange(get_request("/2"));
  const auto given_up = wait_for(client.io(), ot::within(std::move(exchange), 100ms));
  CHECK_FALSE(given_up);
  CHECK(client.get("/3")->body == "ok");
  CHECK(server.requests().size() == 3);
}

TEST_CASE("a name is not waited for longer than a connection may take", "[http][client]") {
  http::ClientLimits limits;
  limits.connect = 0ms;
  auto endpoint = to(closed_port());
  endpoint.url.host = "localhost";
  // Where the machine is busy, a name may be there before a limit of nothing is over.
  bool was_given_up = false;
  for (int tries = 0; tries < 50 && !was_given_up; ++tries) {
    RunningClient client(endpoint, limits);
    const auto reply = client.get("/x");
    REQUIRE_FALSE(reply);
    was_given_up = reply.error().code() == ot::Errc::silent;
  }
  CHECK(was_given_up);
}

TEST_CASE("an exchange that was never begun can be ended, too", "[http][client]") {
  RawServer server({answers(kOk)});
  RunningClient client(to(server.port()));
  client.client().abort();
  CHECK(client.get("/x"));
  client.client().abort();
  client.close();
}
