#pragma once

#include <string_view>

namespace ot::log {

enum class Level { debug, info, warning, error, off };

/// Logs go to stderr, one line each; the default level is `warning`. What comes again and again is
/// told three times within an hour, then once an hour.
void set_level(Level level);

/// Where stderr goes to systemd's journal, lines carry their priority for it
/// (sd-daemon(3)) and no time.
void for_service();

void debug(std::string_view message);
void info(std::string_view message);
void warning(std::string_view message);
void error(std::string_view message);

}  // namespace ot::log
