#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "agent/config/surroundings.hpp"
#include "tests/catch.hpp"
#include "tests/execute.hpp"
#include "tests/temporary.hpp"

namespace ot::agent::test {

namespace fs = std::filesystem;

/// A folder that everybody can enter, and a configuration in it.
class Plant {
 public:
  Plant() { ::chmod(folder_.path().c_str(), 0755); }

  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }

  std::string folder(const std::string& name, mode_t mode) const {
    fs::create_directories(path(name));
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }
  std::string file(const std::string& name, mode_t mode, const std::string& content = "x") const {
    std::ofstream(path(name)) << content;
    ::chmod(path(name).c_str(), mode);
    return path(name);
  }

  std::vector<Finding> check(const std::string& text, const Account& account) const {
    const auto config = file("rackscout.toml", 0644, text);
    const auto read = read_config(text, config);
    for (const auto& finding : read.findings) {
      UNSCOPED_INFO(text_of(finding));
    }
    REQUIRE(read.config.has_value());
    auto findings = check_surroundings(read, config, account);
    for (const auto& finding : findings) {
      UNSCOPED_INFO(text_of(finding) << "\n  " << finding.hint);
    }
    return findings;
  }

 private:
  tests::TemporaryFolder folder_;
};

/// Somebody without rights. Only root can try what he may.
inline std::optional<Account> somebody() {
  auto nobody = account_named("nobody");
  return nobody && ::geteuid() == 0 ? std::optional(*nobody) : std::nullopt;
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Runs a hint as root, who needs no sudo.
inline int run_as_root(std::string line) {
  for (auto at = line.find("sudo "); at != std::string::npos; at = line.find("sudo ", at)) {
    line.erase(at, 5);
  }
  const auto child = ::fork();
  if (child == 0) {
    std::vector<std::string> shell = {"/bin/sh", "-c", line};
    tests::execute(shell);
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return status;
}

}  // namespace ot::agent::test
