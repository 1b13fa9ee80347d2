// What is said of the files of sinks and sensors agrees with what the service does with them.
#include "agent/http/secret_file.hpp"
#include "agent/http/trust.hpp"
#include "tests/agent/config/certified.hpp"
#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

const std::string kToken(40, 'a');

std::string line(const std::string& key, const std::string& value) {
  return key + " = \"" + value + "\"\n";
}

std::string to_hub(const std::string& keys) {
  return "[[sink]]\nname = \"hub\"\nkind = \"hub\"\nurl = \"https://hub.example\"\n" + keys;
}

std::string to_folder(const std::string& folder) {
  return "[[sink]]\nname = \"outbox\"\nkind = \"file\"\n" + line("folder", folder);
}

std::string from_sensor(const std::string& file) {
  return "[hub]\naccept = true\n[[hub.sensor]]\nid = \"a\"\n" + line("token_file", file);
}

/// Each secret that a configuration may name, in a file.
std::vector<std::string> with_secret(const std::string& file) {
  return {to_hub(line("token_file", file)), to_hub(line("user", "a") + line("password_file", file)),
          to_hub(line("token_file", "credential:a") + line("proxy", "http://proxy:3128") +
                 line("proxy_user", "a") + line("proxy_password_file", file)),
          from_sensor(file)};
}

}  // namespace

TEST_CASE("the secrets of sinks and sensors are no finding when they are the user's own",
          "[config][surroundings]") {
  const Plant plant;
  for (const auto& text : with_secret(plant.file("secret", 0600, kToken + "\n"))) {
    CHECK(plant.check(text, own_account()).empty());
  }
}

TEST_CASE("a secret of a sink or a sensor that others can read is mended by the line that is told",
          "[config][surroundings]") {
  const auto account = somebody();
  if (!account) {
    return;
  }
  const Plant plant;
  for (const mode_t mode : {mode_t{0600}, mode_t{0640}, mode_t{0644}}) {
    for (const auto& text : with_secret(plant.path("secret"))) {
      const auto file = plant.file("secret", mode, kToken);
      REQUIRE(::chown(file.c_str(), 0, 0) == 0);
      check_mended(plant, text, file, *account);
    }
  }
}

TEST_CASE("secrets of sinks and sensors that are not there are mistakes",
          "[config][surroundings]") {
  const Plant plant;
  for (const auto& text : with_secret(plant.path("missing"))) {
    const auto findings = plant.check(text, own_account());
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].is_mistake());
    CHECK(holds(findings[0].message, "there is no"));
  }
}

TEST_CASE("secrets that systemd hands over are passed over", "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  for (const auto& text : with_secret("credential:a")) {
    CHECK(plant.check(text, own_account()).empty());
  }
  const auto own = line("certificate", plant.path("a.pem")) + line("key", "credential:a");
  CHECK(plant.check(to_hub(line("token_file", "credential:a") + own), own_account()).empty());
}

TEST_CASE("files that hold no secret are mistakes", "[config][surroundings]") {
  const Plant plant;
  const auto empty = plant.file("empty", 0600, "\n");
  const auto two_lines = plant.file("lines", 0600, kToken + "\n" + kToken + "\n");
  const auto texts = with_secret(empty);
  CHECK(holds(plant.check(texts[0], own_account()).at(0).message, "there is no token in it"));
  CHECK(holds(plant.check(texts[1], own_account()).at(0).message, "there is no password in it"));
  CHECK(holds(plant.check(texts[2], own_account()).at(0).message, "there is no password in it"));
  CHECK(holds(plant.check(texts[3], own_account()).at(0).message, "32 letters"));
  CHECK(plant.check(to_hub(line("token_file", two_lines)), own_account()).size() == 1);
  CHECK(plant.check(from_sensor(two_lines), own_account()).size() == 1);
  CHECK(plant.check(from_sensor(plant.file("short", 0600, "abc")), own_account()).size() == 1);
}

TEST_CASE("a sink's certificates are found sound when they can be used", "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  plant.certify("b");
  plant.file("cut.pem", 0644, "-----BEGIN CERTIFICATE-----\n");
  plant.file("cut.key", 0600, "-----BEGIN PRIVATE KEY-----\n");
  plant.file("none", 0600);
  struct Sample {
    const char* certificate;
    const char* key;
    const char* ca;
  };
  for (const auto& [certificate, key, ca] :
       std::initializer_list<Sample>{{"a.pem", "a.key", "b.pem"},
                                     {"a.pem", "b.key", "b.pem"},
                                     {"cut.pem", "a.key", "b.pem"},
                                     {"a.pem", "cut.key", "b.pem"},
                                     {"a.pem", "a.key", "cut.pem"},
                                     {"a.pem", "a.key", "none"}}) {
    INFO(certificate << " " << key << " " << ca);
    http::Trust trust;
    trust.certificate = plant.path(certificate);
    trust.key = plant.path(key);
    trust.ca = plant.path(ca);
    const auto text =
        to_hub(line("token_file", "credential:a") + line("certificate", trust.certificate) +
               line("key", trust.key) + line("ca", trust.ca));
    CHECK(plant.check(text, own_account()).empty() == http::load_trust(trust).has_value());
  }
}

TEST_CASE("a sink's private key that a group can read is a mistake, as the service refuses it",
          "[config][surroundings]") {
  const Certified plant;
  plant.certify("a");
  ::chmod(plant.path("a.key").c_str(), 0640);
  const auto findings = plant.check(
      to_hub(line("token_file", "credential:a") + line("certificate", plant.path("a.pem")) +
             line("key", plant.path("a.key"))),
      own_account());
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_mistake());
  CHECK(findings[0].key == "sink[0].key");
}

TEST_CASE("a sink's folder must be there", "[config][surroundings]") {
  const Plant plant;
  CHECK(plant.check(to_folder(plant.folder("outbox", 0755)), own_account()).empty());
  const auto missing = plant.check(to_folder(plant.path("missing")), own_account());
  REQUIRE(missing.size() == 1);
  CHECK(missing[0].is_mistake());
  CHECK(holds(missing[0].hint, "sudo install -d -m 750"));
  const auto file = plant.check(to_folder(plant.file("file", 0644)), own_account());
  REQUIRE(file.size() == 1);
  CHECK(holds(file[0].message, "is no folder"));
}

TEST_CASE("a sink's folder that the user can't write is mended by the line that is told",
          "[config][surroundings]") {
  const auto account = somebody();
  if (!account) {
    return;
  }
  const Plant plant;
  for (const mode_t mode : {mode_t{0700}, mode_t{0755}}) {
    const auto text = to_folder(plant.folder("outbox" + std::to_string(mode), mode));
    const auto findings = plant.check(text, *account);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0].is_mistake());
    REQUIRE(run_as_root(findings[0].hint) == 0);
    CHECK(plant.check(text, *account).empty());
  }
}

}  // namespace ot::agent::test
