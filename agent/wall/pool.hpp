#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/wall/child_process.hpp"
#include "agent/wall/frames.hpp"
#include "agent/wall/options.hpp"
#include "base/result.hpp"

namespace ot::agent::wall {

class Pool;

/// A child, and what was read of its answer.
class Child;

/// A task that a child works at. One that is dropped before its end is broken off.
class Job {
 public:
  /// False: nobody waits any more.
  using GoOn = std::function<bool()>;

  Job(Job&&) noexcept;
  Job& operator=(Job&&) noexcept;
  ~Job();

  /// The next piece of the answer, until the one behind; empty at its end. Errors: those of the
  /// task; `forbidden`, `malformed`, `too_large` for a child that had to be ended or that died;
  /// cancelled; and those of ready().
  Result<std::string_view> next(const GoOn& go_on = {});

  /// Fills a buffer from the answer; an end before it is full is `malformed`.
  Result<void> fill(char* into, std::size_t size, const GoOn& go_on = {});

  /// The bytes that an answer may have, and take.
  std::uint64_t most() const { return most_; }

  /// Nothing is behind what was filled; more of an answer is `malformed`.
  Result<void> at_end(const GoOn& go_on = {});

 private:
  friend class Pool;
  Job(Pool& pool, std::unique_ptr<Child> child, std::chrono::milliseconds limit,
      std::uint64_t most);

  Result<FrameHead> next_frame(const GoOn& go_on);
  Result<void> wait(const GoOn& go_on);
  Result<void> receive(std::size_t size, const GoOn& go_on);
  Error failed(Error error);
  Error died();
  Error forbidden();
  Error task_error();
  void done();

  Pool* pool_;
  std::unique_ptr<Child> child_;
  std::chrono::milliseconds limit_;
  /// How long the answer was waited for: at other times the child may have waited for us.
  std::chrono::nanoseconds waited_{0};
  std::uint64_t most_;  ///< bytes of an answer
  std::uint64_t received_ = 0;
  std::string buffer_;
  std::string_view rest_;  ///< of the piece that fill() is at
};

/// Children that read untrusted files where these can do no harm: started when there is work, used
/// for some files each, and ended with the pool. Not for several threads at once.
class Pool {
 public:
  explicit Pool(Options options = {});
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool();

  /// Whether files can be read at all. Errors: unsupported where the kernel takes no seccomp filter
  /// and less was not allowed; io.
  Result<Confinement> ready();

  /// Hands a file to a child. `limit` is the time that the task allows itself, `most` how long its
  /// answer may be: without it, half of the memory that a child may have, and at most a quarter of
  /// the machine's. Errors: io.
  Result<Job> begin(const Request& request, int file, std::chrono::milliseconds limit,
                    std::optional<std::uint64_t> most = {});

  const Options& options() const { return options_; }

 private:
  friend class Job;
  Result<std::unique_ptr<Child>> take();
  Result<std::unique_ptr<Child>> fresh();
  void give_back(std::unique_ptr<Child> child);

  Options options_;
  std::vector<std::unique_ptr<Child>> idle_;
  std::optional<Confinement> confinement_;
};

}  // namespace ot::agent::wall
