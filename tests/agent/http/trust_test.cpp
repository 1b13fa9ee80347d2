#include "agent/http/trust.hpp"

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

#include <fmt/format.h>

#include "agent/http/base64.hpp"
#include "tests/agent/http/authority.hpp"
#include "tests/catch.hpp"

using namespace ot::tests;
using namespace ot::agent::http;

namespace {

std::string complaint(const Trust& trust) {
  const auto loaded = load_trust(trust);
  return loaded ? std::string() : loaded.error().text();
}

/// The text ends with the hint that tells how to make a pin.
std::string pin_complaint(std::string_view text) {
  const auto pin = parse_pin(text);
  return pin ? std::string() : pin.error().text();
}

}  // namespace

TEST_CASE("base64 has one text for each run of bytes", "[http]") {
  for (const std::string bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xFB\xFF"}) {
    CHECK(from_base64(base64(bytes)) == bytes);
  }
  CHECK(base64("foobar") == "Zm9vYmFy");  // RFC 4648, 10
  CHECK(base64("fooba") == "Zm9vYmE=");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("\xFB\xFF") == "+/8=");
  for (const auto* broken : {"Zm9vYg", "Zm9vYg=", "Zm9vYh==", "Zm9vY===", "====", "-_8=", "Zm 9",
                             "Zm9vYg==Zm9v", "=m9v"}) {
    CAPTURE(broken);
    CHECK_FALSE(from_base64(broken));
  }
}

TEST_CASE("a pin is the SHA-256 of a public key in base64", "[http][tls]") {
  const std::string text = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  const auto pin = parse_pin(text);
  REQUIRE(pin);
  CHECK(*pin == sha256(""));
  CHECK(parse_pin("sha256//" + text) == *pin);
  CHECK(pin_text(*pin) == "sha256//" + text);
  for (const auto& broken : {std::string(), std::string("sha256//"), "sha1//" + text,
                             text.substr(0, 40), text + "AAAA", "sha256/" + text, "\n" + text}) {
    CAPTURE(broken);
    CHECK(pin_complaint(broken).find("is no pin: that is the SHA-256 of a public key, 44 letters "
                                     "of base64; openssl x509 -in CERTIFICATE -pubkey") !=
          std::string::npos);
  }
}

TEST_CASE("a client trusts what its files say", "[http][tls]") {
  const Authority plant;
  plant.issue("gateway");
  Trust trust;
  CHECK(complaint(trust).empty());  // the system's
  trust.ca = plant.path("ca.crt");
  trust.certificate = plant.path("gateway.crt");
  trust.key = plant.path("gateway.key");
  trust.pins.push_back(plant.pin("gateway"));
  CHECK(complaint(trust).empty());
  trust.pins.emplace_back("nonsense");
  CHECK(complaint(trust).find("\"nonsense\" is no pin") == 0);
}

TEST_CASE("a CA's file that can't be used is named, with what to do", "[http][tls]") {
  const Authority plant;
  plant.issue("gateway");
  Trust trust;
  trust.ca = plant.path("none.crt");
  CHECK(complaint(trust) == fmt::format("ca: open \"{}\": No such file or directory", trust.ca));
  const auto unusable = fmt::format("\"{}\": no certificate that can be used (", trust.ca);
  for (const auto* content : {"", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n"}) {
    std::ofstream(trust.ca) << content;
    CAPTURE(content);
    CHECK(complaint(trust).find(unusable) == 0);
    CHECK(complaint(trust).find("; it takes PEM that begins with -----BEGIN CERTIFICATE-----") !=
          std::string::npos);
  }
  trust.ca = plant.path("gateway.key");
  CHECK(complaint(trust).find("no certificate that can be used") != std::string::npos);
}

TEST_CASE("a key of our own is a secret, and goes with its certificate", "[http][tls]") {
  const Authority plant;
  plant.issue("gateway");
  plant.issue("other");
  Trust trust;
  trust.key = plant.path("gateway.key");
  CHECK(complaint(trust) ==
        "a certificate of our own takes its key, and the reverse; name the certificate, too: "
        "certificate = \"FILE\"");
  trust.certificate = plant.path("gateway.crt");
  CHECK(complaint(trust).empty());
  ::chmod(trust.key.c_str(), 0644);
  CHECK(complaint(trust) ==
        fmt::format("key: \"{0}\" holds a secret, and others than its owner may open it (mode "
                    "0644); chmod 600 '{0}'",
                    trust.key));
  trust.key = plant.path("other.key");
  CHECK(complaint(trust) ==
        fmt::format("\"{}\": the key is not that of the certificate; write both files anew, from "
                    "the same request",
                    trust.key));
  std::ofstream(trust.key) << "-----BEGIN ENCRYPTED PRIVATE KEY-----\n";
  CHECK(complaint(trust).find("the key has a passphrase; openssl pkey -in") != std::string::npos);
  trust.certificate = plant.path("gateway.key");
  CHECK(complaint(trust).find("no certificate that can be used (no start line)") !=
        std::string::npos);
  trust.key.clear();
  CHECK(complaint(trust).find("name the key, too: key = \"FILE\"") != std::string::npos);
}
