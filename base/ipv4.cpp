#include "base/ipv4.hpp"

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot {
namespace {

/// The whole text as a number up to `most`, without a sign or leading zeros.
std::optional<std::uint32_t> number_in(std::string_view text, std::uint32_t most) {
  const auto value = whole_number<std::uint32_t>(text);
  const bool padded = text.size() > 1 && text.front() == '0';
  return !padded && value <= most ? value : std::nullopt;
}

Result<Ipv4Range> not_a_range(std::string_view text, std::string_view why) {
  return fail(Error(Errc::wrong_use, fmt::format("\"{}\" {}", escape_for_terminal(text), why))
                  .hint("write 10.0.0.5, 10.0.0.5-20, 10.0.0.5-10.0.1.20 or 10.0.0.0/24"));
}

Result<Ipv4Range> with_prefix(std::string_view text, Ipv4 address, std::string_view prefix) {
  const auto bits = number_in(prefix, 32);
  if (!bits) {
    return not_a_range(text, "has no prefix length of 0 to 32");
  }
  const auto hosts = static_cast<std::uint32_t>((std::uint64_t{1} << (32 - *bits)) - 1);
  const Ipv4 first{address.number & ~hosts};
  if (first != address) {
    return fail(
        Error(Errc::wrong_use, fmt::format("\"{}\" has address bits set behind its prefix", text))
            .hint(fmt::format("the network is {}/{}", first.text(), *bits)));
  }
  return Ipv4Range{first, {first.number | hosts}};
}

Result<Ipv4Range> up_to(std::string_view text, Ipv4 first, std::string_view end) {
  auto last = parse_ipv4(end);
  if (const auto octet = number_in(end, 255); !last && octet) {
    last = Ipv4{(first.number & ~0xFFu) | *octet};
  }
  if (!last) {
    return not_a_range(text, "does not end in an address or its last number");
  }
  if (*last < first) {
    return not_a_range(text, "ends before it begins");
  }
  return Ipv4Range{first, *last};
}

}  // namespace

std::string Ipv4::text() const {
  return fmt::format("{}.{}.{}.{}", number >> 24, number >> 16 & 0xFFu, number >> 8 & 0xFFu,
                     number & 0xFFu);
}

std::optional<Ipv4> parse_ipv4(std::string_view text) {
  std::uint32_t number = 0;
  for (int octets = 0; octets < 4; ++octets) {
    const auto dot = text.find('.');
    if ((dot == std::string_view::npos) != (octets == 3)) {
      return std::nullopt;
    }
    const auto octet = number_in(text.substr(0, dot), 255);
    if (!octet) {
      return std::nullopt;
    }
    number = number << 8 | *octet;
    text.remove_prefix(dot == std::string_view::npos ? text.size() : dot + 1);
  }
  return Ipv4{number};
}

Result<Ipv4Range> parse_ipv4_range(std::string_view text) {
  const auto mark = text.find_first_of("/-");
  const auto first = parse_ipv4(text.substr(0, mark));
  if (!first) {
    return not_a_range(text, "is no IPv4 address or range");
  }
  if (mark == std::string_view::npos) {
    return Ipv4Range{*first, *first};
  }
  const auto rest = text.substr(mark + 1);
  return text[mark] == '/' ? with_prefix(text, *first, rest) : up_to(text, *first, rest);
}

}  // namespace ot
