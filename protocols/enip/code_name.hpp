#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

namespace ot::protocols::enip {

/// A number of the specification and its name.
struct CodeName {
  std::uint16_t code;
  std::string_view name;
};

/// The name in a table sorted by code; empty when it has none.
constexpr std::string_view find_name(std::span<const CodeName> table, std::uint16_t code) {
  const auto found = std::ranges::lower_bound(table, code, {}, &CodeName::code);
  return found != table.end() && found->code == code ? found->name : std::string_view();
}

}  // namespace ot::protocols::enip
