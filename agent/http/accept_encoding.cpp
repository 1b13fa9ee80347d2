#include "agent/http/accept_encoding.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent::http {
namespace {

/// In thousandths: weights have three decimals at most.
using Weight = unsigned;
constexpr Weight kWhole = 1000;

/// The part up to the separator; it and the separator leave the text.
std::string_view take_until(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const auto part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trim(part);
}

/// "1", "0.5", "0.125"; without a value when it is no weight.
std::optional<Weight> weight_of(std::string_view text) {
  constexpr std::size_t kMostDecimals = 3;
  const auto whole = whole_number<Weight>(take_until(text, '.'));
  if (!whole || *whole > 1 || text.size() > kMostDecimals) {
    return std::nullopt;
  }
  std::string decimals(text);
  decimals.resize(kMostDecimals, '0');
  const auto rest = whole_number<Weight>(decimals);
  const auto weight = *whole * kWhole + rest.value_or(kWhole + 1);
  return weight <= kWhole ? std::optional(weight) : std::nullopt;
}

/// "gzip;q=0.5"; one with a broken weight is not wanted.
std::pair<std::string_view, Weight> coding_of(std::string_view element) {
  const auto name = take_until(element, ';');
  auto weight = kWhole;
  while (!element.empty()) {
    auto parameter = take_until(element, ';');
    if (equals_ignoring_case(take_until(parameter, '='), "q")) {
      weight = weight_of(parameter).value_or(0);
    }
  }
  return {name, weight};
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  std::optional<Weight> gzip;
  std::optional<Weight> any;
  Weight identity = 0;
  while (!accept_encoding.empty()) {
    const auto [name, weight] = coding_of(take_until(accept_encoding, ','));
    if (equals_ignoring_case(name, "gzip") || equals_ignoring_case(name, "x-gzip")) {
      gzip = weight;
    } else if (equals_ignoring_case(name, "identity")) {
      identity = weight;
    } else if (name == "*") {
      any = weight;
    }
  }
  const auto wanted = gzip.value_or(any.value_or(0));
  return wanted > 0 && wanted >= identity;
}

}  // namespace ot::agent::http
