#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ot::test {

/// A member to be written as told, true or not.
struct ZipMember {
  std::string name = {};
  std::string data = {};
  bool deflate = false;
  std::uint16_t flags = 0;
  bool descriptor = false;                          ///< sizes and CRC behind the data
  bool zip64 = false;                               ///< sizes in the Zip64 extra field
  std::optional<std::uint32_t> declared_size = {};  ///< unpacked, instead of the true one
  std::optional<std::uint32_t> crc = {};
};

/// A ZIP archive, byte by byte.
std::string zip(const std::vector<ZipMember>& members, std::string_view comment = {});

}  // namespace ot::test
