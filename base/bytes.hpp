#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"

namespace ot {

/// Reads numbers and runs of bytes from a buffer and never past its end: each
/// read says what it wanted, where, and how much was left.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t offset() const { return offset_; }
  std::size_t left() const { return bytes_.size() - offset_; }
  bool at_end() const { return left() == 0; }

  Result<std::uint8_t> u8() { return number<std::uint8_t>(Order::little); }
  Result<std::uint16_t> u16_le() { return number<std::uint16_t>(Order::little); }
  Result<std::uint32_t> u32_le() { return number<std::uint32_t>(Order::little); }
  Result<std::uint64_t> u64_le() { return number<std::uint64_t>(Order::little); }
  Result<std::uint16_t> u16_be() { return number<std::uint16_t>(Order::big); }
  Result<std::uint32_t> u32_be() { return number<std::uint32_t>(Order::big); }

  /// The next `count` bytes, as a view into the buffer.
  Result<std::string_view> bytes(std::uint64_t count);

  Result<void> skip(std::uint64_t count);

 private:
  enum class Order { little, big };

  template <class Number>
  Result<Number> number(Order order);

  std::string_view bytes_;
  std::size_t offset_ = 0;
};

}  // namespace ot
