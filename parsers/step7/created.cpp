#include "parsers/step7/created.hpp"

#include <array>
#include <charconv>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace ot::parsers::step7 {
namespace {

/// How months begin, in lower case: enough letters to tell them apart. English,
/// German, French, Italian, Spanish, Portuguese, Dutch, Polish, Czech, Russian.
/// "listopad" is missing: it is November in Polish and October in Croatian.
struct Month {
  unsigned number;
  std::string_view start;
};
constexpr std::array kMonths = {
    Month{1, "jan"},      Month{1, "jän"},   Month{1, "gennaio"}, Month{1, "ene"},
    Month{1, "sty"},      Month{1, "led"},   Month{1, "янв"},     Month{2, "feb"},
    Month{2, "fév"},      Month{2, "fev"},   Month{2, "lut"},     Month{2, "únor"},
    Month{2, "фев"},      Month{3, "mar"},   Month{3, "mär"},     Month{3, "maart"},
    Month{3, "břez"},     Month{3, "мар"},   Month{4, "apr"},     Month{4, "avr"},
    Month{4, "abr"},      Month{4, "kwie"},  Month{4, "dub"},     Month{4, "апр"},
    Month{5, "may"},      Month{5, "mai"},   Month{5, "mag"},     Month{5, "mei"},
    Month{5, "maj"},      Month{5, "květ"},  Month{5, "мая"},     Month{5, "май"},
    Month{6, "jun"},      Month{6, "juin"},  Month{6, "giu"},     Month{6, "czerw"},
    Month{6, "červen"},   Month{6, "červn"}, Month{6, "июн"},     Month{7, "jul"},
    Month{7, "juil"},     Month{7, "lug"},   Month{7, "lipc"},    Month{7, "červenec"},
    Month{7, "července"}, Month{7, "июл"},   Month{8, "aug"},     Month{8, "août"},
    Month{8, "aout"},     Month{8, "ago"},   Month{8, "sier"},    Month{8, "srpna"},
    Month{8, "авг"},      Month{9, "sep"},   Month{9, "set"},     Month{9, "wrz"},
    Month{9, "zář"},      Month{9, "сен"},   Month{10, "oct"},    Month{10, "okt"},
    Month{10, "ott"},     Month{10, "out"},  Month{10, "paźdz"},  Month{10, "říj"},
    Month{10, "окт"},     Month{11, "nov"},  Month{11, "ноя"},    Month{12, "dec"},
    Month{12, "dez"},     Month{12, "déc"},  Month{12, "dic"},    Month{12, "dici"},
    Month{12, "grud"},    Month{12, "pros"}, Month{12, "дек"},
};

/// Tuesdays that begin as March does: French, Spanish, Italian.
constexpr std::array<std::string_view, 3> kTuesdays = {"mardi", "martes", "marted"};

/// Lower case of the letters that month names are written with: ASCII, Latin-1, Cyrillic.
std::string to_lower_month(std::string_view utf8) {
  std::string lower = to_lower_ascii(utf8);
  for (std::size_t i = 0; i + 1 < lower.size(); ++i) {
    const auto lead = static_cast<unsigned char>(lower[i]);
    const auto next = static_cast<unsigned char>(lower[i + 1]);
    if (lead == 0xC3 && next >= 0x80 && next <= 0x9E) {
      lower[i + 1] = static_cast<char>(next + 0x20);
    } else if (lead == 0xD0 && next >= 0x90 && next <= 0x9F) {
      lower[i + 1] = static_cast<char>(next + 0x20);
    } else if (lead == 0xD0 && next >= 0xA0 && next <= 0xAF) {
      lower[i] = static_cast<char>(0xD1);
      lower[i + 1] = static_cast<char>(next - 0x20);
    }
  }
  return lower;
}

/// The longest beginning wins: "červenec" is July although "červen" is June.
unsigned month_named(std::string_view word) {
  const auto lower = to_lower_month(word);
  for (const auto tuesday : kTuesdays) {
    if (lower.starts_with(tuesday)) {
      return 0;
    }
  }
  const Month* best = nullptr;
  for (const auto& month : kMonths) {
    if (lower.starts_with(month.start) &&
        (best == nullptr || month.start.size() > best->start.size())) {
      best = &month;
    }
  }
  return best == nullptr ? 0 : best->number;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto begin = text.find_first_not_of(" ,.\t");
    if (begin == std::string_view::npos) {
      break;
    }
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(" ,.\t"), text.size());
    words.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return words;
}

std::optional<unsigned> number_of(std::string_view word) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  // "1st", "2nd": letters behind the number are an ordinal's.
  const auto left = static_cast<std::size_t>(word.data() + word.size() - end);
  if (error != std::errc{} || left > 2 || left == word.size()) {
    return std::nullopt;
  }
  return value;
}

struct Date {
  unsigned day = 0;
  unsigned month = 0;
  unsigned year = 0;
};

/// A long date in any order of its parts: a month by name, a year of four digits, a day.
std::optional<Time> read_date(std::string_view text) {
  Date date;
  for (const auto word : words_of(text)) {
    if (const auto number = number_of(word)) {
      auto& part = *number >= 1000 ? date.year : date.day;
      if (part != 0) {
        return std::nullopt;
      }
      part = *number;
    } else if (const auto month = month_named(word); month != 0 && date.month == 0) {
      date.month = month;
    }
  }
  const std::chrono::year_month_day day{std::chrono::year{static_cast<int>(date.year)},
                                        std::chrono::month{date.month}, std::chrono::day{date.day}};
  if (date.year < 1990 || date.year > 2200 || !day.ok()) {
    return std::nullopt;
  }
  return Time{std::chrono::sys_days{day}};
}

/// 10:01:14, 9:31, 10:49:40 AM
std::optional<std::chrono::seconds> read_clock(std::string_view text) {
  const auto words = words_of(text);
  if (words.empty() || words.size() > 3) {
    return std::nullopt;
  }
  unsigned parts[3] = {0, 0, 0};
  auto digits = words[0];
  for (std::size_t i = 0; i < 3 && !digits.empty(); ++i) {
    const auto colon = std::min(digits.find(':'), digits.size());
    const auto number = number_of(digits.substr(0, colon));
    if (!number) {
      return std::nullopt;
    }
    parts[i] = *number;
    digits.remove_prefix(std::min(colon + 1, digits.size()));
  }
  const auto half = words.size() > 1 ? to_lower_ascii(words[1]) : std::string{};
  const bool afternoon = half == "pm" || half == "p";
  if ((afternoon || half == "am" || half == "a") && parts[0] <= 12) {
    parts[0] = parts[0] % 12 + (afternoon ? 12 : 0);
  }
  if (words[0].find(':') == std::string_view::npos || parts[0] > 23 || parts[1] > 59 ||
      parts[2] > 59) {
    return std::nullopt;
  }
  return std::chrono::hours{parts[0]} + std::chrono::minutes{parts[1]} +
         std::chrono::seconds{parts[2]};
}

}  // namespace

std::optional<Time> read_created(std::string_view text) {
  text = trim(text);
  const auto gap = text.find("   ");
  if (gap == std::string_view::npos) {
    return std::nullopt;
  }
  const auto date = read_date(text.substr(0, gap));
  const auto clock = read_clock(text.substr(gap));
  if (!date || !clock) {
    return std::nullopt;
  }
  return *date + *clock;
}

}  // namespace ot::parsers::step7
