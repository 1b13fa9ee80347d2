#include "agent/config/quantities.hpp"

#include <limits>
#include <optional>
#include <span>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t worth;
};

// Largest first.
constexpr Unit kTimes[] = {
    {"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}};
constexpr Unit kSizes[] = {{"GB", 1U << 30}, {"MB", 1U << 20}, {"KB", 1U << 10}, {"B", 1}};

struct Quantity {
  std::string_view number;
  std::string_view unit;
};

Quantity split(std::string_view text) {
  const auto end = text.find_first_not_of("0123456789");
  const auto at = end == std::string_view::npos ? text.size() : end;
  return {text.substr(0, at), trim(text.substr(at))};
}

/// Without a value when it is no number, has no such unit, or is too large.
std::optional<std::uint64_t> parse(std::string_view text, std::span<const Unit> units) {
  const auto [digits, unit] = split(trim(text));
  const auto number = whole_number<std::uint64_t>(digits);
  if (!number || (unit.empty() && *number == 0)) {
    return number;
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  for (const auto& known : units) {
    if (unit == known.name) {
      return *number <= kMost / known.worth ? std::optional(*number * known.worth) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::string text_of(std::uint64_t value, std::span<const Unit> units) {
  for (const auto& unit : units) {
    if (value != 0 && value % unit.worth == 0) {
      return fmt::format("{}{}", value / unit.worth, unit.name);
    }
  }
  return "0";
}

/// "15 min" may have meant "15m": the known unit that begins alike.
std::string meant(std::string_view text, std::span<const Unit> units) {
  const auto [digits, unit] = split(trim(text));
  const auto asked = to_lower_ascii(unit);
  if (digits.empty() || asked.find_first_of("0123456789.-") != std::string::npos) {
    return {};
  }
  const auto* best = static_cast<const Unit*>(nullptr);
  for (const auto& known : units) {
    const auto name = to_lower_ascii(known.name);
    if (unit == known.name) {
      return "; that is too much";
    }
    const bool milli = name == "ms" && asked.starts_with("mil");
    if (milli || (best == nullptr && !asked.empty() && asked[0] == name[0])) {
      best = &known;
    }
  }
  return best == nullptr ? "" : fmt::format("; did you mean \"{}{}\"?", digits, best->name);
}

}  // namespace

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  if (const auto value = parse(text, kTimes)) {
    return std::chrono::milliseconds(static_cast<std::int64_t>(*value));
  }
  return fail(
      Error(Errc::malformed, fmt::format("\"{}\" is no duration{}", text, meant(text, kTimes)))
          .hint(R"(write a whole number and its unit: "500ms", "90s", "15m", "6h" or "1d")"));
}

std::string duration_text(std::chrono::milliseconds duration) {
  return text_of(static_cast<std::uint64_t>(duration.count()), kTimes);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  if (const auto value = parse(text, kSizes)) {
    return *value;
  }
  return fail(Error(Errc::malformed, fmt::format("\"{}\" is no size{}", text, meant(text, kSizes)))
                  .hint(R"(write a whole number and its unit: "512KB", "64MB" or "2GB")"));
}

std::string size_text(std::uint64_t bytes) {
  return text_of(bytes, kSizes);
}

}  // namespace ot::agent
