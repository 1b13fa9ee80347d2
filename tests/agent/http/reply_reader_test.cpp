#include "agent/http/reply_reader.hpp"

#include <fmt/format.h>

#include "tests/catch.hpp"

using namespace ot::agent::http;
using Lacks = ReplyReader::Lacks;

namespace {

constexpr std::uint64_t kMost = 1000;

/// The error with which a text is refused.
std::string refused(std::string text) {
  ReplyReader reader(kMost);
  const auto lacks = reader.take(text);
  return lacks ? "taken" : lacks.error().text();
}

/// Takes the text a byte at a time, and gives what is left out: how many bytes were not
/// needed.
std::size_t unneeded(ReplyReader& reader, std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bytes += text[i];
    const auto lacks = reader.take(bytes);
    REQUIRE(lacks);
    if (*lacks == Lacks::nothing) {
      return text.size() - i - 1 + bytes.size();
    }
  }
  return std::string::npos;
}

}  // namespace

TEST_CASE("a reply is read with all that matters in it", "[http]") {
  std::string text =
      "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\ncount: 17\r\nCount: 18\r\n"
      "Content-Length: 5\r\n\r\nhelloHTTP";
  ReplyReader reader(kMost);
  REQUIRE(reader.take(text) == Lacks::nothing);
  const auto& reply = reader.reply();
  CHECK(reply.status == 202);
  CHECK(reply.reason == "Accepted");
  CHECK(reply.header("CONTENT-TYPE") == "application/json");
  CHECK(reply.header("Count") == "17");
  CHECK(reply.header("Location").empty());
  CHECK(reply.body == "hello");
  CHECK(reader.keeps_alive());
  CHECK(text == "HTTP");  // nobody's
}

TEST_CASE("a reply is whole with its last byte and no sooner", "[http]") {
  const auto [text, body] = GENERATE(table<std::string, std::string>({
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ""},
      {"HTTP/1.1 204 No Content\r\n\r\n", ""},
      {"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", ""},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhe\r\n003\r\nllo\r\n0\r\n"
       "X: y\r\n\r\n",
       "hello"},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
       "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
       "hello"},
      {"HTTP/1.0 301 Moved\r\nLocation: http://x/\r\nContent-Length: 1\r\n\r\nx", "x"},
  }));
  CAPTURE(text);
  ReplyReader reader(kMost);
  CHECK(unneeded(reader, text) == 0);
  CHECK(reader.reply().body == body);
  CHECK(reader.reply().header("Link").empty());
  auto bytes = text;
  ReplyReader at_once(kMost);
  CHECK(at_once.take(bytes) == Lacks::nothing);
  CHECK(at_once.reply().body == body);
  CHECK(bytes.empty());
}

TEST_CASE("a body without a length ends with the connection", "[http]") {
  std::string text = "HTTP/1.1 200 OK\r\n\r\nhello";
  ReplyReader reader(kMost);
  REQUIRE(reader.take(text) == Lacks::body);
  REQUIRE(reader.end(text));
  CHECK(reader.reply().body == "hello");
  CHECK_FALSE(reader.keeps_alive());
}

TEST_CASE("a server says whether its connection goes on", "[http]") {
  const auto [text, goes_on] = GENERATE(table<std::string, bool>({
      {"HTTP/1.1 204 A\r\n\r\n", true},
      {"HTTP/1.1 204 A\r\nConnection: close\r\n\r\n", false},
      {"HTTP/1.0 204 A\r\n\r\n", false},
      {"HTTP/1.0 204 A\r\nConnection: keep-alive\r\n\r\n", true},
  }));
  auto bytes = text;
  ReplyReader reader(kMost);
  REQUIRE(reader.take(bytes) == Lacks::nothing);
  CHECK(reader.keeps_alive() == goes_on);
}

TEST_CASE("a reply that is cut short tells how much came", "[http]") {
  const std::string whole =
      GENERATE("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    CAPTURE(size);
    auto part = whole.substr(0, size);
    ReplyReader reader(kMost);
    const auto lacks = reader.take(part);
    REQUIRE(lacks);
    CHECK(*lacks != Lacks::nothing);
    const auto ended = reader.end(part);
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code() == ot::Errc::closed);
    CHECK(ended.error().text() == fmt::format("the reply was cut short after {} bytes", size));
  }
  ReplyReader nothing(kMost);
  CHECK(nothing.end("").error().text() == "the connection ended before a reply came");
}

TEST_CASE("what is no reply is refused", "[http]") {
  const auto [text, words] = GENERATE(table<std::string, std::string>({
      {"SSH-2.0-OpenSSH_9.2\r\n", "this is no HTTP/1.1 reply: bad version"},
      {"HTTP/2.0 200 OK\r\n\r\n", "this is no HTTP/1.1 reply: "},
      {"HTTP/1.1 099 Low\r\n\r\n", "this is no HTTP/1.1 reply: its status is below 100"},
      {"HTTP/1.1 20 OK\r\n\r\n", "this is no HTTP/1.1 reply: bad status"},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n",
       "this is no HTTP/1.1 reply: it changes to a protocol that nobody asked for"},
      {"HTTP/1.1 200 OK\r\nA b: c\r\n\r\n", "this is no HTTP/1.1 reply: bad field"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
       "this is no HTTP/1.1 reply: multiple Content-Length"},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
       "this is no HTTP/1.1 reply: bad Transfer-Encoding"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
       "this is no HTTP/1.1 reply: the only Transfer-Encoding read here is chunked"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
       "this is no HTTP/1.1 reply: the only Transfer-Encoding"},
      {"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
       "this is no HTTP/1.1 reply: the only Transfer-Encoding"},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello",
       "this is no HTTP/1.1 reply: bad chunk"},
  }));
  CAPTURE(text);
  CHECK(refused(text).find(words) == 0);
}

TEST_CASE("a reply has its limits", "[http]") {
  const std::string many(2000, 'a');
  const auto* body = "the reply is over 1000 bytes";
  CHECK(refused("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n") == body);
  CHECK(refused("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999\r\n\r\n") == body);
  CHECK(refused("HTTP/1.1 200 OK\r\n\r\n" + many) == body);
  CHECK(refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n" + many) == body);
  CHECK(refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n200\r\n" +
                many.substr(0, 512) + "\r\n200\r\n") == body);
  const std::string long_field(ReplyReader::kHeadLimit, 'a');
  const auto* head = "the head of the reply is over 16 KiB";
  CHECK(refused("HTTP/1.1 200 OK\r\nX: " + long_field) == head);
  CHECK(refused("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + long_field) == head);
  std::string interim;
  for (int i = 0; i < 17; ++i) {
    interim += "HTTP/1.1 102 Processing\r\n\r\n";
  }
  CHECK(refused(interim) == "this is no HTTP/1.1 reply: over 16 interim replies");
}

TEST_CASE("the reply to CONNECT is its head alone", "[http]") {
  const auto* text = GENERATE("HTTP/1.1 200 Connection established\r\n\r\n",
                              "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n",
                              "HTTP/1.1 407 No\r\nTransfer-Encoding: chunked\r\n\r\n");
  auto bytes = text + std::string("tunnel");
  ReplyReader reader(0, ReplyReader::To::connect);
  REQUIRE(reader.take(bytes) == Lacks::nothing);
  CHECK(bytes == "tunnel");
  CHECK(reader.reply().body.empty());
}
