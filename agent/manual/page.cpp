#include "agent/manual/page.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "base/number.hpp"

namespace ot::agent::manual {
namespace {

/// "November 22, 2026", as .Dd has it.
std::string date_in_words(std::string_view date) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  const auto month = whole_number<std::uint32_t>(date.substr(5, 2)).value_or(1);
  const auto day = whole_number<std::uint32_t>(date.substr(8, 2)).value_or(1);
  return fmt::format("{} {}, {}", kMonths.at((month - 1) % kMonths.size()), day, date.substr(0, 4));
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return out;
}

/// The pages that a line of macros names, as "1 rackscout", which sorts as SEE ALSO must: "Xr
/// rackscout 1", and the command of "Ic rackscout status".
void note_pages(const std::string& line, std::set<std::string>& pages) {
  std::istringstream words(line.substr(1));
  std::string word;
  while (words >> word) {
    std::string name;
    std::string section;
    if (word == "Xr" && words >> name >> section) {
      pages.insert(section + " " + name);
    } else if (word == "Ic" && words >> name >> section && name == "rackscout") {
      pages.insert("1 rackscout-" + section);
    }
  }
}

}  // namespace

Page::Page(std::string name, char section, std::string_view nd, const Edition& edition)
    : name_(std::move(name)), section_(section) {
  text_ = fmt::format(
      ".\\\" Made by rackscout-manual from what --help says and from docs/manual.\n"
      ".Dd {}\n.Dt {} {}\n.Os rackscout {}\n.Sh NAME\n.Nm {}\n.Nd {}\n",
      date_in_words(edition.date), upper(name_), section_, edition.version, name_, nd);
}

void Page::section(std::string_view title, std::string_view body) {
  if (!body.empty()) {
    text_ += fmt::format(".Sh {}\n{}", title, body);
  }
}

void Page::see_also() {
  std::set<std::string> pages;
  std::istringstream lines(text_);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('.')) {
      note_pages(line, pages);
    }
  }
  pages.erase(fmt::format("{} {}", section_, name_));
  std::string body;
  for (const auto& page : pages) {
    body += fmt::format("{}.Xr {} {}", body.empty() ? "" : " ,\n", page.substr(2), page.front());
  }
  section("SEE ALSO", body.empty() ? body : body + "\n");
}

void TagList::add(std::string_view head, std::string_view body) {
  items_ += fmt::format(".It {}\n{}", head, body);
}

std::string TagList::text() const {
  return items_.empty() ? std::string() : fmt::format(".Bl -tag -width Ds\n{}.El\n", items_);
}

std::string TagList::text(std::string_view width) const {
  return fmt::format(".Bl -tag -compact -width \"{}\"\n{}.El\n", width, items_);
}

std::string joined(std::string before, std::string_view after) {
  const bool is_parted = !before.empty() && !after.empty() && !after.starts_with(".Bl") &&
                         !after.starts_with(".Ss") && !after.starts_with(".Bd");
  before += is_parted ? ".Pp\n" : "";
  before += after;
  return before;
}

}  // namespace ot::agent::manual
