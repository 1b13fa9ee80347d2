#include "tests/agent/wall/bare.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "agent/wall/options.hpp"
#include "agent/wall/sanitizers.hpp"
#include "base/number.hpp"
#include "tests/catch.hpp"
#include "tests/execute.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace fs = std::filesystem;

bool is_reduced() {
  return agent::wall::strength_of({}) == agent::wall::Strength::reduced;
}

bool limits_memory() {
  return !agent::wall::kSanitized;
}

std::vector<pid_t> children() {
  std::vector<pid_t> found;
  std::ifstream list(fmt::format("/proc/self/task/{}/children", ::gettid()));
  for (pid_t process = 0; list >> process;) {
    found.push_back(process);
  }
  return found;
}

pid_t only_child() {
  const auto all = children();
  REQUIRE(all.size() == 1);
  return all.front();
}

std::vector<int> descriptors_of(pid_t process) {
  std::vector<int> found;
  for (const auto& entry : fs::directory_iterator(fmt::format("/proc/{}/fd", process))) {
    found.push_back(whole_number<int>(entry.path().filename().string()).value_or(-1));
  }
  std::sort(found.begin(), found.end());
  return found;
}

namespace {

/// Of this process and all that it becomes.
bool refuse_seccomp() {
  auto* filter = ::seccomp_init(SCMP_ACT_ALLOW);
  return filter != nullptr &&
         ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) == 0 &&
         ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                            SCMP_A0_32(SCMP_CMP_EQ, PR_SET_SECCOMP)) == 0 &&
         ::seccomp_load(filter) == 0;
}

}  // namespace

Ran run_without_seccomp(std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  const auto text = (folder.path() / "text").string();
  arguments.insert(arguments.begin(), RACKSCOUT_PROGRAM);
  const auto child = ::fork();
  if (child == 0) {
    const int file = ::open(text.c_str(), O_WRONLY | O_CREAT, 0600);
    ::dup2(file, STDOUT_FILENO);
    ::dup2(file, STDERR_FILENO);
    if (!refuse_seccomp()) {
      ::_exit(126);
    }
    execute(arguments);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  std::ifstream written(text);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          {std::istreambuf_iterator<char>(written), {}}};
}

std::map<std::string, std::string> status_of(pid_t process) {
  std::map<std::string, std::string> status;
  std::ifstream file(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(":\t");
    if (colon != std::string::npos) {
      status[line.substr(0, colon)] = line.substr(colon + 2);
    }
  }
  return status;
}

}  // namespace ot::tests
