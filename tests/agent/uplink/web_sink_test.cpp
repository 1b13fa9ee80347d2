#include "agent/uplink/web_sink.hpp"

#include <boost/asio/io_context.hpp>

#include "agent/http/base64url.hpp"
#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

http::Reply reply(unsigned status, const std::string& body = {}) {
  http::Reply reply;
  reply.status = status;
  reply.body = body;
  return reply;
}

http::Url url() {
  return *http::parse_url("https://hub.example:8640");
}

std::string token_until(Time at) {
  const auto whole = std::chrono::duration_cast<seconds>(at.time_since_epoch());
  return "e30." + http::base64url("{\"exp\":" + std::to_string(whole.count()) + "}") + ".sig";
}

}  // namespace

TEST_CASE("what is too much is told apart from what may pass", "[uplink]") {
  for (const unsigned status : {400U, 413U}) {
    CHECK(outcome_of(reply(status), url()).kind == Outcome::Kind::too_much);
  }
  for (const unsigned status : {301U, 401U, 403U, 404U, 409U, 429U, 500U, 502U, 503U, 507U}) {
    const auto outcome = outcome_of(reply(status), url());
    CHECK(outcome.kind == Outcome::Kind::later);
    CHECK(outcome.reason.find(std::to_string(status)) != std::string::npos);
    CHECK(outcome.reason.find("hub.example:8640") != std::string::npos);
  }
  CHECK_FALSE(outcome_of(reply(401), url()).hint.empty());
  CHECK_FALSE(outcome_of(reply(302), url()).hint.empty());
  CHECK(outcome_of(reply(403), url()).needs_person);
  CHECK_FALSE(outcome_of(reply(503), url()).needs_person);
}

TEST_CASE("the platform's own wait counts before Retry-After", "[uplink]") {
  auto limited = reply(409);
  limited.headers = {{"retry-after", "300"}, {"x-ratelimit-towait-sec", "7"}};
  CHECK(outcome_of(limited, url()).wait == seconds(7));
  limited.headers = {{"Retry-After", " 300 "}};
  CHECK(outcome_of(limited, url()).wait == seconds(300));
  limited.headers = {{"Retry-After", "4294967295"}};
  CHECK(outcome_of(limited, url()).wait == hours(24));
  for (const char* none : {"", "soon", "-1", "Fri, 31 Dec 1999 23:59:59 GMT"}) {
    limited.headers = {{"Retry-After", none}};
    CHECK_FALSE(outcome_of(limited, url()).wait.has_value());
  }
}

TEST_CASE("what a server says is shown short and safe", "[uplink]") {
  const auto said = [](const std::string& body) {
    return outcome_of(reply(500, body), url()).reason;
  };
  CHECK(said(R"({"responseMessage":"no licence"})").ends_with(": no licence"));
  CHECK(said("<html>much</html>").ends_with("500"));
  CHECK(said("bad\x1b[2Jthing\nmore").find('\x1b') == std::string::npos);
  CHECK(said(std::string(10'000, 'x')).size() < 400);
}

TEST_CASE("a login's answer is the token itself or an object with it", "[uplink]") {
  CHECK(token_in("  abc.def.ghi\n") == "abc.def.ghi");
  CHECK(token_in(R"({"access_token":"a"})") == "a");
  CHECK(token_in(R"({"token":"b"})") == "b");
  CHECK(token_in("\"c\"") == "c");
}

TEST_CASE("a token is renewed before its end", "[uplink]") {
  const Time now{hours(480'000)};
  CHECK(renewal_of(token_until(now + hours(4)), now) == now + std::chrono::minutes(210));
  CHECK(renewal_of("opaque", now) == now + std::chrono::minutes(210));
  CHECK(renewal_of("a.b.c", now) == now + std::chrono::minutes(210));
  CHECK(renewal_of(token_until(now - hours(1)), now) == now);
}

TEST_CASE("records go without TLS to this machine alone", "[uplink]") {
  boost::asio::io_context io;
  SinkConfig config{.name = "hub", .url = "http://192.0.2.1:8640"};
  const auto sink = WebSink::open(io.get_executor(), config);
  REQUIRE_FALSE(sink.has_value());
  CHECK(sink.error().code() == Errc::forbidden);
  config.url = "http://127.0.0.1:1";
  CHECK(WebSink::open(io.get_executor(), config).has_value());
}

TEST_CASE("a preview shows no secret", "[uplink]") {
  boost::asio::io_context io;
  const SinkConfig config{.name = "hub", .url = "http://127.0.0.1:1/x", .token_file = "/secret"};
  const auto sink = WebSink::open(io.get_executor(), config);
  REQUIRE(sink.has_value());
  const auto text = (**sink).preview_of("/ot/v1/host/import", 12, true);
  CHECK(text ==
        "POST /x/ot/v1/host/import HTTP/1.1\nHost: 127.0.0.1:1\n"
        "Authorization: Bearer ********\nContent-Type: application/json\n"
        "Content-Encoding: gzip\nContent-Length: 12\n");
}

}  // namespace ot::agent::test
