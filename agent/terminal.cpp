#include "agent/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr std::size_t kUsualWidth = 100;

std::string_view environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string_view{} : value;
}

std::size_t width_of(int descriptor) {
  winsize size{};
  if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  return columns_from(environment("COLUMNS")).value_or(kUsualWidth);
}

std::string_view locale_name() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (const auto value = environment(name); !value.empty()) {
      return value;
    }
  }
  return {};
}

Terminal describe(int descriptor) {
  Terminal terminal;
  terminal.utf8 = names_utf8(locale_name());
  terminal.interactive = isatty(descriptor) == 1;
  if (terminal.interactive) {
    terminal.width = width_of(descriptor);
    terminal.colour = environment("NO_COLOR").empty() && environment("TERM") != "dumb";
  }
  return terminal;
}

}  // namespace

Terminal stdout_terminal() {
  return describe(STDOUT_FILENO);
}
Terminal stderr_terminal() {
  return describe(STDERR_FILENO);
}

std::optional<std::size_t> columns_from(std::string_view text) {
  const auto columns = whole_number<std::size_t>(text);
  return columns >= 20u && columns <= 10'000u ? columns : std::nullopt;
}

bool names_utf8(std::string_view locale) {
  const auto lower = to_lower_ascii(locale);
  return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
}

}  // namespace ot::agent
