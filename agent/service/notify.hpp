#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent {

/// What systemd is told of the service (sd_notify(3)), over the datagram socket
/// that it names in $NOTIFY_SOCKET. Without one nothing is said.
class ServiceManager {
 public:
  /// `socket` as systemd has it: a path, or an abstract name behind an '@'.
  /// `watchdog` is $WATCHDOG_USEC of this process.
  ServiceManager(std::string socket, std::optional<std::chrono::microseconds> watchdog)
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  /// From the environment, which children then don't inherit.
  static ServiceManager from_environment();

  bool listens() const { return !socket_.empty(); }

  /// How often alive() must be called; half of what systemd allows.
  std::optional<std::chrono::microseconds> watchdog_interval() const;

  Result<void> ready(std::string_view status) const;
  Result<void> reloading() const;  ///< until the next ready()
  Result<void> stopping() const;
  Result<void> alive() const;
  Result<void> status(std::string_view text) const;

 private:
  Result<void> send(const std::string& message) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_;
};

}  // namespace ot::agent
