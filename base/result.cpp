#include "base/result.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

namespace ot {

std::string located(std::string_view name, Position at) {
  switch (at.unit) {
    case Position::Unit::line:
      return name.empty() ? fmt::format("line {}", at.value) : fmt::format("{}:{}", name, at.value);
    case Position::Unit::offset:
      return name.empty() ? fmt::format("offset {:#x}", at.value)
                          : fmt::format("{}: offset {:#x}", name, at.value);
    case Position::Unit::none: break;
  }
  return std::string(name);
}

std::string Error::text(std::string_view name) const {
  std::string line = located(name, position_);
  if (!line.empty()) {
    line += ": ";
  }
  line += message_;
  if (!hint_.empty()) {
    line += "; " + hint_;
  }
  return line;
}

Error system_error(int number, std::string_view action) {
  const auto code = number == ENOENT ? Errc::not_found : Errc::io;
  return {code, fmt::format("{}: {}", action, std::generic_category().message(number))};
}

}  // namespace ot
