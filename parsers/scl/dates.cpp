#include "parsers/scl/dates.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace ot::parsers::scl {
namespace {

using std::chrono::minutes;

/// Numbers, words and signs of a date, taken from the front.
class Pieces {
 public:
  explicit Pieces(std::string_view text) : text_(trim(text)) {}

  bool at_end() const { return text_.empty(); }

  bool take(char sign) {
    if (!text_.starts_with(sign)) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  /// Passes blanks and commas.
  bool take_gap() {
    const auto before = text_.size();
    text_.remove_prefix(std::min(text_.find_first_not_of(" ,"), text_.size()));
    return text_.size() < before;
  }

  std::optional<int> take_number(std::size_t most_digits) {
    int value = 0;
    const auto digits = text_.substr(0, most_digits);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || value < 0 || text_.starts_with('-')) {
      return std::nullopt;
    }
    text_.remove_prefix(static_cast<std::size_t>(end - digits.data()));
    return value;
  }

  std::string take_word() {
    const auto end = std::find_if(text_.begin(), text_.end(), [](char c) {
      return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z');
    });
    const auto word = text_.substr(0, static_cast<std::size_t>(end - text_.begin()));
    text_.remove_prefix(word.size());
    return to_lower_ascii(word);
  }

 private:
  std::string_view text_;
};

struct Date {
  std::optional<int> year, month, day;

  std::optional<Time> midnight() const {
    if (!year || !month || !day || *year < 1970 || *year > 9999) {
      return std::nullopt;
    }
    const std::chrono::year_month_day date{std::chrono::year{*year},
                                           std::chrono::month{static_cast<unsigned>(*month)},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    return date.ok() ? std::optional<Time>(std::chrono::sys_days{date}) : std::nullopt;
  }
};

/// "2019-09-25", "09/25/2019" or "25.09.2019".
Date take_numeric_date(Pieces& text) {
  const auto first = text.take_number(4);
  if (text.take('-')) {
    const auto month = text.take_number(2);
    const auto day = text.take('-') ? text.take_number(2) : std::nullopt;
    return {first, month, day};
  }
  const char sign = text.take('/') ? '/' : '.';
  if (sign == '.' && !text.take('.')) {
    return {};
  }
  const auto second = text.take_number(2);
  const auto year = text.take(sign) ? text.take_number(4) : std::nullopt;
  return sign == '/' ? Date{year, first, second} : Date{year, second, first};
}

std::optional<int> month_number(std::string_view word) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "january", "february", "march",     "april",   "may",      "june",
      "july",    "august",   "september", "october", "november", "december"};
  const auto found = std::find_if(kMonths.begin(), kMonths.end(), [&](std::string_view month) {
    return word == month || (word.size() == 3 && month.starts_with(word));
  });
  return found == kMonths.end() ? std::nullopt
                                : std::optional(static_cast<int>(found - kMonths.begin()) + 1);
}

/// "Wednesday, September 25, 2019" or "Sep 25 2019".
Date take_written_date(Pieces& text) {
  auto word = text.take_word();
  text.take_gap();
  if (word.ends_with("day")) {
    word = text.take_word();
    text.take_gap();
  }
  const auto day = text.take_number(2);
  text.take_gap();
  return {text.take_number(4), month_number(word), day};
}

/// The hour of the day, of one that may be counted in halves; -1 if there is none such.
int hour_of_day(int hour, std::string_view half) {
  if (half.empty() || half == "z") {
    return hour <= 23 ? hour : -1;
  }
  if ((half != "am" && half != "pm") || hour < 1 || hour > 12) {
    return -1;
  }
  return hour % 12 + (half == "pm" ? 12 : 0);
}

/// "9:11:36 AM", "17:55", "09:11:36.250".
std::optional<std::chrono::milliseconds> take_clock(Pieces& text) {
  const int hour = text.take_number(2).value_or(-1);
  const int minute = text.take(':') ? text.take_number(2).value_or(-1) : -1;
  const int second = text.take(':') ? text.take_number(2).value_or(-1) : 0;
  if (text.take('.') && !text.take_number(9)) {
    return std::nullopt;
  }
  text.take_gap();
  const int of_day = hour_of_day(hour, text.take_word());
  if (of_day < 0 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  return std::chrono::hours(of_day) + minutes(minute) + std::chrono::seconds(second);
}

/// "+02:00" or "-0500".
std::optional<minutes> take_offset(Pieces& text) {
  const int sign = text.take('-') ? -1 : 1;
  if (sign > 0 && !text.take('+')) {
    return minutes(0);
  }
  const auto hours = text.take_number(2);
  text.take(':');
  const auto rest = text.take_number(2);
  if (!hours || *hours > 14 || rest.value_or(0) > 59) {
    return std::nullopt;
  }
  return sign * (std::chrono::hours(*hours) + minutes(rest.value_or(0)));
}

}  // namespace

std::optional<Time> parse_date(std::string_view text) {
  Pieces pieces(text);
  const auto trimmed = trim(text);
  const bool numeric = !trimmed.empty() && trimmed[0] >= '0' && trimmed[0] <= '9';
  const auto date = numeric ? take_numeric_date(pieces) : take_written_date(pieces);
  const auto midnight = date.midnight();
  if (!midnight || pieces.at_end()) {
    return midnight;
  }
  if (!pieces.take('T') && !pieces.take_gap()) {
    return std::nullopt;
  }
  const auto clock = take_clock(pieces);
  const auto offset = take_offset(pieces);
  if (!clock || !offset || !pieces.at_end()) {
    return std::nullopt;
  }
  return *midnight + *clock - *offset;
}

}  // namespace ot::parsers::scl
