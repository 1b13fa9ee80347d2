#include <fmt/format.h>

#include "agent/http/reader.hpp"
#include "tests/catch.hpp"

using namespace ot::agent::http;
using Lacks = RequestReader::Lacks;

namespace {

/// The status with which a text is refused; 0 when it is not.
int refused(std::string text) {
  RequestReader reader;
  const auto lacks = reader.take(text);
  return lacks == Lacks::reason ? static_cast<int>(reader.refusal().status) : 0;
}

Lacks lacks(std::string text) {
  RequestReader reader;
  return reader.take(text);
}

/// The same, a byte at a time.
Lacks lacks_in_bytes(std::string_view text) {
  RequestReader reader;
  std::string bytes;
  auto lacks = Lacks::head;
  for (const char byte : text) {
    REQUIRE(lacks != Lacks::nothing);
    bytes += byte;
    lacks = reader.take(bytes);
    if (lacks == Lacks::reason) {
      break;
    }
  }
  return lacks;
}

std::string with_fields(std::string_view fields) {
  return fmt::format("GET / HTTP/1.1\r\nHost: a\r\n{}\r\n", fields);
}

}  // namespace

TEST_CASE("a head is read with all that matters in it", "[http]") {
  std::string text =
      "GET /a?b=c HTTP/1.1\r\nHost: one\r\nhost: two\r\nAccept-Encoding: br\r\n"
      "Authorization: Bearer x\r\nAccept-Encoding: gzip\r\n\r\nGET";
  RequestReader reader;
  REQUIRE(reader.take(text) == Lacks::nothing);
  CHECK(reader.head().method == "GET");
  CHECK(reader.head().target == "/a?b=c");
  CHECK(reader.head().hosts == std::vector<std::string>{"one", "two"});
  CHECK(reader.head().authorizations == std::vector<std::string>{"Bearer x"});
  CHECK(reader.head().accept_encoding == "br,gzip");
  CHECK(reader.head().keeps_alive);
  CHECK_FALSE(reader.head().http_1_0);
  CHECK(text == "GET");  // the next one's
}

TEST_CASE("a connection goes on as its version and its fields say", "[http]") {
  const auto [text, goes_on] = GENERATE(table<std::string, bool>({
      {"GET / HTTP/1.1\r\n\r\n", true},
      {"GET / HTTP/1.1\r\nConnection: close\r\n\r\n", false},
      {"GET / HTTP/1.1\r\nConnection: Foo, Close\r\n\r\n", false},
      {"GET / HTTP/1.0\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
  }));
  auto bytes = text;
  RequestReader reader;
  REQUIRE(reader.take(bytes) == Lacks::nothing);
  CHECK(reader.head().keeps_alive == goes_on);
}

TEST_CASE("a request is whole with its last byte and no sooner", "[http]") {
  const std::string text = GENERATE(
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1;a=b\r\nh\r\n000\r\nX: y\r\n\r\n",
      "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n");
  CHECK(lacks_in_bytes(text) == Lacks::nothing);
  CHECK(lacks(text) == Lacks::nothing);
  CHECK(lacks(text.substr(0, text.size() - 1)) != Lacks::nothing);
}

TEST_CASE("what is no request is refused at once", "[http]") {
  CHECK(refused(std::string("\x16\x03\x01\x02\0\x01", 6)) == 400);  // TLS
  CHECK(refused("{}") == 400);
  CHECK(refused("GET / FTP/1.1\r\n\r\n") == 400);
  CHECK(refused("GET / HTTP/2.0\r\n\r\n") == 400);
  CHECK(refused("GET /a b HTTP/1.1\r\n\r\n") == 400);
  CHECK(refused("GET  / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refused(std::string("GET /\0 HTTP/1.1\r\n\r\n", 19)) == 400);
  CHECK(refused(with_fields("A b: c\r\n")) == 400);
  CHECK(refused(with_fields("A : c\r\n")) == 400);
  CHECK(refused(with_fields("A: c\x01\r\n")) == 400);
  CHECK(refused(with_fields("A: c\n")) == 400);
}

TEST_CASE("where a body ends is said once", "[http]") {
  for (const char* fields :
       {"Content-Length: 1\r\nContent-Length: 2\r\n", "Content-Length: 1,2\r\n",
        "Content-Length: -1\r\n", "Content-Length: +1\r\n", "Content-Length: 0x1\r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: identity\r\n", "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n", "Transfer-Encoding:\r\n"}) {
    CAPTURE(fields);
    CHECK(refused(with_fields(fields)) == 400);
  }
  CHECK(refused("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
  CHECK(refused(with_fields("Transfer-Encoding: chunked\r\n") + "zz\r\nhello") == 400);
  CHECK(refused(with_fields("Transfer-Encoding: chunked\r\n") + "5\r\nhelloxx0\r\n\r\n") == 400);
}

TEST_CASE("a head has a limit", "[http]") {
  const auto of_size = [](std::size_t size) {
    return with_fields("A: " + std::string(size, 'a') + "\r\n");
  };
  CHECK(refused(of_size(RequestReader::kHeadLimit - 100)) == 0);
  CHECK(refused(of_size(RequestReader::kHeadLimit)) == 431);
  CHECK(refused("GET /" + std::string(20'000, 'a')) == 431);
  CHECK(refused("GET / HTTP/1.1\r\nA: " + std::string(20'000, 'a')) == 431);
  CHECK(refused(with_fields("Transfer-Encoding: chunked\r\n") + "1;" + std::string(20'000, 'a')) ==
        431);
}

TEST_CASE("a body has a limit, and is dropped", "[http]") {
  const std::string full(RequestReader::kBodyLimit, 'a');
  CHECK(lacks(with_fields("Content-Length: 65536\r\n") + full) == Lacks::nothing);
  CHECK(refused(with_fields("Content-Length: 65537\r\n")) == 413);
  const auto chunked = with_fields("Transfer-Encoding: chunked\r\n") + "10000\r\n" + full + "\r\n";
  CHECK(lacks(chunked + "0\r\n\r\n") == Lacks::nothing);
  CHECK(refused(chunked + "1\r\na\r\n0\r\n\r\n") == 413);
}

TEST_CASE("a client that waits for leave to send its body is told apart", "[http]") {
  auto text = with_fields("Expect: 100-Continue\r\nContent-Length: 3\r\n");
  RequestReader reader;
  CHECK(reader.take(text) == Lacks::body);
  CHECK(reader.wants_continue());
  auto bodiless = with_fields("Expect: 100-continue\r\n");
  RequestReader other;
  CHECK(other.take(bodiless) == Lacks::nothing);
  CHECK_FALSE(other.wants_continue());
  CHECK(refused(with_fields("Expect: a-miracle\r\n")) == 417);
}
