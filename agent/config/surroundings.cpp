#include "agent/config/surroundings.hpp"

#include <filesystem>

#include <sys/stat.h>

#include "agent/config/mending.hpp"
#include "agent/config/rights.hpp"

namespace ot::agent {
namespace {

/// The configuration is read again at each reload, by the service itself.
void check_file(RightsCheck& at, const std::string& file) {
  struct stat status {};
  std::error_code failed;
  const auto whole = std::filesystem::absolute(file, failed).string();
  if (::stat(whole.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0) {
    at.mistake({}, "everybody may write this file", "sudo chmod o-w " + shell_word(whole));
  }
  const auto tried = at.try_path({{}, whole}, Want::read);
  if (tried && !tried->access.granted()) {
    at.mistake({}, at.refusal(tried->access, "read this file"),
               let_read_file(at.account(), tried->real, tried->access.at));
  }
}

}  // namespace

std::vector<Finding> check_surroundings(const ReadConfig& read, const std::string& file,
                                        const Account& account) {
  if (!read.draft) {
    return {};
  }
  RightsCheck at(*read.draft, read.places, account, file);
  check_file(at, file);
  check_watched_folders(at);
  check_secrets(at);
  check_sensors(at);
  check_sinks(at);
  check_safety_files(at);
  check_written_files(at);
  check_serial_devices(at);
  check_unit(at, "/");
  return at.findings().take();
}

}  // namespace ot::agent
