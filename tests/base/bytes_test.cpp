#include "base/bytes.hpp"

#include <limits>
#include <string_view>

#include "tests/catch.hpp"

using namespace std::string_view_literals;

namespace ot {
namespace {

constexpr auto kEight = "\x01\x02\x03\x04\x05\x06\x07\xF8"sv;

TEST_CASE("little-endian numbers have their last byte on top", "[bytes]") {
  CHECK(ByteReader(kEight).u8().value() == 0x01);
  CHECK(ByteReader(kEight).u16_le().value() == 0x0201);
  CHECK(ByteReader(kEight).u32_le().value() == 0x04030201);
  CHECK(ByteReader(kEight).u64_le().value() == 0xF807060504030201);
}

TEST_CASE("big-endian numbers have their first byte on top", "[bytes]") {
  CHECK(ByteReader(kEight).u16_be().value() == 0x0102);
  CHECK(ByteReader(kEight).u32_be().value() == 0x01020304);
  CHECK(ByteReader("\xFF\xFE"sv).u16_be().value() == 0xFFFE);
}

TEST_CASE("reads follow one another", "[bytes]") {
  ByteReader reader(kEight);
  CHECK(reader.u8().value() == 0x01);
  CHECK(reader.offset() == 1);
  CHECK(reader.bytes(3).value() == "\x02\x03\x04"sv);
  CHECK(reader.skip(2).has_value());
  CHECK(reader.left() == 2);
  CHECK_FALSE(reader.at_end());
  CHECK(reader.u16_be().value() == 0x07F8);
  CHECK(reader.at_end());
}

TEST_CASE("bytes are a view into the buffer", "[bytes]") {
  ByteReader reader(kEight);
  CHECK(reader.bytes(2).value().data() == kEight.data());
}

TEST_CASE("a read past the end says how much it wanted, where, and what was left", "[bytes]") {
  ByteReader reader(kEight);
  REQUIRE(reader.skip(6).has_value());
  const auto number = reader.u32_le();
  REQUIRE_FALSE(number.has_value());
  CHECK(number.error().code() == Errc::malformed);
  CHECK(number.error().text() == "offset 0x6: runs past the end (4 > 2)");
}

TEST_CASE("a failed read moves nothing", "[bytes]") {
  ByteReader reader(kEight);
  CHECK_FALSE(reader.bytes(9).has_value());
  CHECK_FALSE(reader.skip(9).has_value());
  CHECK(reader.offset() == 0);
  CHECK(reader.u64_le().has_value());
}

TEST_CASE("a length near the largest number doesn't wrap around", "[bytes]") {
  ByteReader reader(kEight);
  REQUIRE(reader.skip(4).has_value());
  CHECK_FALSE(reader.bytes(std::numeric_limits<std::uint64_t>::max()).has_value());
  CHECK_FALSE(reader.skip(std::numeric_limits<std::uint64_t>::max() - 3).has_value());
  CHECK(reader.offset() == 4);
}

TEST_CASE("an empty buffer holds no bytes, and no bytes can be read from it", "[bytes]") {
  ByteReader reader("");
  CHECK(reader.at_end());
  CHECK(reader.bytes(0).value().empty());
  CHECK_FALSE(reader.u8().has_value());
}

}  // namespace
}  // namespace ot
