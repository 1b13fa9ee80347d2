#include "tests/e2e/program.hpp"

#include <array>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/execute.hpp"
#include "tests/parsers/case.hpp"
#include "tests/temporary.hpp"

namespace ot::tests {
namespace {

void redirect(int descriptor, const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file < 0 || ::dup2(file, descriptor) < 0) {
    ::_exit(127);
  }
}

[[noreturn]] void become(std::vector<std::string>& arguments, const std::string& out,
                         const std::string& err, const std::vector<int>& closed) {
  redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
  redirect(STDOUT_FILENO, out, O_WRONLY | O_CREAT);
  redirect(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_NOCTTY);
  for (const int stream : closed) {
    ::close(stream);
  }
  execute(arguments);
}

pid_t start(std::vector<std::string> arguments, const std::string& out, const std::string& err,
            const std::vector<int>& closed = {}) {
  arguments.insert(arguments.begin(), RACKSCOUT_PROGRAM);
  const auto child = ::fork();
  if (child == 0) {
    become(arguments, out, err, closed);
  }
  if (child < 0) {
    throw std::runtime_error("the program can't be run");
  }
  return child;
}

int exit_code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int wait_for(pid_t child) {
  int status = 0;
  if (::waitpid(child, &status, 0) != child) {
    throw std::runtime_error("the program was lost");
  }
  return exit_code_of(status);
}

}  // namespace

Run rackscout(std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  const auto out = (folder.path() / "out").string();
  auto run = rackscout_into(out, std::move(arguments));
  run.out = content_of(out);
  return run;
}

Run rackscout_into(const std::string& path, std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  const auto err = (folder.path() / "err").string();
  const auto exit_code = wait_for(start(std::move(arguments), path, err));
  return {.exit_code = exit_code, .out = {}, .err = content_of(err)};
}

Run rackscout_without(std::vector<int> streams, std::vector<std::string> arguments) {
  const TemporaryFolder folder;
  const auto err = (folder.path() / "err").string();
  const auto exit_code = wait_for(start(std::move(arguments), "/dev/null", err, streams));
  return {.exit_code = exit_code, .out = {}, .err = content_of(err)};
}

Run rackscout_on_terminal(std::vector<std::string> arguments) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (terminal < 0 || ::grantpt(terminal) != 0 || ::unlockpt(terminal) != 0) {
    throw std::runtime_error("no terminal");
  }
  const auto child = start(std::move(arguments), "/dev/null", ::ptsname(terminal));
  Run run;
  std::array<char, 4096> buffer{};
  // Fails with EIO once the program has closed its end.
  for (ssize_t got = 0; (got = ::read(terminal, buffer.data(), buffer.size())) > 0;) {
    run.err.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(terminal);
  run.exit_code = wait_for(child);
  return run;
}

Run rackscout_with(const std::string& variable, const std::string& value,
                   std::vector<std::string> arguments) {
  const char* before = std::getenv(variable.c_str());
  const std::string kept = before != nullptr ? before : "";
  ::setenv(variable.c_str(), value.c_str(), 1);
  auto run = rackscout(std::move(arguments));
  before != nullptr ? ::setenv(variable.c_str(), kept.c_str(), 1) : ::unsetenv(variable.c_str());
  return run;
}

}  // namespace ot::tests
