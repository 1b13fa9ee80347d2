#include "agent/http/jwt.hpp"

#include <array>
#include <fstream>

#include <sys/stat.h>

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "agent/http/base64url.hpp"
#include "tests/agent/http/jwt_vectors.hpp"
#include "tests/catch.hpp"
#include "tests/temporary.hpp"

using namespace ot;
using namespace ot::agent::http;
using agent::JwtConfig;
using Algorithm = JwtConfig::Algorithm;
using std::chrono::seconds;

namespace {

const Time kExpires{seconds(1300819380)};
const Time kNow = kExpires - seconds(3600);
constexpr const char* kSecret = "a secret of thirty-two bytes, or some more";

JwtCheck check_of(Algorithm algorithm, std::string_view key, JwtConfig config = {}) {
  config.algorithm = algorithm;
  return JwtCheck::with_key(config, key).value();
}

std::string sign(std::string_view header, std::string_view claims,
                 std::string_view secret = kSecret) {
  const auto text = base64url(header) + "." + base64url(claims);
  std::array<unsigned char, 32> mac{};
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), nullptr);
  return text + "." + base64url({reinterpret_cast<const char*>(mac.data()), mac.size()});
}

std::string claiming(std::string_view claims) {
  return sign(R"({"alg":"HS256"})", claims);
}

/// The reason of a refusal; empty when the token is good.
std::string refused(const std::string& token, JwtConfig config = {}, Time at = kNow) {
  const auto claims = check_of(Algorithm::hs256, kSecret, std::move(config)).verify(token, at);
  return claims ? std::string() : claims.error().message();
}

std::string hs256_key() {
  return from_base64url(tests::kHs256Key).value();
}

}  // namespace

TEST_CASE("the examples of RFC 7515 are good, by their own key alone", "[http]") {
  struct Example {
    Algorithm algorithm;
    std::string key;
    std::string token;
  };
  const std::array examples = {Example{Algorithm::hs256, hs256_key(), tests::kHs256Token},
                               Example{Algorithm::rs256, tests::kRs256Key, tests::kRs256Token},
                               Example{Algorithm::es256, tests::kEs256Key, tests::kEs256Token}};
  for (const auto& mine : examples) {
    const auto check = check_of(mine.algorithm, mine.key);
    for (const auto& theirs : examples) {
      const auto claims = check.verify(theirs.token, kNow);
      CHECK(claims.has_value() == (&mine == &theirs));
    }
    CHECK(check.verify(mine.token, kNow)->issuer == "joe");
    CHECK(check.verify(mine.token, kNow)->expires == kExpires);
  }
}

TEST_CASE("a token with one letter changed is refused", "[http]") {
  const std::string good = GENERATE(tests::kHs256Token, tests::kRs256Token, tests::kEs256Token);
  const auto check = good == tests::kHs256Token   ? check_of(Algorithm::hs256, hs256_key())
                     : good == tests::kRs256Token ? check_of(Algorithm::rs256, tests::kRs256Key)
                                                  : check_of(Algorithm::es256, tests::kEs256Key);
  REQUIRE(check.verify(good, kNow));
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto other = good;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    CHECK_FALSE(check.verify(other, kNow));
    CHECK_FALSE(check.verify(good.substr(0, at), kNow));
  }
  CHECK_FALSE(check.verify(good + "A", kNow));
  CHECK_FALSE(check.verify(good + ".", kNow));
}

TEST_CASE("the algorithm is the configured one, whatever the token says", "[http]") {
  const auto rs256 = check_of(Algorithm::rs256, tests::kRs256Key);
  const auto claims = R"({"exp":1300819380})";
  // The public key as the secret of an HMAC: the classic forgery.
  CHECK_FALSE(rs256.verify(sign(R"({"alg":"HS256"})", claims, tests::kRs256Key), kNow));
  CHECK_FALSE(rs256.verify(sign(R"({"alg":"RS256"})", claims, tests::kRs256Key), kNow));
  for (const char* header : {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"hs256"})",
                             R"({"alg":"HS512"})", R"({"alg":["HS256"]})", R"({})"}) {
    CAPTURE(header);
    CHECK(refused(sign(header, claims)) == "its algorithm is not HS256");
  }
  const auto unsigned_token =
      base64url(R"({"alg":"none"})") + "." + base64url(R"({"exp":1300819380})") + ".";
  CHECK(refused(unsigned_token) == "its algorithm is not HS256");
}

TEST_CASE("keys that a token names are not followed", "[http]") {
  CHECK(refused(sign(R"({"alg":"HS256","kid":"../../etc/passwd","jku":"http://evil","x5u":"x"})",
                     R"({"exp":1300819380})"))
            .empty());
  CHECK(refused(sign(R"({"alg":"HS256","crit":["exp"]})", R"({"exp":1300819380})")) ==
        "it asks for an extension (\"crit\")");
}

TEST_CASE("a token is good between its times, give or take a minute", "[http]") {
  const auto token = claiming(R"({"nbf":1300810000,"exp":1300819380})");
  CHECK(refused(token, {}, kExpires + seconds(59)).empty());
  CHECK(refused(token, {}, kExpires + seconds(60)) == "it has expired");
  const Time begins{seconds(1300810000)};
  CHECK(refused(token, {}, begins - seconds(60)).empty());
  CHECK(refused(token, {}, begins - seconds(61)) == "it is not valid yet");
  CHECK(refused(claiming(R"({"exp":1300819380.5})"), {}, kExpires + seconds(60)).empty());
}

TEST_CASE("a token without a sound end is refused", "[http]") {
  for (const char* claims :
       {R"({})", R"({"exp":null})", R"({"exp":"1300819380"})", R"({"exp":1e300})",
        R"({"exp":-1e300})", R"({"exp":true})", R"({"exp":[1300819380]})"}) {
    CAPTURE(claims);
    CHECK(refused(claiming(claims)) == "it has no \"exp\"");
  }
  CHECK(refused(claiming(R"({"exp":1300819380,"nbf":"soon"})")) == "it is not valid yet");
}

TEST_CASE("issuer and audience count when they are configured", "[http]") {
  JwtConfig config;
  config.issuer = "https://login.plant";
  config.audience = "rackscout";
  const auto with = [&config](std::string_view more) {
    return refused(claiming(R"({"exp":1300819380)" + std::string(more) + "}"), config);
  };
  CHECK(with(R"(,"iss":"https://login.plant","aud":"rackscout")").empty());
  CHECK(with(R"(,"iss":"https://login.plant","aud":["other","rackscout"])").empty());
  CHECK(with(R"(,"aud":"rackscout")") == "it has another issuer");
  CHECK(with(R"(,"iss":["https://login.plant"],"aud":"rackscout")") == "it has another issuer");
  for (const char* audience :
       {"", R"(,"aud":"rackscout2")", R"(,"aud":[])", R"(,"aud":[["rackscout"]])",
        R"(,"aud":{"rackscout":1})", R"(,"aud":7)"}) {
    CAPTURE(audience);
    CHECK(with(std::string(R"(,"iss":"https://login.plant")") + audience) ==
          "it is for another audience");
  }
}

TEST_CASE("what is no token is refused, however it is broken", "[http]") {
  for (const char* text : {"", ".", "..", "...", "a.b.c", "e30.e30.e30", "e30", "W10.e30.AA"}) {
    CAPTURE(text);
    CHECK_FALSE(refused(text).empty());
  }
  CHECK(refused(claiming("[]")) == "its claims are no JSON object");
  CHECK(refused(claiming("{\"exp\":")) == "its claims are no JSON object");
  CHECK(refused(claiming("{\"exp\":1300819380,\"a\":\"\xFF\"}")) ==
        "its claims are no JSON object");
  const auto nested = [](int depth) {
    const auto levels = static_cast<std::size_t>(depth);
    return R"({"exp":1300819380,"a":)" + std::string(levels, '[') + std::string(levels, ']') + "}";
  };
  CHECK(refused(claiming(nested(7))).empty());
  CHECK(refused(claiming(nested(9))) == "its claims are no JSON object");
  CHECK(refused(claiming(nested(2000))) == "its claims are no JSON object");
  CHECK(refused(std::string(8193, 'a')) == "a token over 8 KiB");
}

TEST_CASE("a key that is too weak, or none, is refused with what to do", "[http]") {
  const auto error = [](Algorithm algorithm, std::string_view key) {
    JwtConfig config;
    config.algorithm = algorithm;
    const auto check = JwtCheck::with_key(config, key);
    return check ? std::string() : check.error().text();
  };
  const auto pem_of = [](EVP_PKEY* key) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key, &der);
    std::string text(static_cast<std::size_t>(size) * 2, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), der, size);
    text.resize(static_cast<std::size_t>(length));
    OPENSSL_free(der);
    EVP_PKEY_free(key);
    return "-----BEGIN PUBLIC KEY-----\n" + text + "\n-----END PUBLIC KEY-----\n";
  };
  CHECK(error(Algorithm::hs256, "short\n") ==
        "HS256: a secret of 5 bytes; 32 is the least; openssl rand -hex 32 makes one");
  CHECK(error(Algorithm::rs256, pem_of(EVP_RSA_gen(1024))) ==
        "RS256: an RSA key of 1024 bits; 2048 is the least");
  CHECK(error(Algorithm::es256, pem_of(EVP_EC_gen("P-384"))) ==
        "ES256: ES256 takes a key on the curve P-256 (prime256v1)");
  CHECK(error(Algorithm::rs256, tests::kEs256Key) == "RS256: RS256 takes an RSA key");
  CHECK(error(Algorithm::es256, tests::kRs256Key) ==
        "ES256: ES256 takes a key on the curve P-256 (prime256v1)");
  CHECK(error(Algorithm::rs256, "-----BEGIN PRIVATE KEY-----\n") ==
        "RS256: this is no public key in PEM; it holds a private key: openssl pkey -in PRIVATE "
        "-pubout -out PUBLIC");
  CHECK(error(Algorithm::rs256, "-----BEGIN CERTIFICATE-----\n") ==
        "RS256: this is no public key in PEM; it holds a certificate: openssl x509 -in "
        "CERTIFICATE -pubkey -noout");
  CHECK(error(Algorithm::es256, "") ==
        "ES256: this is no public key in PEM; the file begins with "
        "-----BEGIN PUBLIC KEY-----");
}

TEST_CASE("a shared secret is for its owner alone, a public key for anybody", "[http]") {
  const tests::TemporaryFolder folder;
  JwtConfig config;
  config.key_file = (folder.path() / "key").string();
  const auto write = [&config](std::string_view text) {
    std::ofstream(config.key_file) << text;
    ::chmod(config.key_file.c_str(), 0644);
  };
  config.algorithm = Algorithm::es256;
  write(tests::kEs256Key);
  CHECK(JwtCheck::load(config)->verify(tests::kEs256Token, kNow));
  config.algorithm = Algorithm::hs256;
  write(std::string(kSecret) + "\n");
  CHECK(JwtCheck::load(config).error().hint() == "chmod 600 '" + config.key_file + "'");
  ::chmod(config.key_file.c_str(), 0600);
  CHECK(JwtCheck::load(config)->verify(claiming(R"({"exp":1300819380})"), kNow));
  config.key_file = "/nonexistent/key";
  CHECK(JwtCheck::load(config).error().text() ==
        "key of the JWTs: open \"/nonexistent/key\": No such file or directory");
}
