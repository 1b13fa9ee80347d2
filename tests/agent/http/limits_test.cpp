#include <list>

#include "tests/agent/http/client.hpp"
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

}  // namespace

TEST_CASE("a head has its time, however busily its bytes drip", "[http][limits]") {
  RunningServer server(with_limits({.head = 200ms}));
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
  while (client.is_quiet(10ms)) {
    client.try_send("a");
  }
  CHECK(client.is_ended());
  CHECK(server.counters().timed_out == 1);
}

TEST_CASE("a connection that never says a word ends", "[http][limits]") {
  RunningServer server(with_limits({.head = 100ms, .idle = 20'000ms}));
  CHECK(Client(server.port()).is_ended());
}

TEST_CASE("a body has its time", "[http][limits]") {
  RunningServer server(with_limits({.body = 100ms}));
  Client client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhell");
  CHECK(client.is_ended());
}

TEST_CASE("a connection that rests too long ends", "[http][limits]") {
  RunningServer server(with_limits({.head = 20'000ms, .idle = 100ms}));
  Client client(server.port());
  client.send(get("/open"));
  CHECK(client.reply().status == 200);
  CHECK(client.is_ended());
}

TEST_CASE("a client that does not read its answer loses it", "[http][limits]") {
  RunningServer server(with_limits({.write = 200ms, .slowest_write = 1ULL << 30}));
  Client client(server.port(), 4096);
  server.wait_until_open(1);
  for (int i = 0; i < 20; ++i) {  // more than the sockets' buffers hold
    client.send(get("/open/large"));
  }
  server.wait_until_open(0);
  CHECK(server.counters().timed_out == 1);
}

TEST_CASE("when all places are taken by quick clients a new one is told so", "[http][limits]") {
  RunningServer server(with_limits({.patience = 3'600'000ms, .connections = 2}));
  Client one(server.port());
  Client two(server.port());
  one.send(get("/open"));
  two.send(get("/open"));
  CHECK(one.reply().status == 200);
  CHECK(two.reply().status == 200);
  Client three(server.port());
  const auto reply = three.reply();
  CHECK(reply.status == 503);
  CHECK(reply.header("retry-after") == "1");
  CHECK(three.is_ended());
  one.send(get("/open"));
  CHECK(one.reply().status == 200);
  CHECK(server.counters().turned_away == 1);
  CHECK(server.counters().open == 2);
}

TEST_CASE("the client that kept us waiting longest makes room for a new one", "[http][limits]") {
  RunningServer server(with_limits({.patience = 0ms, .connections = 3}));
  Client held(server.port());
  held.send(get("/held", kAuthorization));
  server.wait_until_held();
  Client dripping(server.port());
  dripping.send("GET / HT");
  Client resting(server.port());
  resting.send(get("/open"));
  CHECK(resting.reply().status == 200);
  CHECK(ask(server.port(), get("/open")).status == 200);
  CHECK(dripping.is_ended());
  CHECK(server.counters().made_room == 1);
  server.release();
  CHECK(held.reply().status == 200);
}

TEST_CASE("a server that stops answers what was asked, and nothing more", "[http][stop]") {
  RunningServer server(with_limits({.goodbye = 100ms}));
  Client idle(server.port());
  idle.send(get("/open"));
  idle.reply();
  Client held(server.port());
  held.send(get("/held", kAuthorization) + get("/open"));
  Client dripping(server.port());
  dripping.send("GET / HT");
  server.wait_until_open(3);
  server.wait_until_held();
  auto stopped = server.stop(20s);
  CHECK(idle.is_ended());
  CHECK(dripping.is_ended());
  CHECK_THROWS(Client(server.port()));
  server.release();
  const auto reply = held.reply();
  CHECK(reply.status == 200);
  CHECK(reply.header("connection") == "close");
  CHECK(held.is_ended());
  CHECK(stopped.get() == 0);
}

TEST_CASE("what is not answered in time is cut when the server stops", "[http][stop]") {
  RunningServer server;
  Client held(server.port());
  held.send(get("/held", kAuthorization));
  server.wait_until_held();
  CHECK(server.stop(50ms).get() == 1);
  CHECK(held.is_ended());
  server.release();
}

TEST_CASE("a server without clients stops at once, and may be told so twice", "[http][stop]") {
  RunningServer server;
  CHECK(server.stop(3'600'000ms).get() == 0);
  CHECK(server.stop(3'600'000ms).get() == 0);
}
