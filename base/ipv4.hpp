#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace ot {

/// An IPv4 address as a number: 10.0.0.1 is 0x0A000001.
struct Ipv4 {
  std::uint32_t number = 0;

  std::uint8_t last_octet() const { return static_cast<std::uint8_t>(number & 0xFFu); }
  std::string text() const;

  auto operator<=>(const Ipv4&) const = default;  // NOLINT: there is no literal 0 in it
};

/// Four decimal numbers up to 255 between dots, and nothing else.
std::optional<Ipv4> parse_ipv4(std::string_view text);

/// From `first` to `last`, both within.
struct Ipv4Range {
  Ipv4 first;
  Ipv4 last;

  bool contains(Ipv4 address) const { return first <= address && address <= last; }
  std::uint64_t size() const { return std::uint64_t{last.number} - first.number + 1; }

  bool operator==(const Ipv4Range&) const = default;
};

/// "10.0.0.1", "10.0.0.1-10.0.0.20", "10.0.0.1-20" or "10.0.0.0/24"; the
/// bits behind a prefix must be zero, else the hint names the range that has them so.
Result<Ipv4Range> parse_ipv4_range(std::string_view text);

}  // namespace ot
