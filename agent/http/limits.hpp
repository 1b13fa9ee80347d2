#pragma once

#include <chrono>
#include <cstdint>

namespace ot::agent::http {

/// What one client may take of us. Each time is for the whole of its step, not for a byte.
struct Limits {
  std::chrono::milliseconds handshake{10'000};
  std::chrono::milliseconds head{10'000};
  std::chrono::milliseconds body{10'000};
  std::chrono::milliseconds idle{30'000};  ///< between two requests
  std::chrono::milliseconds write{60'000};
  std::uint64_t slowest_write = 16 * 1024;  ///< bytes a second; a long answer may take longer
  std::chrono::milliseconds goodbye{2'000};
  /// A connection that has kept us waiting for longer makes room when all are taken.
  std::chrono::milliseconds patience{1'000};
  std::chrono::milliseconds long_body{60'000};  ///< of a body that is taken
  std::uint64_t bodies = 24ULL << 20;  ///< bytes of all bodies together that are being taken
  std::uint32_t connections = 64;
  std::uint32_t requests = 1'000;  ///< on one connection
};

}  // namespace ot::agent::http
