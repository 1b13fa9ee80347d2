// What is said of a secret agrees with what the service does when it starts.
#include "agent/config/mending.hpp"
#include "agent/http/jwt.hpp"
#include "agent/http/token.hpp"
#include "tests/agent/config/certified.hpp"
#include "tests/agent/http/jwt_vectors.hpp"
#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

std::string with_token(const std::string& file) {
  return "[api]\ntoken_file = \"" + file + "\"\n";
}

std::string with_jwt(const std::string& algorithm, const std::string& file) {
  return "[api.jwt]\nalgorithm = \"" + algorithm + "\"\nkey_file = \"" + file + "\"\n";
}

std::string mending_of(const Account& account, const std::string& file) {
  return "sudo chown " + account.name + ": " + file + " && sudo chmod 600 " + file;
}

/// A mistake about the mode, and the line that mends it.
void check_exposed(const Plant& plant, const std::string& text, const std::string& file) {
  const auto findings = plant.check(text, own_account());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_mistake());
  CHECK(holds(findings[0].message, "others than its owner may open"));
  CHECK(findings[0].hint == mending_of(own_account(), file));
}

}  // namespace

TEST_CASE("a private key that everybody can read is a mistake", "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  const auto text = plant.tls("a.pem", "a.key");
  CHECK(plant.check(text, own_account()).empty());
  ::chmod(plant.path("a.key").c_str(), 0644);
  check_exposed(plant, text, plant.path("a.key"));
}

TEST_CASE("what systemd hands over to the API can't be tried", "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  CHECK(plant.check(with_token("credential:token"), own_account()).empty());
  const auto certificate = "[api]\ncertificate = \"" + plant.path("a.pem") + "\"\n";
  CHECK(plant.check(certificate + "key = \"credential:key\"\n", own_account()).empty());
  CHECK(plant.check(with_jwt("HS256", "credential:jwt") + "audience = \"a\"\n", own_account())
            .empty());
}

TEST_CASE("a private key that a group can read is a warning, as the service takes it",
          "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  ::chmod(plant.path("a.key").c_str(), 0640);
  const auto findings = plant.check(plant.tls("a.pem", "a.key"), own_account());
  REQUIRE(findings.size() == 1);
  CHECK_FALSE(findings[0].is_mistake());
  CHECK(holds(findings[0].message, "key: others than its owner may open"));
}

TEST_CASE("a private key that the user can't read is mended by the line that is told",
          "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Certified plant;
  plant.certify("a");
  check_mended(plant, plant.tls("a.pem", "a.key"), plant.path("a.key"), *nobody);
}

TEST_CASE("a certificate with another one's key is a mistake", "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  plant.certify("b");
  const auto findings = plant.check(plant.tls("a.pem", "b.key"), own_account());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].key == "api.key");
  CHECK(holds(findings[0].message, "the key is not that of the certificate"));
}

TEST_CASE("what only begins like a certificate or a key is none", "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  plant.file("cut.pem", 0644, "-----BEGIN CERTIFICATE-----\n");
  plant.file("cut.key", 0600, "-----BEGIN PRIVATE KEY-----\n");
  const auto certificate = plant.check(plant.tls("cut.pem", "a.key"), own_account());
  REQUIRE(certificate.size() == 1);
  CHECK(certificate[0].key == "api.certificate");
  CHECK(holds(certificate[0].message, "no certificate that can be used"));
  const auto key = plant.check(plant.tls("a.pem", "cut.key"), own_account());
  REQUIRE(key.size() == 1);
  CHECK(key[0].key == "api.key");
  CHECK(holds(key[0].message, "no private key that can be used"));
}

TEST_CASE("files that don't hold what they should are mistakes", "[config][surroundings]") {
  const Plant plant;
  const auto text = "[api]\ncertificate = \"" + plant.file("tls.pem", 0644) + "\"\nkey = \"" +
                    plant.file("tls.key", 0600, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n") +
                    "\"\ntoken_file = \"" + plant.file("token", 0600, "abcde") + "\"\n" +
                    with_jwt("HS256", plant.file("secret", 0600, "hunter2"));
  const auto findings = plant.check(text, own_account());
  REQUIRE(findings.size() == 4);
  CHECK(holds(findings[0].message, "no PEM certificate"));
  CHECK(holds(findings[1].message, "pass phrase"));
  CHECK(holds(findings[2].message, "there is no token in it"));
  CHECK(holds(findings[3].message, "a secret of 7 bytes; 32 is the least"));
}

TEST_CASE("a token or a shared secret that a group can read is a mistake",
          "[config][surroundings]") {
  const Plant plant;
  const auto file = plant.file("secret", 0640, std::string(64, 'a') + "\n");
  check_exposed(plant, with_token(file), file);
  check_exposed(plant, with_jwt("HS256", file), file);
}

TEST_CASE("a secret that the user can't read stays one by the line that is told",
          "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  for (const mode_t mode : {mode_t{0600}, mode_t{0640}, mode_t{0644}}) {
    const auto token = plant.file("token" + std::to_string(mode), mode, std::string(64, 'a'));
    check_mended(plant, with_token(token), token, *nobody);
    const auto secret = plant.file("secret" + std::to_string(mode), mode, std::string(64, 'a'));
    check_mended(plant, with_jwt("HS256", secret), secret, *nobody);
  }
}

TEST_CASE("a secret in a closed folder is reached by the line that is told",
          "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  plant.folder("closed", 0700);
  const auto token = plant.file("closed/token", 0600, std::string(64, 'a'));
  check_mended(plant, with_token(token), token, *nobody);
}

TEST_CASE("a secret of another user is a mistake", "[config][surroundings]") {
  const auto nobody = somebody();
  if (!nobody) {
    return;
  }
  const Plant plant;
  const auto token = plant.file("token", 0600, std::string(64, 'a'));
  REQUIRE(::chown(token.c_str(), 1, 1) == 0);
  const auto findings = plant.check(with_token(token), *nobody);
  REQUIRE(findings.size() == 1);
  CHECK(holds(findings[0].message, "belongs to " + user_name(1)));
  check_mended(plant, with_token(token), token, *nobody);
}

TEST_CASE("a token is found sound when the service takes it", "[config][surroundings]") {
  const Plant plant;
  const std::string letters(31, 'a');
  for (const auto& content : {std::string("abcde"), letters, letters + "\n", letters + "a",
                              letters + "a\n", " " + letters + "a \n", letters + " a",
                              letters + "\xC3\xA4", std::string(9000, 'a'), std::string()}) {
    INFO(content);
    const auto file = plant.file("token", 0600, content);
    CHECK(plant.check(with_token(file), own_account()).empty() ==
          http::Token::load_or_create(file).has_value());
  }
}

TEST_CASE("a key of signed tokens is found sound when the service takes it",
          "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  std::ifstream pem(plant.path("a.pem"));
  const std::string certificate{std::istreambuf_iterator<char>(pem), {}};
  const std::string letters(31, 'a');
  for (const auto& content :
       {letters, letters + "\n", letters + "\r\n", letters + "a", letters + "a\n", certificate,
        std::string(tests::kRs256Key), std::string(tests::kEs256Key),
        std::string("-----BEGIN PUBLIC KEY-----\n"), std::string(300 * 1024, 'a')}) {
    const auto file = plant.file("key", 0600, content);
    for (const auto* algorithm : {"HS256", "RS256", "ES256"}) {
      INFO(algorithm << " " << content.substr(0, 100));
      const auto text = with_jwt(algorithm, file);
      const auto jwt = read_config(text, "rackscout.toml").config.value().api.jwt.value();
      const auto findings = plant.check(text, own_account());
      CHECK(findings.empty() == http::JwtCheck::load(jwt).has_value());
      CHECK((findings.empty() || !findings[0].hint.empty()));
    }
  }
}

TEST_CASE("a certificate in place of a public key is told with what makes one of it",
          "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  const auto findings = plant.check(with_jwt("RS256", plant.path("a.pem")), own_account());
  REQUIRE(findings.size() == 1);
  CHECK(holds(findings[0].message, "key_file: this is no public key in PEM"));
  CHECK(holds(findings[0].hint, "openssl x509 -in CERTIFICATE -pubkey"));
}

TEST_CASE("everybody may read a public key", "[config][surroundings]") {
  const Plant plant;
  const auto file = plant.file("jwt.pem", 0644, tests::kRs256Key);
  CHECK(plant.check(with_jwt("RS256", file), own_account()).empty());
}

TEST_CASE("a token beside the store is looked at, too", "[config][surroundings]") {
  const Plant plant;
  const auto text = "[store]\npath = \"" + plant.path("plant.db") + "\"\n";
  const auto token = plant.file("plant.db.token", 0640, std::string(64, 'a'));
  check_exposed(plant, text, token);
  ::chmod(token.c_str(), 0600);
  CHECK(plant.check(text, own_account()).empty());
}

}  // namespace ot::agent::test
