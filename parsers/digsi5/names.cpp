#include "parsers/digsi5/names.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::parsers::digsi5 {
namespace {

constexpr std::size_t kOverlong = 1024;
constexpr std::size_t kShownColumns = 120;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_control(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code < 0x20 || code == 0x7F;
}

bool climbs(std::string_view name) {
  while (!name.empty()) {
    const auto end = std::min(name.find_first_of("/\\"), name.size());
    if (name.substr(0, end) == "..") {
      return true;
    }
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

bool has_drive(std::string_view name) {
  return name.size() >= 2 && name[1] == ':' && ((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z');
}

/// 88 of ".dp5v88", with its family digit; nothing when the ending is another.
std::optional<ProjectMember> project_ending(std::string_view ending) {
  constexpr std::size_t kFixed = 5;  // ".dp5v"
  const auto digits = ending.substr(std::min(kFixed, ending.size()));
  if (digits.size() < 2 || digits.size() > 4 ||
      !std::all_of(digits.begin(), digits.end(), is_digit)) {
    return std::nullopt;
  }
  if ((ending[3] != '4' && ending[3] != '5') || (ending[4] | 0x20) != 'v') {
    return std::nullopt;
  }
  ProjectMember member;
  member.family = ending[3];
  std::from_chars(digits.data(), digits.data() + digits.size(), member.number);
  return member;
}

}  // namespace

std::string ProjectMember::tool() const {
  return fmt::format("DIGSI {}", family);
}

std::string ProjectMember::version() const {
  return fmt::format("V{}.{:02}", number / 10, number % 10 * 10);
}

std::optional<ProjectMember> project_member(std::string_view name) {
  const auto base = base_name(name);
  const auto dot = base.rfind('.');
  if (dot == std::string_view::npos || dot == 0 ||
      !equals_ignoring_case(base.substr(dot, 3), ".dp")) {
    return std::nullopt;
  }
  auto member = project_ending(base.substr(dot));
  if (member) {
    member->project = to_utf8(base.substr(0, dot), CodePage::utf8);
  }
  return member;
}

std::string_view base_name(std::string_view name) {
  const auto slash = name.find_last_of("/\\");
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

std::string_view hostility(std::string_view name) {
  if (name.size() > kOverlong) {
    return "is overlong";
  }
  if (!is_utf8(name)) {
    return "is not UTF-8";
  }
  if (std::any_of(name.begin(), name.end(), is_control)) {
    return "holds control characters";
  }
  if (climbs(name)) {
    return "leaves its folder";
  }
  if (has_drive(name)) {
    return "names a drive";
  }
  if (name.starts_with('/') || name.starts_with('\\')) {
    return "is absolute";
  }
  return name.find('\\') != std::string_view::npos ? "holds backslashes" : "";
}

std::string shown(std::string_view name) {
  if (name.empty()) {
    return "(a member without a name)";
  }
  return fit_to_width(escape_for_terminal(name.substr(0, kOverlong)), kShownColumns);
}

std::string size_text(std::uint64_t bytes) {
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB"};
  if (bytes < 10'000) {
    return bytes == 1 ? "1 byte" : fmt::format("{} bytes", bytes);
  }
  auto value = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; value >= 1024 && unit + 1 < kUnits.size(); ++unit) {
    value /= 1024;
  }
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

}  // namespace ot::parsers::digsi5
