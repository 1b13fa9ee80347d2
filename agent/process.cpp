#include "agent/process.hpp"

#include <csignal>

#include <fcntl.h>
#include <pwd.h>
#include <unistd.h>

namespace ot::agent {
namespace {

/// Set by SIGINT and SIGTERM. A handler may touch nothing else.
std::atomic<bool> stop_requested{false};
std::atomic<int> stop_number{0};

void request_stop(int number) {
  stop_number = number;
  stop_requested = true;
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  return stop_requested;
}

std::string stop_signal() {
  const int number = stop_number;
  return number == 0 ? "" : number == SIGINT ? "Ctrl-C" : "SIGTERM";
}

bool hold_standard_streams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDONLY) != stream) {
      return false;
    }
  }
  return true;
}

std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "";
}

}  // namespace ot::agent
