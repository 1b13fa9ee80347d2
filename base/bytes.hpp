#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

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

/// Puts numbers and runs of bytes one after another.
class ByteWriter {
 public:
  ByteWriter& u8(std::uint8_t value) { return number(value, 1, Order::big); }
  ByteWriter& u16_be(std::uint16_t value) { return number(value, 2, Order::big); }
  ByteWriter& u32_be(std::uint32_t value) { return number(value, 4, Order::big); }
  ByteWriter& u16_le(std::uint16_t value) { return number(value, 2, Order::little); }
  ByteWriter& u32_le(std::uint32_t value) { return number(value, 4, Order::little); }
  ByteWriter& bytes(std::string_view run);
  ByteWriter& zeros(std::size_t count);

  std::size_t size() const { return bytes_.size(); }
  std::string take() { return std::move(bytes_); }

 private:
  enum class Order { little, big };

  ByteWriter& number(std::uint32_t value, unsigned size, Order order);

  std::string bytes_;
};

}  // namespace ot
