#include "store/query/numbers.hpp"

#include <array>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::store::query {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, int>, 3> kSizes = {
    {{"KB", 10}, {"MB", 20}, {"GB", 30}}};

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// In messages: a value may be as long as a filter.
std::string shown(std::string_view text) {
  return fit_to_width(escape_for_terminal(text), 64);
}

/// Takes the size off the end of the text; answers by how many bits it shifts.
int take_size(std::string_view& text) {
  for (const auto& [name, bits] : kSizes) {
    if (text.size() > name.size() &&
        equals_ignoring_case(text.substr(text.size() - name.size()), name)) {
      text = trim(text.substr(0, text.size() - name.size()));
      return bits;
    }
  }
  return 0;
}

/// The time so many months before, or its month's last day.
std::optional<Time> months_before(Time time, std::int64_t count) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date{day};
  const std::int64_t months =
      static_cast<int>(date.year()) * 12LL + static_cast<unsigned>(date.month()) - 1 - count;
  if (months < 0) {
    return std::nullopt;
  }
  const auto month = std::chrono::year{static_cast<int>(months / 12)} /
                     std::chrono::month{static_cast<unsigned>(months % 12 + 1)};
  const auto last = std::chrono::year_month_day{month / std::chrono::last}.day();
  return std::chrono::sys_days{month / std::min(date.day(), last)} + (time - day);
}

std::optional<Time> before(Time time, std::int64_t count, char unit) {
  using namespace std::chrono_literals;
  switch (unit) {
    case 's': return time - count * 1s;
    case 'm': return time - count * 1min;
    case 'h': return time - count * 1h;
    case 'd': return time - count * 24h;
    case 'w': return time - count * (7 * 24h);
    case 'M': return months_before(time, count);
    case 'y': return months_before(time, 12 * count);
    default: return std::nullopt;
  }
}

/// "now-7d"
std::optional<Time> relative(std::string_view text, Time now) {
  constexpr std::string_view kNow = "now";
  if (!equals_ignoring_case(text.substr(0, kNow.size()), kNow)) {
    return std::nullopt;
  }
  text.remove_prefix(kNow.size());
  if (text.empty()) {
    return now;
  }
  constexpr std::int64_t kLongest = 1'000'000'000;  // of weeks: no overflow yet
  if (text.size() < 3 || text.front() != '-') {
    return std::nullopt;
  }
  const auto count = whole_number<std::int64_t>(text.substr(1, text.size() - 2));
  if (!count || *count < 0 || *count > kLongest) {
    return std::nullopt;
  }
  const auto time = before(now, *count, text.back());
  const bool in_calendar = time && parse_iso8601(iso8601(*time)) == time;
  return in_calendar ? time : std::nullopt;
}

/// The first moment of a date as it is written, and how long what it names is.
std::optional<std::pair<Time, milliseconds>> absolute(std::string_view text) {
  using namespace std::chrono_literals;
  constexpr std::string_view kMinute = "2023-03-09T11:06Z";
  constexpr std::string_view kSecond = "2023-03-09T11:06:15Z";
  constexpr std::string_view kMillisecond = "2023-03-09T11:06:15.351Z";
  std::string whole(text);
  milliseconds length = 24h;
  if (text.size() == kMinute.size()) {
    whole.insert(whole.size() - 1, ":00");
    length = 1min;
  } else if (text.size() == kSecond.size()) {
    length = 1s;
  } else if (text.size() == kMillisecond.size()) {
    length = 1ms;
  } else if (text.size() != kMinute.find('T')) {
    return std::nullopt;
  }
  const auto time = parse_iso8601(whole);
  return time ? std::optional(std::pair(*time, length)) : std::nullopt;
}

}  // namespace

Result<Between> read_number(std::string_view text) {
  std::string_view digits = trim(text);
  const int bits = take_size(digits);
  const auto number = whole_number<std::int64_t>(digits);
  if (!number || *number > (kMost >> bits) || *number < -(kMost >> bits)) {
    return fail(Error(Errc::wrong_use, fmt::format("\"{}\" is no whole number", shown(text)))
                    .hint("write for example 5 or 10 MB (KB, MB and GB are powers of 1024)"));
  }
  const std::int64_t value = *number * (std::int64_t{1} << bits);
  return Between{value, value};
}

Result<Between> read_date(std::string_view text, Time now) {
  const auto written = trim(text);
  if (const auto time = relative(written, now)) {
    const auto value = time->time_since_epoch().count();
    return Between{value, value};
  }
  const auto date = absolute(written);
  if (!date) {
    return fail(Error(Errc::wrong_use, fmt::format("\"{}\" is no date", shown(text)))
                    .hint("write for example 2023-03-09, 2023-03-09T11:06Z,"
                          " 2023-03-09T11:06:15.351Z, now or now-7d (s m h d w M y); all are UTC"));
  }
  const auto from = date->first.time_since_epoch();
  return Between{from.count(), (from + date->second - milliseconds{1}).count()};
}

}  // namespace ot::store::query
