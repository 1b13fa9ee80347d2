#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace ot::agent::watch {

using Moment = std::chrono::steady_clock::time_point;
using Span = std::chrono::steady_clock::duration;

/// What was seen to happen to a path.
enum class Sign : std::uint8_t {
  closed,   ///< it is as somebody wanted it: written and closed, moved here, linked
  opened,   ///< it was made, and whoever made it has it open still
  altered,  ///< its attributes changed, whatever else goes on
  gone,
};

/// The paths that changed and have not rested yet. A path is due when it was
/// left alone for the settle time; one that was made and not closed yet when it
/// was left alone for ten times as long. Time is passed in.
class Settling {
 public:
  /// More paths than these become one wish: to look at everything.
  static constexpr std::size_t kMost = 4096;

  explicit Settling(Span settle) : settle_(settle) {}

  void touch(std::string path, Sign sign, Moment now);

  /// Paths given out that turned out to be written still: they rest once more.
  void put_back(const std::vector<std::string>& paths, Moment now);

  struct Rested {
    std::vector<std::string> changed;
    std::vector<std::string> gone;
    bool everything = false;  ///< too many to name
  };
  /// What is due; it is given out once.
  Rested take(Moment now);

  /// Paths that do not come to rest; each is told once.
  std::vector<std::string> newly_restless(Moment now);

  /// When there is something to take or to tell.
  std::optional<Moment> due() const;

  std::size_t size() const { return entries_.size(); }
  std::size_t restless() const;
  bool is_flooded() const { return flood_.has_value(); }
  void clear();
  void set_settle(Span settle) { settle_ = settle; }
  Span settle() const { return settle_; }

 private:
  struct Entry {
    Sign sign = Sign::closed;
    Moment since;  ///< the first unrest
    Moment due;
    bool told = false;
  };
  struct Flood {
    Moment since;
    Moment last;
  };

  Entry& entry_of(std::string path, Moment now);
  void forget_below(const std::string& folder);
  Moment flood_due() const;
  Moment restless_at(const Entry& entry) const;

  Span settle_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, Entry> out_;  ///< as they were when they were given out
  std::optional<Flood> flood_;
};

}  // namespace ot::agent::watch
