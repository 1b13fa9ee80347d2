#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "agent/config/config.hpp"
#include "base/time.hpp"

namespace ot::agent {

/// Both clocks at one moment. Intervals go by the steady one, which nobody
/// sets; windows by local time, which people mean.
struct Moment {
  std::chrono::steady_clock::time_point steady;
  std::chrono::local_seconds local;
};

/// The moment as it is now.
Moment this_moment();

/// When each group of targets has its turn; one group at a time. It neither
/// waits nor asks: time and chance are passed in.
class Schedule {
 public:
  using Clock = std::chrono::steady_clock;
  /// A random part of the given time.
  using Chance = std::function<std::chrono::seconds(std::chrono::seconds)>;

  /// A group's next turn.
  struct Turn {
    std::string group;
    Clock::time_point due;
    bool waits_for_window = false;
  };

  explicit Schedule(Chance chance) : chance_(std::move(chance)) {}

  /// Replaces the groups. One that stays keeps its turn, or has it earlier when
  /// its interval became shorter. `since_last` tells how long ago a group that
  /// is new here was asked last, if it ever was.
  void set_groups(
      const std::vector<TargetGroup>& groups, const std::vector<Window>& everywhere,
      Clock::time_point now,
      const std::function<std::optional<std::chrono::seconds>(const std::string&)>& since_last);

  /// The group that is due longest and may be asked now; its next turn is an
  /// interval later. None: nothing may start now.
  std::optional<std::string> take(const Moment& moment);

  /// The group's turn was cut short: it is due at once, when a window is open.
  void again(const std::string& group, Clock::time_point now);

  /// Whether the group may be asked at that local time.
  bool is_open(const std::string& group, std::chrono::local_seconds at) const;

  /// How long nothing can become due; none without groups. While a window is
  /// awaited it is at most kLongestNap: somebody may set the clock.
  std::optional<Clock::duration> nap(const Moment& moment) const;

  /// Every group with its next turn, in the order of the configuration.
  std::vector<Turn> turns(const Moment& moment) const;

  static constexpr std::chrono::minutes kLongestNap{10};

 private:
  struct Entry {
    std::string group;
    std::chrono::seconds every{0};
    std::chrono::seconds jitter{0};
    std::vector<Window> windows;
    Clock::time_point due;
  };

  bool may_start(const Entry& entry, std::chrono::local_seconds at) const;
  std::chrono::seconds late_by(std::chrono::seconds jitter) const;

  Chance chance_;
  std::vector<Window> everywhere_;
  std::vector<Entry> entries_;
};

}  // namespace ot::agent
