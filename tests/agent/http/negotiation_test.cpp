#include "agent/http/accept_encoding.hpp"
#include "agent/http/bearer.hpp"
#include "agent/http/host.hpp"
#include "agent/http/message.hpp"
#include "tests/catch.hpp"

using namespace ot::agent::http;

TEST_CASE("gzip is sent to those alone who want it", "[http]") {
  for (const char* wanted : {"gzip", "GZip", "x-gzip", "deflate, gzip", "gzip;q=1.0", "gzip; q=0.5",
                             "br;q=1, gzip;q=0.001", "*", "deflate, *;q=0.1", "gzip;q=1,identity",
                             "gzip;foo=bar;q=0.2", "gzip;q=0.5, identity;q=0.5"}) {
    CAPTURE(wanted);
    CHECK(accepts_gzip(wanted));
  }
  for (const char* unwanted :
       {"", "identity", "deflate", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "gzipped",
        "gzip;q=0.4, identity;q=0.5", "gzip;q=", "gzip;q=2", "gzip;q=0.0001", "gzip;q=-1",
        "gzip;q=1.5", "gzip;q=nan", ",;,=;q", ";q=1"}) {
    CAPTURE(unwanted);
    CHECK_FALSE(accepts_gzip(unwanted));
  }
}

TEST_CASE("a bearer is what RFC 6750 calls one", "[http]") {
  CHECK(bearer_of("Bearer abc.d-e_f~g+h/i==") == "abc.d-e_f~g+h/i==");
  CHECK(bearer_of("bearer   abc ") == "abc");
  for (const char* none : {"", "Bearer", "Bearer ", "Basic abc", "Bearer a b",
                           "Bearer =", "Bearer a=b", "Bearer \xC3\xA4", "BearerX abc"}) {
    CAPTURE(none);
    CHECK(bearer_of(none).empty());
  }
  CHECK(bearer_of("Bearer " + std::string(kLongestBearer, 'a')).size() == kLongestBearer);
  CHECK(bearer_of("Bearer " + std::string(kLongestBearer + 1, 'a')).empty());
}

TEST_CASE("a host is a name or an address, with a port or without", "[http]") {
  CHECK(parse_host("Gateway.Plant:8640") == "gateway.plant");
  CHECK(parse_host("127.0.0.1") == "127.0.0.1");
  CHECK(parse_host("localhost:") == "localhost");
  CHECK(parse_host("[::1]:8640") == "::1");
  CHECK(parse_host("[::1]") == "::1");
  for (const char* none : {"", ":80", "a:b", "a:99999", "a:-1", "a b", "a/b", "a@b", "[::1", "[]",
                           "[", "[::1]x", "[x]", "::1", "a,b", "a:1:2"}) {
    CAPTURE(none);
    CHECK_FALSE(parse_host(none));
  }
}

TEST_CASE("a foreign name is no host of ours", "[http]") {
  for (const char* own : {"localhost", "localhost.", "127.0.0.1", "10.1.2.3", "::1", "gateway"}) {
    CAPTURE(own);
    CHECK(is_own_host(own, {"Gateway"}));
  }
  for (const char* foreign :
       {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example", ""}) {
    CAPTURE(foreign);
    CHECK_FALSE(is_own_host(foreign, {"gateway"}));
  }
}

TEST_CASE("a date is written as HTTP has it", "[http]") {
  CHECK(http_date(ot::Time(std::chrono::seconds(784111777))) == "Sun, 06 Nov 1994 08:49:37 GMT");
}

TEST_CASE("an answer carries the platform's headers and its own", "[http]") {
  Response response;
  response.body = "[]";
  response.headers.emplace_back("count", "17");
  response.retry_after = std::chrono::seconds(30);
  Delivery delivery;
  delivery.keeps_alive = true;
  CHECK(message_text(response, delivery) ==
        "HTTP/1.1 200 OK\r\n"
        "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
        "Content-Type: application/json\r\n"
        "Content-Length: 2\r\n"
        "count: 17\r\n"
        "Retry-After: 30\r\n"
        "Cache-Control: no-cache,no-store,max-age=0,must-revalidate\r\n"
        "Pragma: no-cache\r\n"
        "Referrer-Policy: no-referrer\r\n"
        "Vary: Accept-Encoding\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "\r\n[]");
}

TEST_CASE("a value can't end its header", "[http]") {
  Response response;
  response.headers.emplace_back("count", "1\r\nSet-Cookie: a=b");
  CHECK(message_text(response, {}).find("\r\nSet-Cookie") == std::string::npos);
}

TEST_CASE("a refusal is JSON whatever it quotes", "[http]") {
  CHECK(refusal(Status::bad_request, "INVALID_FILTER", "unknown token \"a\xFF\"", 3).body ==
        R"({"responseCode":"INVALID_FILTER","responseMessage":"unknown token \"a)"
        "\xEF\xBF\xBD"
        R"(\"","position":3})");
  CHECK(refusal(Status::not_found, "NOT_FOUND", "there is no such path").body ==
        R"({"responseCode":"NOT_FOUND","responseMessage":"there is no such path"})");
}
