#include "base/bytes.hpp"

#include <fmt/format.h>

namespace ot {

template <class Number>
Result<Number> ByteReader::number(Order order) {
  const auto run = bytes(sizeof(Number));
  if (!run) {
    return fail(run.error());
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i) {
    const std::size_t at = order == Order::big ? i : sizeof(Number) - 1 - i;
    value = value << 8 | static_cast<std::uint8_t>((*run)[at]);
  }
  return static_cast<Number>(value);
}

template Result<std::uint8_t> ByteReader::number(Order);
template Result<std::uint16_t> ByteReader::number(Order);
template Result<std::uint32_t> ByteReader::number(Order);
template Result<std::uint64_t> ByteReader::number(Order);

Result<std::string_view> ByteReader::bytes(std::uint64_t count) {
  if (count > left()) {
    return fail(Error(Errc::malformed, fmt::format("runs past the end ({} > {})", count, left()))
                    .at(Position::offset(offset_)));
  }
  const auto run = bytes_.substr(offset_, static_cast<std::size_t>(count));
  offset_ += run.size();
  return run;
}

Result<void> ByteReader::skip(std::uint64_t count) {
  const auto run = bytes(count);
  if (!run) {
    return fail(run.error());
  }
  return {};
}

ByteWriter& ByteWriter::number(std::uint32_t value, unsigned size, Order order) {
  for (unsigned i = 0; i < size; ++i) {
    const unsigned shift = 8 * (order == Order::big ? size - 1 - i : i);
    bytes_ += static_cast<char>(value >> shift & 0xFFu);
  }
  return *this;
}

ByteWriter& ByteWriter::bytes(std::string_view run) {
  bytes_ += run;
  return *this;
}

ByteWriter& ByteWriter::zeros(std::size_t count) {
  bytes_.append(count, '\0');
  return *this;
}

}  // namespace ot
