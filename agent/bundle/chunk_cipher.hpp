#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot::agent::bundle {

/// AES-256-GCM over chunk after chunk. A chunk's place, and whether it is the last one, are in
/// its nonce: none can be left out, moved or added. What was told of all of them is bound to each.
class ChunkCipher {
 public:
  static constexpr std::size_t kTag = 16;  ///< bytes that a sealed chunk is longer by

  enum class Use : std::uint8_t { seal, open };

  /// The key is HKDF-SHA256 of the shared secret, which is wiped. A cipher serves one use alone.
  static Result<ChunkCipher> begin(Use use, std::string shared, std::string_view salt,
                                   std::string bound);

  ChunkCipher(ChunkCipher&&) noexcept;
  ChunkCipher& operator=(ChunkCipher&&) noexcept;
  ~ChunkCipher();

  /// The next chunk with its tag; valid until the next call.
  Result<std::string_view> seal(std::string_view plain, bool is_last);

  /// What the next chunk holds; valid until the next call. Errors: corrupt.
  Result<std::string_view> open(std::string_view sealed, bool is_last);

 private:
  struct State;
  explicit ChunkCipher(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ot::agent::bundle
