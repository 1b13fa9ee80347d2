#include "base/uuid.hpp"

#include <algorithm>
#include <charconv>

#include "base/hash.hpp"

namespace ot {
namespace {

constexpr bool dash_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

// uuid_v5(DNS name space, "rackscout.invalid"), written out so that it can't drift.
const Uuid kRackscoutNamespace{{0xb6, 0x9e, 0xaf, 0xbb, 0xf3, 0x51, 0x58, 0xf2, 0x8a, 0x3d, 0x6f,
                                0xe8, 0xdb, 0x86, 0xd2, 0xf9}};

std::string Uuid::text() const {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (dash_before(i)) {
      out += '-';
    }
    const char byte = static_cast<char>(bytes[i]);
    out += hex({&byte, 1});
  }
  return out;
}

std::optional<Uuid> parse_uuid(std::string_view text) {
  if (text.size() != 36) {
    return std::nullopt;
  }
  Uuid uuid;
  for (std::size_t i = 0; i < uuid.bytes.size(); ++i) {
    if (dash_before(i)) {
      if (text.front() != '-') {
        return std::nullopt;
      }
      text.remove_prefix(1);
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + 2, uuid.bytes[i], 16);
    if (error != std::errc{} || end != text.data() + 2) {
      return std::nullopt;
    }
    text.remove_prefix(2);
  }
  return uuid;
}

Uuid uuid_v5(const Uuid& name_space, std::string_view name) {
  std::string input(reinterpret_cast<const char*>(name_space.bytes.data()),
                    name_space.bytes.size());
  input += name;
  const auto digest = sha1(input);
  Uuid uuid;
  std::copy_n(digest.begin(), uuid.bytes.size(), uuid.bytes.begin());
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x50);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

}  // namespace ot
