#include "agent/service/notify.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

#include "base/number.hpp"

namespace ot::agent {
namespace {

std::string taken_from_environment(const char* name) {
  const char* value = std::getenv(name);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(name);
  return text;
}

/// A message is a line for each assignment: none may come from a text.
std::string one_line(std::string_view text) {
  std::string line(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::chrono::microseconds monotonic_now() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  auto socket = taken_from_environment("NOTIFY_SOCKET");
  const auto micros = whole_number<std::uint64_t>(taken_from_environment("WATCHDOG_USEC"));
  const auto process = whole_number<pid_t>(taken_from_environment("WATCHDOG_PID"));
  std::optional<std::chrono::microseconds> watchdog;
  if (micros && *micros > 0 && (!process || *process == ::getpid())) {
    watchdog = std::chrono::microseconds(*micros);
  }
  return {std::move(socket), watchdog};
}

std::optional<std::chrono::microseconds> ServiceManager::watchdog_interval() const {
  return listens() && watchdog_ ? std::optional(*watchdog_ / 2) : std::nullopt;
}

Result<void> ServiceManager::ready(std::string_view status) const {
  return send(fmt::format("READY=1\nSTATUS={}", one_line(status)));
}

Result<void> ServiceManager::reloading() const {
  return send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_now().count()));
}

Result<void> ServiceManager::stopping() const {
  return send("STOPPING=1");
}

Result<void> ServiceManager::alive() const {
  return send("WATCHDOG=1");
}

Result<void> ServiceManager::status(std::string_view text) const {
  return send("STATUS=" + one_line(text));
}

Result<void> ServiceManager::send(const std::string& message) const {
  if (!listens()) {
    return {};
  }
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool known = socket_.front() == '/' || socket_.front() == '@';
  if (!known || socket_.size() >= sizeof address.sun_path) {
    return fail(Errc::unsupported,
                fmt::format("NOTIFY_SOCKET \"{}\": no socket of systemd", socket_));
  }
  std::copy(socket_.begin(), socket_.end(), std::begin(address.sun_path));
  if (socket_.front() == '@') {
    address.sun_path[0] = '\0';
  }
  const int file = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (file < 0) {
    return fail(system_error(errno, "tell systemd"));
  }
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const auto sent = ::sendto(file, message.data(), message.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&address), size);
  const int number = errno;
  ::close(file);
  return sent < 0 ? fail(system_error(number, "tell systemd")) : Result<void>{};
}

}  // namespace ot::agent
