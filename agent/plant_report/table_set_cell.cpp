#include "agent/plant_report/table_set_cell.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace ot::agent::plant_report {
namespace {

/// A number with more of them is shown as 1.23E+11.
constexpr std::size_t kDigitsShown = 11;
/// Excel's cells hold 32,767 characters.
constexpr std::size_t kLongest = 32'000;
/// Nothing longer is a number or a date.
constexpr std::size_t kLongestValue = 80;

/// A text's runs of digits and of letters, and what stands between them: "1-SEP" is "d-w".
struct Shape {
  std::string form;
  std::vector<std::string_view> runs;
};

char kind_of(char letter) {
  const auto among = [letter](char first, char last) { return letter >= first && letter <= last; };
  if (among('0', '9')) {
    return 'd';
  }
  return among('a', 'z') || among('A', 'Z') ? 'w' : letter;
}

Shape shape_of(std::string_view text) {
  Shape shape;
  for (std::size_t at = 0; at < text.size();) {
    const char kind = kind_of(text[at]);
    std::size_t end = at + 1;
    while ((kind == 'd' || kind == 'w') && end < text.size() && kind_of(text[end]) == kind) {
      ++end;
    }
    shape.form += kind;
    if (kind == 'd' || kind == 'w') {
      shape.runs.push_back(text.substr(at, end - at));
    }
    at = end;
  }
  return shape;
}

/// English, and German where it differs.
constexpr std::array<std::string_view, 16> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec",
                                                      "mrz", "mai", "okt", "dez"};
constexpr std::array<std::string_view, 12> kLongMonths = {
    "january", "february", "march",     "april",   "june",     "july",
    "august",  "sept",     "september", "october", "november", "december"};

bool is_month(std::string_view word) {
  const auto lower = to_lower_ascii(word);
  return std::find(kMonths.begin(), kMonths.end(), lower) != kMonths.end() ||
         std::find(kLongMonths.begin(), kLongMonths.end(), lower) != kLongMonths.end();
}

/// "5 PM", "1:20 a"
bool is_half_of_day(std::string_view word) {
  const auto lower = to_lower_ascii(word);
  return lower == "a" || lower == "p" || lower == "am" || lower == "pm";
}

bool is_one_of(std::string_view form, std::initializer_list<std::string_view> forms) {
  return std::find(forms.begin(), forms.end(), form) != forms.end();
}

/// "1.10", "1,5", "1-2", "3/4", "1:20", "1 1/2", "12.3.4" (a date where one writes them so), ".5"
bool is_number_or_date(std::string_view form) {
  return is_one_of(form,
                   {"d.d",   "d,d",   "d-d",   "d/d",     "d:d",   "d.d.d", "d,d,d", "d-d-d",
                    "d/d/d", "d:d:d", "d:d.d", "d:d:d.d", "d d/d", "d.",    ".d",    ",d",
                    "d:",    "d%",    "d.d%",  "d,d%",    "d %",   "(d)",   "(d.d)", "(d,d)"});
}

bool is_exponential(const Shape& shape) {
  return is_one_of(shape.form, {"dwd", "dw+d", "dw-d", "d.dwd", "d.dw+d", "d.dw-d", "d,dwd",
                                "d,dw+d", "d,dw-d", "d.wd", ".dwd"}) &&
         std::any_of(shape.runs.begin(), shape.runs.end(),
                     [](std::string_view run) { return run == "e" || run == "E"; });
}

bool has_month(const Shape& shape) {
  return is_one_of(shape.form,
                   {"wd", "w d", "w-d", "w/d", "w.d", "w. d", "dw", "d w", "d-w", "d/w", "d.w",
                    "d. w", "dwd", "d w d", "d-w-d", "d/w/d", "d. w d", "w d,d", "w d, d"}) &&
         std::any_of(shape.runs.begin(), shape.runs.end(), is_month);
}

bool is_time_of_day(const Shape& shape) {
  return is_one_of(shape.form, {"d w", "d:d w", "d:d:d w"}) && is_half_of_day(shape.runs.back());
}

/// "192.168.100.200" is a large number where dots part the thousands.
bool has_thousands(const Shape& shape) {
  if (shape.runs.size() < 2 || shape.form.size() != 2 * shape.runs.size() - 1 ||
      (shape.form[1] != '.' && shape.form[1] != ',')) {
    return false;
  }
  for (std::size_t at = 0; at < shape.form.size(); ++at) {
    if (shape.form[at] != (at % 2 == 0 ? 'd' : shape.form[1])) {
      return false;
    }
  }
  return std::all_of(shape.runs.begin() + 1, shape.runs.end(),
                     [](std::string_view run) { return run.size() == 3; });
}

}  // namespace

bool is_taken_for_value(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.size() > kLongestValue) {
    return false;
  }
  const auto shape = shape_of(text);
  if (shape.form == "d") {
    return text.size() > kDigitsShown || (text.size() > 1 && text.front() == '0');
  }
  return is_number_or_date(shape.form) || is_exponential(shape) || has_month(shape) ||
         is_time_of_day(shape) || has_thousands(shape);
}

std::string sheet_text(std::string_view text) {
  std::string cell = is_taken_for_value(text) ? "'" : "";
  cell += text.size() > kLongest ? fit_to_width(text, kLongest) : std::string(text);
  return cell;
}

std::string sheet_time_text(std::string_view iso8601) {
  std::string text(iso8601.substr(0, 19));
  std::replace(text.begin(), text.end(), 'T', ' ');
  return text;
}

}  // namespace ot::agent::plant_report
