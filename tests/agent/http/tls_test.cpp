#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/http/certificates.hpp"
#include "tests/agent/http/client.hpp"
#include "tests/agent/http/running_server.hpp"
#include "tests/agent/http/tls_client.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

using namespace ot::tests;
using namespace std::chrono_literals;

namespace http = ot::agent::http;
namespace fs = std::filesystem;

namespace {

/// Certificates by Debian's openssl.
class Certificates {
 public:
  Certificates() { make("one"); }

  /// Writes `name`.crt and `name`.key, whose subject is `name`.
  void make(const std::string& name, const std::string& options =
                                         "-newkey ec -pkeyopt "
                                         "ec_paramgen_curve:P-256 -days 9") {
    const auto command = fmt::format(
        "openssl req -x509 -nodes -subj /CN={0} {1} -keyout '{2}/{0}.key' -out '{2}/{0}.crt' "
        "2>/dev/null",
        name, options, folder_.path().string());
    REQUIRE(std::system(command.c_str()) == 0);  // NOLINT: a fixed command
  }

  /// What the server reads from now on.
  void use(const std::string& certificate, const std::string& key) const {
    const auto over = fs::copy_options::overwrite_existing;
    fs::copy_file(path(certificate + ".crt"), path("server.crt"), over);
    fs::copy_file(path(key + ".key"), path("server.key"), over);
  }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  http::CertificateFiles files() const { return {path("server.crt"), path("server.key")}; }

 private:
  TemporaryFolder folder_;
};

http::ServerOptions with_tls(const Certificates& certificates) {
  auto options = any_port();
  options.certificates = certificates.files();
  return options;
}

}  // namespace

TEST_CASE("TLS 1.2 and 1.3 are spoken, older versions are not", "[http][tls]") {
  Certificates certificates;
  certificates.use("one", "one");
  RunningServer server(with_tls(certificates));
  for (const int version : {TlsClient::kTls12, TlsClient::kTls13}) {
    TlsClient client(server.port(), version);
    REQUIRE(client.is_open());
    CHECK(client.subject() == "one");
    CHECK(client.ask(get("/open")).find("HTTP/1.1 200 OK\r\n") == 0);
    CHECK(client.ask(get("/open")).find("HTTP/1.1 200 OK\r\n") == 0);
  }
  CHECK_FALSE(TlsClient(server.port(), TlsClient::kTls11).is_open());
  server.wait_until_open(0);
  CHECK(server.counters().handshakes_failed == 1);
}

TEST_CASE("new certificates are for new connections, and old ones go on", "[http][tls]") {
  Certificates certificates;
  certificates.make("two");
  certificates.use("one", "one");
  RunningServer server(with_tls(certificates));
  TlsClient old(server.port());
  certificates.use("two", "two");
  REQUIRE(server.reload());
  CHECK(old.ask(get("/open")).find("HTTP/1.1 200") == 0);
  CHECK(old.subject() == "one");
  CHECK(TlsClient(server.port()).subject() == "two");
}

TEST_CASE("certificates that do not fit leave those that do", "[http][tls]") {
  Certificates certificates;
  certificates.make("two");
  certificates.use("one", "one");
  RunningServer server(with_tls(certificates));
  certificates.use("two", "one");
  const auto reloaded = server.reload();
  REQUIRE_FALSE(reloaded);
  CHECK(reloaded.error().text() ==
        fmt::format("certificates stay as they were: \"{}\": the key is not that of the "
                    "certificate; write both files anew, from the same request",
                    certificates.path("server.key")));
  CHECK(TlsClient(server.port()).subject() == "one");
}

TEST_CASE("certificates that can't be used are named, with what to do", "[http][tls]") {
  Certificates certificates;
  certificates.make("small", "-newkey rsa:1024 -days 9");
  certificates.use("one", "one");
  const auto error = [&certificates] {
    const auto loaded = http::load_certificates(certificates.files(), ot::now());
    return loaded ? std::string() : loaded.error().text();
  };
  const auto quoted = [&certificates](const char* name) {
    return fmt::format("\"{}\": ", certificates.path(name));
  };
  CHECK(error().empty());
  certificates.use("small", "small");
  CHECK(error() == quoted("server.crt") +
                       "no certificate that can be used (ee key too small); it takes PEM: the own "
                       "certificate first, then those that signed it");
  std::ofstream(certificates.path("server.crt")) << "nonsense";
  CHECK(error() == quoted("server.crt") +
                       "no certificate that can be used (no start line); it takes "
                       "PEM: the own certificate first, then those that signed it");
  certificates.use("one", "one");
  std::ofstream(certificates.path("server.key")) << "nonsense";
  CHECK(error().find(quoted("server.key") + "no private key that can be used (") == 0);
  std::ofstream(certificates.path("server.key")) << "-----BEGIN ENCRYPTED PRIVATE KEY-----\n";
  CHECK(
      error() ==
      quoted("server.key") +
          fmt::format("the key has a passphrase; openssl pkey -in '{}' -out KEY writes it without",
                      certificates.path("server.key")));
  fs::remove(certificates.path("server.key"));
  CHECK(error() == fmt::format("key: open \"{}\": No such file or directory",
                               certificates.path("server.key")));
}

TEST_CASE("certificates out of their time are used with a warning", "[http][tls]") {
  Certificates certificates;
  certificates.use("one", "one");
  const auto warnings = [&certificates](ot::Time at) {
    const auto loaded = http::load_certificates(certificates.files(), at);
    REQUIRE(loaded);
    return fmt::format("{}", fmt::join(loaded->warnings, "\n"));
  };
  const auto day = std::chrono::hours(24);
  CHECK(warnings(ot::now() + day).empty());
  CHECK(warnings(ot::now() + 10 * day).find("the certificate expired on 20") != std::string::npos);
  CHECK(warnings(ot::now() - day).find("the certificate is not valid before 20") !=
        std::string::npos);
  ::chmod(certificates.path("server.key").c_str(), 0644);
  CHECK(warnings(ot::now() + day).find("chmod 600") != std::string::npos);
}

TEST_CASE("HTTP on a port of HTTPS is told so, and the reverse ends at once", "[http][tls]") {
  Certificates certificates;
  certificates.use("one", "one");
  RunningServer secure(with_tls(certificates));
  Client plain(secure.port());
  plain.send(get("/open"));
  const auto reply = plain.reply();
  CHECK(reply.status == 400);
  CHECK(reply.body.find("this port takes https:// alone") != std::string::npos);
  CHECK(plain.is_ended());
  RunningServer open;
  CHECK_FALSE(TlsClient(open.port()).is_open());
}

TEST_CASE("a handshake has its time", "[http][tls]") {
  Certificates certificates;
  certificates.use("one", "one");
  auto options = with_tls(certificates);
  options.limits.handshake = 100ms;
  RunningServer server(options);
  CHECK(Client(server.port()).is_ended());
  Client half(server.port());
  half.send(std::string("\x16\x03\x01\x00\xC8\x01", 6));
  CHECK(half.is_ended());
}

TEST_CASE("limits hold with TLS, too", "[http][tls]") {
  Certificates certificates;
  certificates.use("one", "one");
  auto options = with_tls(certificates);
  options.limits.head = 100ms;
  RunningServer server(options);
  TlsClient client(server.port());
  CHECK(client.ask("GET / HTTP/1.1\r\nX: ").empty());
  CHECK(server.counters().timed_out == 1);
}

TEST_CASE("with TLS it may listen anywhere, and any name will do", "[http][tls]") {
  Certificates certificates;
  certificates.use("one", "one");
  RunningServer server(with_tls(certificates));
  TlsClient client(server.port());
  CHECK(client.ask("GET /open HTTP/1.1\r\nHost: gateway.plant\r\n\r\n").find("HTTP/1.1 200") == 0);
}

TEST_CASE("a server that stops says goodbye in TLS", "[http][tls][stop]") {
  Certificates certificates;
  certificates.use("one", "one");
  RunningServer server(with_tls(certificates));
  TlsClient client(server.port());
  client.ask(get("/open"));
  auto stopped = server.stop(20s);
  CHECK(client.ended_cleanly());
  CHECK(stopped.get() == 0);
}
