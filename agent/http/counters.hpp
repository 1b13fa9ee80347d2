#pragma once

#include <array>
#include <cstdint>

namespace ot::agent::http {

/// What a server has seen since its start.
struct Counters {
  std::array<std::uint64_t, 6> answers{};  ///< by the status' first digit
  std::uint64_t open = 0;                  ///< connections, now
  std::uint64_t accepted = 0;              ///< connections
  std::uint64_t turned_away = 0;           ///< connections: all places were taken
  std::uint64_t made_room = 0;  ///< connections that were ended for others: they kept us waiting
  std::uint64_t timed_out = 0;  ///< connections
  std::uint64_t handshakes_failed = 0;
  std::uint64_t wrong_tokens = 0;
  std::uint64_t waits = 0;  ///< requests put off because of earlier wrong tokens
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
};

}  // namespace ot::agent::http
