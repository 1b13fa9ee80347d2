#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "agent/http/clock.hpp"
#include "agent/http/digest.hpp"

namespace ot::agent::http {

/// How long addresses wait after wrong tokens. Five failures within a minute cost a
/// wait, and from then on each further one twice the wait before, until the address
/// has been quiet for a while. Tries during a wait are not counted.
///
/// Behind one address there may be many clients. So it also remembers, by their digests,
/// the tokens that were right from there: their bearers need not wait for a neighbour's
/// mistakes, and a neighbour can't end his own wait by their successes.
class BackOff {
 public:
  static constexpr std::size_t kFailures = 5;
  static constexpr std::chrono::seconds kWindow{60};
  static constexpr std::chrono::seconds kFirstWait{15};
  static constexpr std::chrono::seconds kLongestWait{300};
  static constexpr std::chrono::seconds kQuiet{900};
  static constexpr std::size_t kAddresses = 1024;  ///< the longest unheard of is forgotten
  static constexpr std::size_t kDigests = 4;       ///< per address, likewise

  /// How long the address still has to wait, rounded up; zero: it may try.
  std::chrono::seconds wait_of(const std::string& address, Clock::time_point now) const;

  /// Whether that token was right from that address before.
  bool knows(const std::string& address, const Digest& token) const;

  /// That token is right no longer: its bearer waits as others do.
  void forget(const std::string& address, const Digest& token);

  /// The wait that begins now, if one does.
  std::chrono::seconds fail(const std::string& address, Clock::time_point now);

  /// The first success of a token ends what its address has on its account.
  void succeed(const std::string& address, const Digest& token);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::string address;
    std::vector<Clock::time_point> failures;  ///< within the window, oldest first
    std::chrono::seconds wait{0};             ///< the last one
    Clock::time_point until{};
    std::vector<Digest> known;  ///< oldest first
  };
  using Entries = std::list<Entry>;

  const Entry* find(const std::string& address) const;
  Entry& touch(const std::string& address);

  Entries entries_;  ///< the last heard of first
  std::unordered_map<std::string, Entries::iterator> places_;
};

}  // namespace ot::agent::http
