#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <sys/types.h>

#include "agent/wall/options.hpp"
#include "base/result.hpp"

namespace ot::agent::wall {

/// The word by which the program knows that it was started as such a child.
inline constexpr std::string_view kChildWord = "wall-child";

/// A process of our own program that waits for files to read. It ends with us.
class ChildProcess {
 public:
  /// Errors: io.
  static Result<ChildProcess> start(const Options& options);

  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;
  ~ChildProcess() { end(); }

  int channel() const { return channel_; }

  /// Of the processor, so far; zero where it can't be told.
  std::chrono::nanoseconds cpu_time() const;

  /// Ends it, whatever it does. The answer is its wait status, if that was to be had.
  std::optional<int> end();

  /// The wait status of one that has closed its channel; one that lives on all the same is ended.
  std::optional<int> ended();

 private:
  std::optional<int> reaped();

  ChildProcess(pid_t process, int channel) : process_(process), channel_(channel) {}

  pid_t process_;
  int channel_;
};

/// How a child that gave no whole answer came to its end: an Error for the file that it read.
/// `cpu` is what it might use of the processor. `closed`: by a signal from outside, which says
/// nothing of the file.
Error death_from(std::optional<int> status, std::chrono::seconds cpu);

}  // namespace ot::agent::wall
