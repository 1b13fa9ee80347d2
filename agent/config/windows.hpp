#pragma once

#include <string>
#include <string_view>

#include "agent/config/config.hpp"

namespace ot::agent {

/// "mon-fri 22:00-06:00", "sat,sun 00:00-24:00", "daily 01:00-03:00"; without
/// days it is daily. Errors: malformed, with the mistake and what is meant.
Result<Window> parse_window(std::string_view text);

/// The same in its shortest form.
std::string window_text(const Window& window);

}  // namespace ot::agent
