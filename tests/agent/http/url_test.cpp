#include "agent/http/url.hpp"

#include "tests/catch.hpp"

using namespace ot::agent::http;

namespace {

std::string refused(std::string_view text) {
  const auto url = parse_url(text);
  return url ? "taken" : url.error().text();
}

}  // namespace

TEST_CASE("a URL is where a server is", "[http][url]") {
  const auto [text, authority, host_field, path] =
      GENERATE(table<std::string, std::string, std::string, std::string>({
          {"https://hub.example", "hub.example:443", "hub.example", ""},
          {"http://hub.example", "hub.example:80", "hub.example", ""},
          {"HTTPS://Hub.Example:8640/", "hub.example:8640", "hub.example:8640", ""},
          {"https://10.0.0.7:443/a/b%20c//", "10.0.0.7:443", "10.0.0.7", "/a/b%20c"},
          {"http://[::1]", "[::1]:80", "[::1]", ""},
          {"http://[FE80::1]:8640/x", "[fe80::1]:8640", "[fe80::1]:8640", "/x"},
          {"https://hub_1-a.example:", "hub_1-a.example:443", "hub_1-a.example", ""},
          {"https://hub:80", "hub:80", "hub:80", ""},
      }));
  CAPTURE(text);
  const auto url = parse_url(text);
  REQUIRE(url);
  CHECK(url->authority() == authority);
  CHECK(url->host_field() == host_field);
  CHECK(url->path == path);
  CHECK(url->is_tls() == (text[4] == 's' || text[4] == 'S'));
}

TEST_CASE("an IPv6 address loses its brackets", "[http][url]") {
  CHECK(parse_url("http://[::1]:8640")->host == "::1");
}

TEST_CASE("what is no URL is refused with what to do", "[http][url]") {
  const auto [text, words] = GENERATE(table<std::string, std::string>({
      {"", "the URL begins with neither https:// nor http://; https://hub.example:8640"},
      {"hub.example:8640", "the URL begins with neither"},
      {"ftp://hub.example", "the URL begins with neither"},
      {"://hub.example", "the URL begins with neither"},
      {"https://", "the URL has no host that can be used"},
      {"https:///x", "the URL has no host"},
      {"https://:8640", "the URL has no host"},
      {"https://::1:8640", "the URL has no host"},
      {"https://[::1", "the URL has no host"},
      {"https://[hub]", "the URL has no host"},
      {"https://[::1]8640", "the URL has no host"},
      {"https://hub%20a", "the URL has no host"},
      {"https://hub:0", "the URL's port is no number from 1 to 65535"},
      {"https://hub:65536", "the URL's port"},
      {"https://hub:+1", "the URL's port"},
      {"https://hub:80:80", "the URL's port"},
      {"https://hub:1x", "the URL's port"},
      {"https://hub/x?token=secret", "the URL has a query or a fragment (? or #); it ends with"},
      {"https://hub/#secret", "the URL has a query or a fragment"},
      {"https://hub/a b", "the URL has a blank, a control character"},
      {"https://hub/\r\nX: secret", "the URL has a blank, a control character"},
      {" https://hub", "the URL has a blank"},
      {std::string("https://hub\0", 12), "the URL has a blank"},
      {"https://h\xC3\xBC"
       "b",
       "the URL has a blank"},
  }));
  CAPTURE(text);
  CHECK(refused(text).find(words) == 0);
  CHECK(refused(text).find("secret\"") == std::string::npos);
}

TEST_CASE("a URL with a user is refused, and not repeated", "[http][url]") {
  const auto* text = GENERATE("https://joe:secret@hub", "https://joe@hub", "https://a:sec/ret@hub",
                              "joe:secret@hub", "https://hub/@secret");
  CHECK(refused(text) ==
        "the URL has a user in it; secrets don't belong in a URL: name user and password on their "
        "own");
}

TEST_CASE("a URL has an end", "[http][url]") {
  CHECK(refused("https://hub/" + std::string(3000, 'a')) == "the URL is over 2048 characters");
}

TEST_CASE("loopback is this machine", "[http][url]") {
  for (const auto* here : {"http://localhost", "http://LOCALHOST:1", "http://127.0.0.1",
                           "http://127.255.0.9:80", "http://[::1]", "http://[0:0::1]"}) {
    CAPTURE(here);
    CHECK(is_loopback(*parse_url(here)));
  }
  for (const auto* there : {"http://localhost.example", "http://128.0.0.1", "http://[::2]",
                            "http://0.0.0.0", "http://127.1", "http://127.0.0.1.example"}) {
    CAPTURE(there);
    CHECK_FALSE(is_loopback(*parse_url(there)));
  }
}
