#include "agent/http/front.hpp"
#include "agent/http/gunzip.hpp"
#include "agent/http/gzip.hpp"
#include "tests/catch.hpp"

namespace ot::agent::http {
namespace {

constexpr const char* kReader = "reader-reader-reader-reader-reader-1";
constexpr const char* kSensor = "sensor-sensor-sensor-sensor-sensor-1";

/// A front where "/import" takes bodies of a sensor, and everything else is read.
class Fixture {
 public:
  Fixture() : front_(rules(), credentials()) {}

  std::variant<Request, Response> decide(RequestHead head) {
    return front_.decide(head, "10.0.0.1", {});
  }
  unsigned status(const RequestHead& head) {
    const auto decision = decide(head);
    const auto* response = std::get_if<Response>(&decision);
    return response == nullptr ? 200 : static_cast<unsigned>(response->status);
  }

  static RequestHead head(std::string method, std::string target, const std::string& token) {
    RequestHead head;
    head.method = std::move(method);
    head.target = std::move(target);
    head.hosts = {"localhost"};
    if (!token.empty()) {
      head.authorizations = {"Bearer " + token};
    }
    return head;
  }

 private:
  static FrontRules rules() {
    return {.is_open = [](std::string_view path) { return path == "/open"; },
            .most_body = [](std::string_view path) { return path == "/import" ? 1000U : 0U; }};
  }
  static Credentials credentials() {
    return {.token = Token(kReader), .jwt = {}, .sensors = {{"gw1", Token(kSensor)}}};
  }

  Front front_;
};

/// The body of a request, or what became of it.
std::string taken(std::string bytes, std::uint64_t most) {
  RequestReader reader;
  REQUIRE(reader.take_head(bytes) == RequestReader::Lacks::body);
  auto lacks = reader.limit_body(most);
  if (lacks == RequestReader::Lacks::body) {
    lacks = reader.take(bytes);
  }
  if (lacks == RequestReader::Lacks::nothing) {
    return reader.take_body();
  }
  return lacks == RequestReader::Lacks::reason ? "refused" : "lacking";
}

std::string zipped(const std::string& text) {
  Gzip gzip;
  gzip.add(text);
  return gzip.finish();
}

}  // namespace

TEST_CASE("who may read may not send, and the other way round", "[http]") {
  Fixture front;
  CHECK(front.status(Fixture::head("POST", "/import", kSensor)) == 200);
  CHECK(front.status(Fixture::head("POST", "/import", kReader)) == 403);
  CHECK(front.status(Fixture::head("POST", "/import", "")) == 401);
  CHECK(front.status(Fixture::head("GET", "/list", kReader)) == 200);
  CHECK(front.status(Fixture::head("GET", "/list", kSensor)) == 403);
  CHECK(front.status(Fixture::head("GET", "/open", "")) == 200);
}

TEST_CASE("a path is read or posted to, not both", "[http]") {
  Fixture front;
  CHECK(front.status(Fixture::head("GET", "/import", kSensor)) == 405);
  CHECK(front.status(Fixture::head("POST", "/list", kReader)) == 405);
  CHECK(front.status(Fixture::head("PUT", "/import", kSensor)) == 405);
  const auto decision = front.decide(Fixture::head("OPTIONS", "/import", ""));
  CHECK(std::get<Response>(decision).headers.front().second == "POST, OPTIONS");
}

TEST_CASE("a request bears whose credential came with it, and its coding", "[http]") {
  Fixture front;
  auto head = Fixture::head("POST", "/import", kSensor);
  head.content_encodings = {"GZIP"};
  const auto decision = front.decide(head);
  const auto* request = std::get_if<Request>(&decision);
  REQUIRE(request != nullptr);
  CHECK(request->sensor == "gw1");
  CHECK(request->gzipped);
  CHECK(request->is_post);
  for (const auto& codings : {std::vector<std::string>{"br"}, {"gzip, gzip"}, {"gzip", "gzip"}}) {
    head.content_encodings = codings;
    CHECK(front.status(head) == 415);
  }
}

TEST_CASE("a body is taken up to its limit, whole or in chunks", "[http]") {
  const std::string whole = "POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
  CHECK(taken(whole, 5) == "hello");
  CHECK(taken(whole, 4) == "refused");
  CHECK(taken(whole.substr(0, whole.size() - 1), 5) == "lacking");
  const std::string chunked =
      "POST /import HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
  CHECK(taken(chunked, 5) == "hello");
  CHECK(taken(chunked, 4) == "refused");
}

TEST_CASE("a request after a body is left in the bytes", "[http]") {
  std::string bytes =
      "POST /import HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhiGET / HTTP/1.1\r\n";
  RequestReader reader;
  REQUIRE(reader.take_head(bytes) == RequestReader::Lacks::body);
  REQUIRE(reader.take(bytes) == RequestReader::Lacks::nothing);
  CHECK(reader.take_body() == "hi");
  CHECK(bytes == "GET / HTTP/1.1\r\n");
}

TEST_CASE("gzip unfolds to what it was, up to a limit", "[http]") {
  const std::string text(100'000, 'a');
  CHECK(gunzip(zipped(text), 100'000) == text);
  CHECK(gunzip(zipped("a") + zipped("b"), 10) == "ab");
  CHECK(gunzip(zipped(text), 99'999).error().code() == Errc::too_large);
  std::string many;
  for (int i = 0; i < 100; ++i) {
    many += zipped("");
  }
  CHECK(gunzip(many, 10).error().code() == Errc::malformed);
  CHECK(gunzip(zipped(std::string(50'000'000, 'a')), 1 << 20).error().code() == Errc::too_large);
  for (const auto& wrong :
       {std::string(), std::string("hello"), zipped(text).substr(0, 20), zipped("a") + "rest"}) {
    CHECK(gunzip(wrong, 1 << 20).error().code() == Errc::malformed);
  }
}

}  // namespace ot::agent::http
