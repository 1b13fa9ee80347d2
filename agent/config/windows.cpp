#include "agent/config/windows.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

using std::chrono::minutes;

constexpr std::array<std::string_view, 7> kDays = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
constexpr std::uint8_t kEveryDay = 0x7F;
constexpr minutes kDay{24 * 60};
constexpr const char* kExample =
    R"(write "mon-fri 22:00-06:00", "sat,sun 00:00-24:00" or "daily 01:00-03:00")";

tl::unexpected<Error> wrong(std::string message) {
  return fail(Error(Errc::malformed, std::move(message)).hint(kExample));
}

Result<unsigned> parse_day(std::string_view text) {
  Nearest nearest(text, 1);
  for (unsigned day = 0; day < kDays.size(); ++day) {
    if (equals_ignoring_case(text, kDays[day])) {
      return day;
    }
    nearest.consider(kDays[day]);
  }
  return wrong(fmt::format("\"{}\" is no day of the week{}", text, did_you_mean(nearest.take())));
}

/// "fri" or "fri-mon", which runs over the end of the week.
Result<std::uint8_t> parse_days_part(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = parse_day(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : parse_day(text.substr(dash + 1));
  if (!first || !last) {
    return fail(first ? last.error() : first.error());
  }
  std::uint8_t days = 0;
  for (unsigned day = *first; days = static_cast<std::uint8_t>(days | 1U << day), day != *last;) {
    day = (day + 1) % kDays.size();
  }
  return days;
}

Result<std::uint8_t> parse_days(std::string_view text) {
  if (equals_ignoring_case(text, "daily")) {
    return kEveryDay;
  }
  std::uint8_t days = 0;
  while (true) {
    const auto comma = text.find(',');
    auto part = parse_days_part(trim(text.substr(0, comma)));
    if (!part) {
      return part;
    }
    days = static_cast<std::uint8_t>(days | *part);
    if (comma == std::string_view::npos) {
      return days;
    }
    text.remove_prefix(comma + 1);
  }
}

/// "22:00", and "24:00" for the end of a day.
std::optional<minutes> parse_time(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || text.size() != colon + 3) {
    return std::nullopt;
  }
  const auto hour = whole_number<std::uint8_t>(text.substr(0, colon));
  const auto minute = whole_number<std::uint8_t>(text.substr(colon + 1));
  if (!hour || !minute || *minute > 59) {
    return std::nullopt;
  }
  const auto time = minutes(*hour * 60 + *minute);
  return time <= kDay ? std::optional(time) : std::nullopt;
}

Result<Window> parse_times(std::string_view text) {
  const auto dash = text.find('-');
  if (dash == std::string_view::npos) {
    return wrong(fmt::format("\"{}\" are no two times of day", text));
  }
  const auto from = parse_time(trim(text.substr(0, dash)));
  const auto to = parse_time(trim(text.substr(dash + 1)));
  if (!from || !to || *from == kDay) {
    const auto bad = !from || *from == kDay ? text.substr(0, dash) : text.substr(dash + 1);
    return wrong(fmt::format("\"{}\" is no time of day to {} at", trim(bad),
                             from && *from != kDay ? "end" : "begin"));
  }
  if (*from == *to) {
    return wrong(fmt::format("\"{}\" ends when it begins; a whole day is 00:00-24:00", text));
  }
  return Window{.days = kEveryDay, .from = *from, .to = *to};
}

std::string days_text(std::uint8_t days) {
  if (days == kEveryDay) {
    return "daily";
  }
  std::string text;
  for (std::size_t day = 0; day < kDays.size(); ++day) {
    if ((days >> day & 1U) == 0) {
      continue;
    }
    const auto first = day;
    while (day + 1 < kDays.size() && (days >> (day + 1) & 1U) != 0) {
      ++day;
    }
    text += text.empty() ? "" : ",";
    text += kDays[first];
    if (day > first) {
      text += fmt::format("{}{}", day == first + 1 ? "," : "-", kDays[day]);
    }
  }
  return text;
}

std::string time_text(minutes time) {
  return fmt::format("{:02}:{:02}", time.count() / 60, time.count() % 60);
}

}  // namespace

Result<Window> parse_window(std::string_view text) {
  text = trim(text);
  if (text.find(':') == std::string_view::npos) {
    return wrong(fmt::format("\"{}\" names no times of day", text));
  }
  const auto blank = text.find_last_of(" \t", text.find(':'));
  const auto times = blank == std::string_view::npos ? text : text.substr(blank + 1);
  auto window = parse_times(trim(times));
  if (!window || blank == std::string_view::npos) {
    return window;
  }
  const auto days = parse_days(trim(text.substr(0, blank)));
  if (!days) {
    return fail(days.error());
  }
  window->days = *days;
  return window;
}

std::string window_text(const Window& window) {
  return fmt::format("{} {}-{}", days_text(window.days), time_text(window.from),
                     time_text(window.to));
}

bool is_open(const std::vector<Window>& windows, std::chrono::local_seconds at) {
  const auto today = std::chrono::floor<std::chrono::days>(at);
  const auto time = std::chrono::floor<minutes>(at - today);
  const auto day = std::chrono::weekday(today).iso_encoding() - 1;
  const auto begins = [](const Window& window, unsigned on) {
    return (window.days >> on & 1U) != 0;
  };
  const auto holds = [&](const Window& window) {
    if (window.from < window.to) {
      return begins(window, day) && window.from <= time && time < window.to;
    }
    return (begins(window, day) && window.from <= time) ||
           (begins(window, (day + 6) % 7) && time < window.to);
  };
  return windows.empty() || std::any_of(windows.begin(), windows.end(), holds);
}

}  // namespace ot::agent
