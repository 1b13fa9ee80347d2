#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ot::agent::http {

/// Compresses piece by piece: a long body need not keep the thread for as long.
class Gzip {
 public:
  Gzip();
  ~Gzip();
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  void add(std::string_view piece);

  /// All of it; nothing is to be added afterwards. Empty when memory ran out.
  std::string finish();

 private:
  struct Stream;

  std::unique_ptr<Stream> stream_;
};

}  // namespace ot::agent::http
