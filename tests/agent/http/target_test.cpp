#include "agent/http/target.hpp"
#include "tests/catch.hpp"

using namespace ot::agent::http;

TEST_CASE("an address is decoded once", "[http]") {
  const auto target =
      parse_target("/ot/v1/%70rojectfile/list?filter=vendor%20%3A+%22A%2BB%22&x=%2525");
  REQUIRE(target);
  CHECK(target->path == "/ot/v1/projectfile/list");
  CHECK(target->parameters.at("filter") == "vendor : \"A+B\"");
  CHECK(target->parameters.at("x") == "%25");
  CHECK(target->authority.empty());
}

TEST_CASE("a plus is a blank in the query alone", "[http]") {
  const auto target = parse_target("/a+b?c+d=e+f");
  REQUIRE(target);
  CHECK(target->path == "/a+b");
  CHECK(target->parameters.at("c d") == "e f");
}

TEST_CASE("parameters may be empty, and so may be the pieces between them", "[http]") {
  const auto parameters = parse_query("&a=&&b&c=1=2&");
  REQUIRE(parameters);
  CHECK(*parameters == Parameters{{"a", ""}, {"b", ""}, {"c", "1=2"}});
  CHECK(parse_query("")->empty());
}

TEST_CASE("an absolute address has its authority", "[http]") {
  const auto target = parse_target("HTTP://gateway:8640/healthz?a=1");
  REQUIRE(target);
  CHECK(target->authority == "gateway:8640");
  CHECK(target->path == "/healthz");
  CHECK(parse_target("http://gateway")->path == "/");
  CHECK(parse_target("http://gateway?a=1")->parameters.at("a") == "1");
}

TEST_CASE("what is malformed in an address is named", "[http]") {
  const auto [text, message] = GENERATE(table<const char*, const char*>({
      {"/a%", "path: \"%\" is no escape: two hexadecimal digits follow a %"},
      {"/a%2", "path: \"%2\" is no escape: two hexadecimal digits follow a %"},
      {"/a%zz/b", "path: \"%zz\" is no escape: two hexadecimal digits follow a %"},
      {"/a%+1", "path: \"%+1\" is no escape: two hexadecimal digits follow a %"},
      {"/a%-1", "path: \"%-1\" is no escape: two hexadecimal digits follow a %"},
      {"/a%00b", "path: \"/a%00b\" holds a NUL"},
      {"/a%ff", "path: \"/a%ff\" is no UTF-8"},
      {"/a%2fb", "\"/a%2fb\" has an encoded slash in its path"},
      {"a", "\"a\" is no path: it begins with a slash"},
      {"*", "\"*\" is no path: it begins with a slash"},
      {"/a#b", "\"/a#b\" has a fragment, which stays in the browser"},
      {"/?a=1&b=2&a=1", "\"a\" is given twice"},
      {"/?a=1&%61=2", "\"a\" is given twice"},
      {"/?=1", "\"=1\" is a parameter without a name"},
      {"/?a=%c3%28", "parameter \"a\": \"%c3%28\" is no UTF-8"},
  }));
  const auto target = parse_target(text);
  REQUIRE_FALSE(target);
  CHECK(target.error().message() == message);
}

TEST_CASE("parameters have a limit on their number", "[http]") {
  std::string query;
  for (int i = 0; i < 64; ++i) {
    query += "&p" + std::to_string(i);
  }
  CHECK(parse_query(query));
  CHECK(parse_query(query + "&one").error().message() == "more than 64 parameters");
}
