#include "agent/http/server.hpp"

#include <fmt/format.h>

#include "tests/agent/http/client.hpp"
#include "tests/agent/http/inflate.hpp"
#include "tests/agent/http/running_server.hpp"
#include "tests/catch.hpp"

using namespace ot::tests;
using namespace std::chrono_literals;

namespace http = ot::agent::http;

namespace {

http::ServerOptions with_limits(const http::Limits& limits) {
  auto options = any_port();
  options.limits = limits;
  return options;
}

std::string authorized(std::string_view path, std::string_view more = {}) {
  return get(path, kAuthorization + std::string(more));
}

}  // namespace

TEST_CASE("a request reaches the handler, and its answer the client", "[http][server]") {
  RunningServer server;
  const auto reply = ask(server.port(), authorized("/ot/v1/x?filter=a%20b&page=2"));
  CHECK(reply.status == 200);
  CHECK(reply.body == "/ot/v1/x filter=a b page=2");
  CHECK(reply.header("count") == "17");
  CHECK(reply.header("content-type") == "application/json");
  CHECK(reply.header("cache-control") == "no-cache,no-store,max-age=0,must-revalidate");
  CHECK(reply.header("vary") == "Accept-Encoding");
  CHECK(reply.header("date").size() == 29);
}

TEST_CASE("a token is asked for, except where none is needed", "[http][server]") {
  RunningServer server;
  CHECK(ask(server.port(), get("/open")).status == 200);
  const auto none = ask(server.port(), get("/x"));
  CHECK(none.status == 401);
  CHECK(none.header("www-authenticate") == "Bearer realm=\"rackscout\"");
  CHECK(none.body ==
        R"({"responseCode":"UNAUTHORIZED",)"
        R"("responseMessage":"a valid token is needed: Authorization: Bearer TOKEN"})");
  const auto wrong = ask(server.port(), get("/x", "Authorization: Bearer wrong\r\n"));
  CHECK(wrong.status == 401);
  CHECK(wrong.header("www-authenticate") == "Bearer realm=\"rackscout\", error=\"invalid_token\"");
  CHECK(wrong.body == none.body);
  CHECK(ask(server.port(), authorized("/x", kAuthorization)).status == 401);  // twice
  CHECK(ask(server.port(), get("/x", "Authorization: Basic dTpw\r\n")).status == 401);
  CHECK(server.counters().wrong_tokens == 1);
}

TEST_CASE("too many wrong tokens make an address wait", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  for (int i = 0; i < 5; ++i) {
    client.send(get("/x", "Authorization: Bearer wrong\r\n"));
    CHECK(client.reply().status == 401);
  }
  client.send(authorized("/x"));
  const auto reply = client.reply();
  CHECK(reply.status == 429);
  CHECK(reply.header("retry-after") == "15");
  CHECK(reply.body.find("TOO_MANY_FAILURES") != std::string::npos);
  client.send(get("/open"));
  CHECK(client.reply().status == 200);
  CHECK(server.counters().waits == 1);
}

TEST_CASE("HEAD is answered as GET is, without the body", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  client.send(authorized("/x"));
  const auto got = client.reply();
  client.send("HEAD /x HTTP/1.1\r\nHost: localhost\r\n" + std::string(kAuthorization) + "\r\n");
  auto head = client.reply(true);
  head.headers["date"] = got.header("date");
  CHECK(head.status == 200);
  CHECK(head.headers == got.headers);
  CHECK(head.header("content-length") == "2");
  client.send("HEAD /open/large HTTP/1.1\r\nHost: a.localhost\r\n\r\n");
  CHECK(client.reply(true).status == 421);
  client.send("HEAD /open/large HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n");
  const auto zipped = client.reply(true);
  CHECK(zipped.header("content-encoding") == "gzip");
  client.send(get("/open/large", "Accept-Encoding: gzip\r\n"));
  CHECK(client.reply().header("content-length") == zipped.header("content-length"));
}

TEST_CASE("OPTIONS tells the methods, others are refused with them", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  for (const char* target : {"*", "/x"}) {
    client.send(fmt::format("OPTIONS {} HTTP/1.1\r\nHost: localhost\r\n\r\n", target));
    const auto reply = client.reply();
    CHECK(reply.status == 204);
    CHECK(reply.header("allow") == "GET, HEAD, OPTIONS");
    CHECK(reply.headers.count("content-length") == 0);
  }
  for (const char* line : {"POST /x", "PUT /x", "DELETE /x", "PATCH /x", "TRACE /x", "FOO /x",
                           "get /x", "CONNECT localhost:80"}) {
    CAPTURE(line);
    client.send(
        fmt::format("{} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc", line));
    const auto reply = client.reply();
    CHECK(reply.status == 405);
    CHECK(reply.header("allow") == "GET, HEAD, OPTIONS");
    CHECK(reply.body.find("METHOD_NOT_ALLOWED") != std::string::npos);
  }
}

TEST_CASE("a connection goes on until somebody ends it", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  for (int i = 0; i < 20; ++i) {
    client.send(authorized("/x"));
    CHECK(client.reply().headers.count("connection") == 0);
  }
  client.send(authorized("/x", "Connection: close\r\n"));
  CHECK(client.reply().header("connection") == "close");
  CHECK(client.is_ended());
  CHECK(server.counters().accepted == 1);
}

TEST_CASE("an HTTP/1.0 client gets one answer, or more when it asks for them", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  client.send("GET /open HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(client.reply().header("connection") == "keep-alive");
  client.send("GET /open HTTP/1.0\r\n\r\n");
  CHECK(client.reply().header("connection") == "close");
  CHECK(client.is_ended());
}

TEST_CASE("requests that come at once are answered in their order", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) {
    all += get(fmt::format("/open/{}", i), i % 2 == 0 ? "Content-Length: 2\r\n" : "");
    all += i % 2 == 0 ? "ab" : "";
  }
  client.send(all);
  for (int i = 0; i < 50; ++i) {
    CHECK(client.reply().body == fmt::format("/open/{}", i));
  }
}

TEST_CASE("a connection ends after so many requests", "[http][server]") {
  RunningServer server(with_limits({.requests = 3}));
  Client client(server.port());
  client.send(get("/open") + get("/open") + get("/open") + get("/open"));
  CHECK(client.reply().headers.count("connection") == 0);
  CHECK(client.reply().headers.count("connection") == 0);
  CHECK(client.reply().header("connection") == "close");
  CHECK(client.is_ended());
}

TEST_CASE("a long answer is compressed for those who ask for it", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  client.send(get("/open/large", "Accept-Encoding: gzip;q=0\r\n"));
  const auto plain = client.reply();
  CHECK(plain.headers.count("content-encoding") == 0);
  CHECK(plain.body.size() == 1 << 20);
  client.send(get("/open/large", "Accept-Encoding: br, gzip\r\n"));
  const auto zipped = client.reply();
  CHECK(zipped.header("content-encoding") == "gzip");
  CHECK(zipped.body.size() < 10'000);
  CHECK(inflated(zipped.body) == plain.body);
  client.send(get("/open", "Accept-Encoding: gzip\r\n"));
  CHECK(client.reply().headers.count("content-encoding") == 0);  // too short for it
}

TEST_CASE("a foreign Host is refused on loopback, and a missing one everywhere", "[http][server]") {
  auto options = any_port();
  options.names = {"gateway.plant"};
  RunningServer server(options);
  const auto status = [&server](std::string_view head) {
    return ask(server.port(), fmt::format("{}\r\n\r\n", head)).status;
  };
  CHECK(status("GET /open HTTP/1.1\r\nHost: gateway.plant:80") == 200);
  CHECK(status("GET /open HTTP/1.1\r\nHost: [::1]:80") == 200);
  CHECK(status("GET http://127.0.0.1/open HTTP/1.1\r\nHost: evil.example") == 200);
  CHECK(status("GET /open HTTP/1.0") == 200);
  CHECK(status("GET /open HTTP/1.1\r\nHost: evil.example") == 421);
  CHECK(status("GET http://evil.example/open HTTP/1.1\r\nHost: localhost") == 421);
  CHECK(status("GET /open HTTP/1.1") == 400);
  CHECK(status("GET /open HTTP/1.1\r\nHost:") == 400);
  CHECK(status("GET /open HTTP/1.1\r\nHost: localhost\r\nHost: localhost") == 400);
  CHECK(status("GET /open HTTP/1.1\r\nHost: local host") == 400);
}

TEST_CASE("what can't be understood is refused, and the connection ends", "[http][server]") {
  RunningServer server;
  const auto [text, status] = GENERATE(table<std::string, int>({
      {"nonsense\r\n\r\n", 400},
      {"\x16\x03\x01\x02", 400},
      {"GET / HTTP/1.1\r\nA: " + std::string(17'000, 'a') + "\r\n\r\n", 431},
      {"GET /open HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n", 413},
      {"GET /open HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n11111\r\n", 413},
      {"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", 400},
  }));
  Client client(server.port());
  client.send(text);
  const auto reply = client.reply();
  CHECK(reply.status == status);
  CHECK(reply.header("connection") == "close");
  CHECK(client.is_ended());
}

TEST_CASE("a refusal reaches a client that is still sending", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  client.send("GET /open HTTP/1.1\r\nHost: localhost\r\nContent-Length: 200000\r\n\r\n" +
              std::string(200'000, 'a'));
  CHECK(client.reply().status == 413);
}

TEST_CASE("a body is asked for when the client waits for that", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  client.send(get("/open", "Expect: 100-continue\r\nContent-Length: 5\r\n"));
  CHECK(client.reply().status == 100);
  client.send("hello" + get("/open"));
  CHECK(client.reply().status == 200);
  CHECK(client.reply().status == 200);
  client.send(get("/open", "Expect: 100-continue\r\nContent-Length: 70000\r\n"));
  CHECK(client.reply().status == 413);
}

TEST_CASE("a handler that throws costs one answer", "[http][server]") {
  RunningServer server;
  Client client(server.port());
  client.send(authorized("/throws") + authorized("/x"));
  const auto reply = client.reply();
  CHECK(reply.status == 500);
  CHECK(reply.body.find("on purpose") == std::string::npos);
  CHECK(client.reply().status == 200);
}

TEST_CASE("it listens beyond this machine with TLS alone, and says why it does not",
          "[http][server]") {
  const auto error = [](http::ServerOptions options) {
    boost::asio::io_context io;
    http::Server server(io.get_executor(), std::move(options), {}, {});
    return server.start().error().text();
  };
  auto options = any_port();
  options.address = GENERATE("0.0.0.0", "::", "192.0.2.1");
  CHECK(error(options) ==
        "API: " + options.address +
            " can be reached from other machines, and there is no certificate: the token would "
            "cross the network in the clear; configure certificate and key, or a loopback address");
  options.address = "localhost";
  CHECK(error(options).find("API: \"localhost\" is no IP address") == 0);
  RunningServer server;
  options.address = "127.0.0.1";
  options.port = server.port();
  CHECK(error(options) == fmt::format("API: listen on 127.0.0.1 port {}: Address already in use; "
                                      "another program has this port: ss -tlnp shows which",
                                      server.port()));
}

TEST_CASE("it counts what it does", "[http][server]") {
  RunningServer server;
  ask(server.port(), get("/open"));
  ask(server.port(), get("/x"));
  Client client(server.port());
  client.send(get("/open"));
  client.reply();
  const auto counters = server.counters();
  CHECK(counters.answers[2] == 2);
  CHECK(counters.answers[4] == 1);
  CHECK(counters.accepted == 3);
  CHECK(counters.bytes_in == 2 * get("/open").size() + get("/x").size());
  CHECK(counters.bytes_out > 600);
}
