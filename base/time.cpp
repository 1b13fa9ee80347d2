#include "base/time.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace ot {
namespace {

using std::chrono::floor;
using std::chrono::milliseconds;

/// What four digits of a year can say; a file's date may be anything at all.
constexpr Time kFirst = std::chrono::sys_days{std::chrono::year{0} / 1 / 1};
constexpr Time kLast = std::chrono::sys_days{std::chrono::year{10000} / 1 / 1} - milliseconds{1};

/// Reads exactly `digits` digits at the start of the text and drops them.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) {
    return std::nullopt;
  }
  int value = 0;
  for (const char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char expected) {
  if (!text.starts_with(expected)) {
    return false;
  }
  text.remove_prefix(1);
  return true;
}

std::optional<Time> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) {
    return std::nullopt;
  }
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) {
    return std::nullopt;
  }
  const auto day = take_digits(text, 2);
  if (!day) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{*year},
                                         std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) {
    return std::nullopt;
  }
  return Time{std::chrono::sys_days{date}};
}

/// The fraction ".351" of a second; digits after the third are cut off.
std::optional<milliseconds> take_fraction(std::string_view& text) {
  if (!take(text, '.')) {
    return milliseconds{0};
  }
  int value = 0;
  int scale = 100;
  bool any = false;
  while (!text.empty() && text[0] >= '0' && text[0] <= '9') {
    value += (text[0] - '0') * scale;
    scale /= 10;
    any = true;
    text.remove_prefix(1);
  }
  return any ? std::optional(milliseconds{value}) : std::nullopt;
}

std::optional<milliseconds> take_time_of_day(std::string_view& text) {
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) {
    return std::nullopt;
  }
  const auto minutes = take_digits(text, 2);
  if (!minutes || !take(text, ':')) {
    return std::nullopt;
  }
  const auto seconds = take_digits(text, 2);
  const auto fraction = take_fraction(text);
  if (!seconds || !fraction || *hours > 23 || *minutes > 59 || *seconds > 59) {
    return std::nullopt;
  }
  return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
         std::chrono::seconds{*seconds} + *fraction;
}

}  // namespace

std::string iso8601(Time time) {
  time = std::clamp(time, kFirst, kLast);
  const auto day = floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{time - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::optional<Time> parse_iso8601(std::string_view text) {
  const auto date = take_date(text);
  if (!date || text.empty()) {
    return date;
  }
  if (!take(text, 'T')) {
    return std::nullopt;
  }
  const auto clock = take_time_of_day(text);
  if (!clock || text != "Z") {
    return std::nullopt;
  }
  return *date + *clock;
}

}  // namespace ot
