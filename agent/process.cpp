#include "agent/process.hpp"

#include <csignal>

#include <pwd.h>
#include <unistd.h>

namespace ot::agent {
namespace {

/// Set by SIGINT and SIGTERM. A handler may touch nothing else.
std::atomic<bool> stop_requested{false};

void request_stop(int) {
  stop_requested = true;
}

}  // namespace

const std::atomic<bool>& stop_on_signals() {
  std::signal(SIGINT, request_stop);
  std::signal(SIGTERM, request_stop);
  return stop_requested;
}

std::string user_name() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry != nullptr ? entry->pw_name : "";
}

}  // namespace ot::agent
