#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace ot {

/// "0c17bb" for the bytes 0c 17 bb.
std::string hex(std::string_view bytes);

struct FileDigests {
  std::string md5;     ///< 32 hex digits, the platform's fileHash
  std::string sha256;  ///< 64 hex digits
};

/// MD5 and SHA-256 of the same bytes, fed piece by piece.
class FileHasher {
 public:
  FileHasher();
  ~FileHasher();
  FileHasher(FileHasher&&) noexcept;
  FileHasher& operator=(FileHasher&&) noexcept;

  void add(std::string_view bytes);

  /// Ends the hashing and starts anew.
  FileDigests finish();

 private:
  struct Contexts;
  std::unique_ptr<Contexts> contexts_;
};

/// The 20 bytes of SHA-1, which UUID v5 is made of.
std::array<std::uint8_t, 20> sha1(std::string_view bytes);

}  // namespace ot
