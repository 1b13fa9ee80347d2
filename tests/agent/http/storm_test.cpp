#include <array>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <list>
#include <numeric>
#include <random>
#include <thread>

#include <fmt/format.h>

#include "base/number.hpp"
#include "tests/agent/http/client.hpp"
#include "tests/agent/http/running_server.hpp"
#include "tests/catch.hpp"

using namespace ot::tests;
using namespace std::chrono_literals;

namespace http = ot::agent::http;

namespace {

constexpr std::size_t kUsual = 10'000;

std::size_t requests_wanted() {
  const char* number = std::getenv("RACKSCOUT_HTTP_REQUESTS");
  return ot::whole_number<std::size_t>(number == nullptr ? "" : number).value_or(kUsual);
}

std::size_t descriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// Requests that are nearly right, and some that are.
class Storm {
 public:
  explicit Storm(std::uint32_t seed) : random_(seed) {}

  std::string request() {
    const auto path = std::string(pick(kPaths));
    auto text = fmt::format("{} {} {}\r\n", pick(kMethods), path, pick(kVersions));
    for (auto left = up_to(6); left > 0; --left) {
      text += pick(kFields);
    }
    text += "\r\n";
    text += pick(kBodies);
    return up_to(2) == 0 ? mutated(std::move(text)) : text;
  }

  std::size_t up_to(std::size_t most) {
    return std::uniform_int_distribution<std::size_t>(0, most)(random_);
  }

 private:
  static constexpr std::array kMethods = {"GET",   "GET",     "GET", "HEAD", "OPTIONS",     "POST",
                                          "TRACE", "CONNECT", "get", "",     "\x16\x03\x01"};
  static constexpr std::array kPaths = {"/open",
                                        "/open?a=b&c=%20+",
                                        "/x",
                                        "/open/large",
                                        "*",
                                        "/%",
                                        "/%zz",
                                        "/?a=1&a=2",
                                        "/%00",
                                        "http://localhost/open",
                                        "http://evil/open",
                                        "//",
                                        "",
                                        "/a b",
                                        "/\xFF",
                                        "/?%ff=1",
                                        "/#"};
  static constexpr std::array kVersions = {"HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0",
                                           "HTTP/2.0", "HTTP/0.9", "HTTP/1.",  ""};
  static constexpr std::array kFields = {
      "Host: localhost\r\n",
      "Host: localhost\r\n",
      "Host: evil.example\r\n",
      "Host:\r\n",
      "Authorization: Bearer the-token-of-the-tests-0123456789-abcdef\r\n",
      "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.e30.AA\r\n",
      "Authorization: Basic dTpw\r\n",
      "Accept-Encoding: gzip\r\n",
      "Accept-Encoding: gzip;q=0, *;q=\r\n",
      "Connection: close\r\n",
      "Connection: keep-alive, upgrade\r\n",
      "Content-Length: 5\r\n",
      "Content-Length: 70000\r\n",
      "Content-Length: -1\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Transfer-Encoding: gzip\r\n",
      "Expect: 100-continue\r\n",
      "Expect: more\r\n",
      "A\r\n",
      ": \r\n",
      "X: y\n",
      "X: \x01\r\n",
      "X: a\r\n b\r\n",
      "Upgrade: h2c\r\n"};
  static constexpr std::array kBodies = {"",
                                         "",
                                         "",
                                         "hello",
                                         "5\r\nhello\r\n0\r\n\r\n",
                                         "fffffffffffffffff\r\n",
                                         "0\r\n\r\n",
                                         "GET / HTTP/1.1\r\n"};

  template <std::size_t size>
  std::string_view pick(const std::array<const char*, size>& from) {
    return from.at(up_to(size - 1));
  }

  std::string mutated(std::string text) {
    for (auto left = up_to(3); left > 0; --left) {
      const auto at = up_to(text.size() - 1);
      switch (up_to(3)) {
        case 0: text[at] = static_cast<char>(up_to(255)); break;
        case 1: text.erase(at, up_to(8)); break;
        case 2: text.insert(at, text.substr(up_to(text.size() - 1), up_to(40))); break;
        default: text.insert(at, up_to(2000), 'a'); break;
      }
      text += text.empty() ? "x" : "";
    }
    return text;
  }

  std::mt19937 random_;
};

/// Sends some on one connection, and reads to its end.
void send_some(std::uint16_t port, Storm& storm) {
  Client client(port);
  for (auto left = storm.up_to(9); left > 0; --left) {
    if (!client.try_send(storm.request())) {
      return;
    }
  }
  client.end_sending();
  client.rest();
}

std::uint64_t answers(RunningServer& server) {
  const auto counters = server.counters();
  return std::accumulate(counters.answers.begin(), counters.answers.end(), std::uint64_t{0});
}

/// Clients that send a byte whenever nothing comes for a moment, and begin anew when
/// they are thrown out.
void drip(std::uint16_t port, const std::atomic<bool>& done) {
  constexpr std::string_view kHead = "GET /open HTTP/1.1\r\nHost: localhost\r\nX: ";
  std::list<std::pair<Client, std::size_t>> clients;
  while (!done) {
    if (clients.size() < 8) {
      clients.emplace_back(Client(port), 0);
    }
    for (auto& [client, sent] : clients) {
      client.is_quiet(1ms) && client.try_send(sent < kHead.size() ? kHead.substr(sent, 1) : "a");
      ++sent;
    }
    std::erase_if(clients, [](const auto& one) { return !one.first.is_quiet(0ms); });
  }
}

}  // namespace

TEST_CASE("a storm of requests, with slow clients in it, leaves the server as it was",
          "[http][storm]") {
  const auto seed = std::random_device()();
  CAPTURE(seed);
  auto options = any_port();
  options.limits.head = 300ms;
  options.limits.body = 300ms;
  options.limits.connections = 12;
  options.limits.patience = 50ms;
  RunningServer server(options);
  ask(server.port(), get("/open"));
  server.wait_until_open(0);
  const auto before = descriptors();
  std::atomic<bool> done = false;
  std::thread slow([&server, &done] { drip(server.port(), done); });
  Storm storm(seed);
  while (answers(server) < requests_wanted()) {
    send_some(server.port(), storm);
  }
  done = true;
  slow.join();
  server.wait_until_open(0);
  CHECK(descriptors() == before);
  CHECK(ask(server.port(), get("/open")).status == 200);
  const auto counters = server.counters();
  CHECK(counters.answers[2] > 0);
  CHECK(counters.answers[4] > 0);
  CHECK(counters.answers[5] <= counters.turned_away);
  CHECK(counters.timed_out + counters.made_room > 0);
}
