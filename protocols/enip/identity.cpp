#include "protocols/enip/identity.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::protocols::enip {
namespace {

/// A SHORT_STRING: ISO 8859-1, though some devices pad it with NULs.
Result<std::string> read_name(ByteReader& reader) {
  const auto size = reader.u8();
  if (!size) {
    return fail(size.error());
  }
  const auto bytes = reader.bytes(*size);
  if (!bytes) {
    return fail(bytes.error());
  }
  const auto name = trim(bytes->substr(0, bytes->find('\0')));
  return is_utf8(name) ? std::string(name) : to_utf8(name, CodePage::cp1252);
}

}  // namespace

Result<Identity> read_identity(ByteReader& reader) {
  constexpr std::size_t kNumbers = 14;
  const auto numbers = reader.bytes(kNumbers);
  if (!numbers) {
    return fail(Error(numbers.error()).during("Identity attributes"));
  }
  ByteReader attributes(*numbers);
  Identity identity;
  identity.vendor = attributes.u16_le().value_or(std::uint16_t{0});
  identity.device_type = attributes.u16_le().value_or(std::uint16_t{0});
  identity.product_code = attributes.u16_le().value_or(std::uint16_t{0});
  identity.major_revision = attributes.u8().value_or(std::uint8_t{0});
  identity.minor_revision = attributes.u8().value_or(std::uint8_t{0});
  identity.status = attributes.u16_le().value_or(std::uint16_t{0});
  identity.serial_number = attributes.u32_le().value_or(std::uint32_t{0});
  auto name = read_name(reader);
  if (!name) {
    return fail(std::move(name).error().during("product name"));
  }
  identity.product_name = std::move(*name);
  return identity;
}

Result<std::optional<Backplane>> parse_backplane(std::string_view attributes) {
  constexpr std::size_t kWhole = 18;
  if (attributes.size() < kWhole) {
    return std::optional<Backplane>();
  }
  ByteReader reader(attributes.substr(8));
  const auto own_slot = reader.u8().value_or(std::uint8_t{0});
  (void)reader.skip(3);
  const auto serial_number = reader.u32_le().value_or(std::uint32_t{0});
  const auto slots = reader.u16_le().value_or(std::uint16_t{0});
  if (slots == 0 || slots > kMostSlots || own_slot >= slots) {
    return fail(Errc::malformed,
                fmt::format("a chassis of {} slots, itself in slot {}", slots, own_slot));
  }
  return Backplane{own_slot, serial_number, static_cast<std::uint8_t>(slots)};
}

}  // namespace ot::protocols::enip
