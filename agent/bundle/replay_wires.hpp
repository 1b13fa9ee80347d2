#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "agent/bundle/replay_reading.hpp"

namespace ot::agent::bundle {

// The pieces of reading_of(), a protocol each. An empty `answer`: there was none.

Reading fins_reading(protocols::link::Wire wire, std::string_view request, std::string_view answer);
Reading enip_reading(std::string_view request, std::string_view answer);
Reading modbus_reading(protocols::link::Wire wire, std::string_view request,
                       std::string_view answer);
/// Of a protocol that no probe speaks: S7comm, BACnet/IP, PROFINET IO. They are known by how
/// their frames begin.
std::optional<Reading> foreign_reading(std::string_view request, std::string_view answer);

/// A code of a specification and its name there.
struct CodeName {
  std::uint16_t code;
  std::string_view name;
};

/// The name in a table sorted by code; empty when it has none.
inline std::string_view name_in(std::span<const CodeName> table, std::uint16_t code) {
  const auto found = std::ranges::lower_bound(table, code, {}, &CodeName::code);
  return found != table.end() && found->code == code ? found->name : std::string_view();
}

// Bytes that are not there are 0.
inline std::uint8_t u8_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : std::uint8_t{0};
}
inline std::uint16_t u16_be_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(u8_at(bytes, at) << 8 | u8_at(bytes, at + 1));
}
inline std::uint16_t u16_le_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(u8_at(bytes, at) | u8_at(bytes, at + 1) << 8);
}
/// From there on; empty when it ends before.
inline std::string_view behind(std::string_view bytes, std::size_t at) {
  return bytes.substr(std::min(at, bytes.size()));
}

/// What is known of a module, under the names that records give it; empty texts are left out.
Json hardware_fields(const Hardware& hardware);
void put_text(Json& fields, const char* name, std::string_view text);

constexpr std::string_view kNoAnswer = "no answer";

}  // namespace ot::agent::bundle
