#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace ot::agent {

/// What may be written to a stream. `width` is empty where lines are not to be cut.
struct Terminal {
  bool interactive = false;
  bool colour = false;
  bool utf8 = false;
  std::optional<std::size_t> width;
};

Terminal stdout_terminal();
Terminal stderr_terminal();

/// A width as $COLUMNS holds it; empty for anything but a sensible number.
std::optional<std::size_t> columns_from(std::string_view text);

/// Whether LC_ALL, LC_CTYPE or LANG (the first that is set) names UTF-8.
bool names_utf8(std::string_view locale);

}  // namespace ot::agent
