#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace ot {

/// The whole text as a number, nothing before or behind it; without a value when
/// it is none or does not fit.
template <class Number>
std::optional<Number> whole_number(std::string_view text, int base = 10) {
  Number value{};
  const auto* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, value, base);
  return error == std::errc{} && end == last ? std::optional(value) : std::nullopt;
}

}  // namespace ot
