// Secrets that are named by a path, or as what systemd hands over.
#include <cstdlib>

#include "agent/http/secret_file.hpp"
#include "agent/http/token.hpp"
#include "tests/agent/config/surroundings.hpp"
#include "tests/catch.hpp"

namespace ot::agent::test {
namespace {

/// As systemd sets it for a service; without a value, as it is elsewhere.
class HandedOver {
 public:
  explicit HandedOver(const char* folder) {
    folder != nullptr ? ::setenv(kVariable, folder, 1) : ::unsetenv(kVariable);
  }
  HandedOver(const HandedOver&) = delete;
  HandedOver& operator=(const HandedOver&) = delete;
  ~HandedOver() { ::unsetenv(kVariable); }

 private:
  static constexpr const char* kVariable = "CREDENTIALS_DIRECTORY";
};

}  // namespace

TEST_CASE("a secret lies where its path says, or among the credentials", "[config]") {
  const HandedOver credentials("/run/credentials/rackscout.service");
  CHECK(http::secret_place("/etc/rackscout/token").value() == "/etc/rackscout/token");
  CHECK(http::secret_place("credential:hub.token").value() ==
        "/run/credentials/rackscout.service/hub.token");
}

TEST_CASE("what is no path and no name of a credential is no place of a secret", "[config]") {
  const HandedOver credentials("/run/credentials/rackscout.service");
  for (const auto* named :
       {"", "token", "./token", "credential", "Credential:a", "credential:", "credential:.",
        "credential:..", "credential:../a", "credential:a/b", "credential:/etc/passwd",
        "credential:a b", "credential:a:b", "credential:a\n"}) {
    INFO(named);
    const auto place = http::secret_place(named);
    REQUIRE_FALSE(place.has_value());
    CHECK(place.error().code() == Errc::wrong_use);
  }
  CHECK_FALSE(http::secret_place("credential:" + std::string(256, 'a')).has_value());
}

TEST_CASE("a credential that the unit doesn't hand over is told with the line that does it",
          "[config]") {
  const std::string line = "LoadCredential=hub:/etc/rackscout/hub";
  for (const auto* folder : {static_cast<const char*>(nullptr), ""}) {
    const HandedOver credentials(folder);
    const auto place = http::secret_place("credential:hub");
    REQUIRE_FALSE(place.has_value());
    CHECK(place.error().code() == Errc::not_found);
    CHECK(holds(place.error().hint(), line));
  }
  const Plant plant;
  const HandedOver credentials(plant.path("").c_str());
  const auto secret = http::read_secret("credential:hub");
  REQUIRE_FALSE(secret.has_value());
  CHECK(holds(secret.error().hint(), line));
}

TEST_CASE("a secret is the file's content without the line break at its end", "[config]") {
  const Plant plant;
  const auto read = [&plant](const std::string& content) {
    return http::read_secret(plant.file("secret", 0600, content));
  };
  CHECK(read("hunter2").value() == "hunter2");
  CHECK(read("hunter2\n").value() == "hunter2");
  CHECK(read("hunter2\r\n").value() == "hunter2");
  CHECK(read("hunter2\n\n").value() == "hunter2\n");
  CHECK(read(" hunter2 ").value() == " hunter2 ");
  for (const auto* content : {"", "\n", "\r\n"}) {
    const auto empty = read(content);
    REQUIRE_FALSE(empty.has_value());
    CHECK(empty.error().code() == Errc::malformed);
    CHECK_FALSE(empty.error().hint().empty());
  }
}

TEST_CASE("a key is read as a whole, by its path or as a credential", "[config]") {
  const Plant plant;
  const auto file = plant.file("key", 0440, "-----BEGIN\nEND-----\n");
  CHECK_FALSE(http::read_named_key(file, http::Readers::owner_alone));
  CHECK(http::read_named_key(file, http::Readers::anybody).value() == "-----BEGIN\nEND-----\n");
  const HandedOver credentials(plant.path("").c_str());
  CHECK(http::read_named_key("credential:key", http::Readers::owner_alone).value() ==
        "-----BEGIN\nEND-----\n");
}

TEST_CASE("a token that systemd should hand over is never made", "[config]") {
  const Plant plant;
  const HandedOver credentials(plant.path("").c_str());
  const auto missing = http::Token::load_or_create("credential:token");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().code() == Errc::not_found);
  CHECK(holds(missing.error().hint(), "LoadCredential=token:/etc/rackscout/token"));
  const auto token = std::string(40, 'a');
  plant.file("token", 0440, token + "\n");
  CHECK(http::Token::load_or_create("credential:token").value().matches(token));
}

TEST_CASE("a secret that others can read is refused; systemd guards a credential by its folder",
          "[config]") {
  const Plant plant;
  const auto file = plant.file("secret", 0440, "hunter2");
  const auto refused = http::read_secret(file);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code() == Errc::forbidden);
  CHECK(refused.error().text().find("hunter2") == std::string::npos);
  const HandedOver credentials(plant.path("").c_str());
  CHECK(http::read_secret("credential:secret").value() == "hunter2");
}

}  // namespace ot::agent::test
