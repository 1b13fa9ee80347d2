// Other makers' programs ask the server, and make what it checks: curl, openssl, python3.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "agent/http/jwt.hpp"
#include "tests/agent/http/running_server.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

using namespace ot::tests;

namespace http = ot::agent::http;

namespace {

bool has(const char* program) {
  const auto command = fmt::format("command -v {} >/dev/null", program);
  return std::system(command.c_str()) == 0;  // NOLINT: a fixed command
}

/// What the command prints to stdout and stderr.
std::string output(const std::string& command) {
  std::FILE* pipe = ::popen(("(" + command + ") 2>&1 </dev/null").c_str(), "r");  // NOLINT: ours
  std::string text;
  std::array<char, 4096> chunk;
  for (std::size_t size = 1; size > 0;) {
    size = std::fread(chunk.data(), 1, chunk.size(), pipe);
    text.append(chunk.data(), size);
  }
  ::pclose(pipe);
  return text;
}

/// curl without a configuration of the user's, with a token and a time limit.
std::string curl(std::uint16_t port, const std::string& options,
                 const std::string& scheme = "http") {
  return output(
      fmt::format("curl -q -sS -m 20 --noproxy '*' -H 'Authorization: Bearer {}' {} "
                  "{}://127.0.0.1:{}/x",
                  kToken, options, scheme, port));
}

class Tls {
 public:
  Tls() {
    output(
        fmt::format("openssl req -x509 -nodes -newkey rsa:2048 -subj /CN=gateway -days 9 -addext "
                    "subjectAltName=IP:127.0.0.1 -keyout '{}' -out '{}'",
                    path("key"), path("crt")));
  }
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  http::ServerOptions options() const {
    auto options = any_port();
    options.certificates = http::CertificateFiles{path("crt"), path("key")};
    return options;
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("curl is answered in every way that it asks", "[http][peers]") {
  if (!has("curl")) {
    WARN("curl is not installed");
    return;
  }
  RunningServer server;
  const auto port = server.port();
  CHECK(curl(port, "") == "/x");
  CHECK(curl(port, "-G --data-urlencode 'filter=vendor : \"A+B\"' --data page=2") ==
        "/x filter=vendor : \"A+B\" page=2");
  CHECK(curl(port, "--http1.0") == "/x");
  CHECK(curl(port, "-o /dev/null -w '%{http_code} %{content_type}' -I") == "200 application/json");
  CHECK(curl(port, "-o /dev/null -w '%{http_code}' -X DELETE") == "405");
  CHECK(curl(port, "-o /dev/null -w '%{http_code}' -X OPTIONS") == "204");
  CHECK(curl(port, "-o /dev/null -w '%{http_code}' -d a=b") == "405");
  CHECK(curl(port, "-o /dev/null -w '%{http_code}' -H 'Host: evil.example'") == "421");
  const auto url = fmt::format("http://127.0.0.1:{}/open/large", port);
  CHECK(output(fmt::format("curl -q -sS -m 20 --noproxy '*' --compressed {} | wc -c", url)) ==
        "1048576\n");
  CHECK(output(fmt::format("head -c 100000 /dev/zero | curl -q -sS -m 20 --noproxy '*' -X GET -o "
                           "/dev/null -w '%{{http_code}}' -H Expect: --data-binary @- {}",
                           url)) == "413");
}

TEST_CASE("curl and openssl speak TLS with it", "[http][tls][peers]") {
  if (!has("curl") || !has("openssl")) {
    WARN("curl or openssl is not installed");
    return;
  }
  const Tls tls;
  RunningServer server(tls.options());
  const auto port = server.port();
  const auto trusting = fmt::format("--cacert '{}'", tls.path("crt"));
  CHECK(curl(port, trusting, "https") == "/x");
  CHECK(curl(port, trusting + " --tlsv1.2 --tls-max 1.2", "https") == "/x");
  CHECK(curl(port, trusting + " --tlsv1.3", "https") == "/x");
  CHECK(curl(port, trusting + " --http2", "https") == "/x");
  CHECK(curl(port, "", "https").find("certificate") != std::string::npos);
  const auto client = [port](const std::string& options) {
    return output(fmt::format("openssl s_client -connect 127.0.0.1:{} {}", port, options));
  };
  CHECK(client("-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256").find("Cipher is ECDHE-RSA-AES128") !=
        std::string::npos);
  for (const char* weak :
       {"-tls1_2 -cipher AES128-GCM-SHA256", "-tls1_2 -cipher ECDHE-RSA-AES128-SHA",
        "-tls1_1 -cipher DEFAULT@SECLEVEL=0"}) {
    CAPTURE(weak);
    CHECK(client(weak).find("Cipher is (NONE)") != std::string::npos);
  }
}

TEST_CASE("openssl signs what we take", "[http][peers]") {
  if (!has("openssl") || !has("base64")) {
    WARN("openssl is not installed");
    return;
  }
  const Tls tls;
  const auto sign = fmt::format(R"sh(
u() {{ base64 -w0 | tr -d = | tr +/ -_; }}
text=$(printf '{{"alg":"RS256"}}' | u).$(printf '{{"exp":4000000000}}' | u)
printf '%s.%s' "$text" "$(printf %s "$text" | openssl dgst -sha256 -sign '{}' | u)"
)sh",
                                tls.path("key"));
  const auto token = output(sign);
  ot::agent::JwtConfig config;
  config.key_file = tls.path("public");
  output(fmt::format("openssl pkey -in '{}' -pubout -out '{}'", tls.path("key"), config.key_file));
  const auto check = http::JwtCheck::load(config);
  REQUIRE(check);
  CHECK(check->verify(token, ot::now()));
}

TEST_CASE("python's own client keeps its connection", "[http][peers]") {
  if (!has("/usr/bin/python3")) {
    WARN("python3 is not installed");
    return;
  }
  RunningServer server;
  const auto script = fmt::format(
      "import http.client as h; c = h.HTTPConnection('127.0.0.1', {}, timeout=20)\n"
      "for i in range(100):\n"
      "    c.request('GET', '/open/%d' % i, body=b'x' * i); r = c.getresponse()\n"
      "    assert r.status == 200 and r.read() == b'/open/%d' % i, r.status\n"
      "c.request('GET', '/open', body=iter([b'one', b'two']), encode_chunked=True)\n"
      "assert c.getresponse().read() == b'/open'\n"
      "print('good')",
      server.port());
  CHECK(output("/usr/bin/python3 -c \"" + script + "\"") == "good\n");
  CHECK(server.counters().accepted == 1);
}
