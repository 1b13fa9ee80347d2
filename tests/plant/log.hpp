#pragma once

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "tests/plant/service.hpp"

namespace ot::plant {

/// Where something came in.
struct Origin {
  std::string host;
  std::string_view protocol;
  std::string_view transport;
};

/// One line of JSON for each request, and for each connection's begin and end.
/// A line is written before the answer goes out.
class Log {
 public:
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  ~Log();

  /// To this file instead of the standard error.
  Result<void> open(const std::string& path);

  void request(const Origin& origin, std::string_view peer, std::string_view bytes, bool forbidden);
  /// "open", "close" (the peer's FIN), "reset" (the peer's RST), "end" (ours).
  void event(const Origin& origin, std::string_view peer, std::string_view event);

  /// Whether anything came that an asker of identities must not send.
  bool saw_forbidden() const { return saw_forbidden_; }

 private:
  void write(std::string line);

  std::FILE* file_ = stderr;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  bool saw_forbidden_ = false;
};

std::string to_hex(std::string_view bytes);

}  // namespace ot::plant
