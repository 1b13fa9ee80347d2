#pragma once

#include <cstdlib>
#include <string>

#include "tests/agent/config/surroundings.hpp"

namespace ot::agent::test {

/// Certificates with their keys, in a plant.
class Certified : public Plant {
 public:
  /// Writes `name`.pem and `name`.key.
  void certify(const std::string& name) const {
    const auto command = "openssl req -x509 -nodes -subj /CN=" + name +
                         " -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 9 -keyout '" +
                         path(name + ".key") + "' -out '" + path(name + ".pem") + "' 2>/dev/null";
    REQUIRE(std::system(command.c_str()) == 0);  // NOLINT: a fixed command
    ::chmod(path(name + ".pem").c_str(), 0644);
    ::chmod(path(name + ".key").c_str(), 0600);
  }

  std::string tls(const std::string& certificate, const std::string& key) const {
    return "[api]\ncertificate = \"" + path(certificate) + "\"\nkey = \"" + path(key) + "\"\n";
  }
};

inline mode_t mode_of(const std::string& file) {
  struct stat status {};
  REQUIRE(::stat(file.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

/// After the line that is told, the file is a secret of the account's.
inline void check_mended(const Plant& plant, const std::string& text, const std::string& file,
                         const Account& account) {
  const auto findings = plant.check(text, account);
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].is_mistake());
  REQUIRE(run_as_root(findings[0].hint) == 0);
  CHECK(mode_of(file) == 0600);
  CHECK(plant.check(text, account).empty());
}

}  // namespace ot::agent::test
