#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.hpp"

namespace ot::log {
namespace {

spdlog::logger& logger() {
  static const auto instance = [] {
    auto made = spdlog::stderr_logger_mt("rackscout");
    made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l: %v");
    made->set_level(spdlog::level::warn);
    return made;
  }();
  return *instance;
}

/// Messages may quote files and devices: nothing of theirs reaches a terminal raw.
void write(spdlog::level::level_enum level, std::string_view message) {
  if (logger().should_log(level)) {
    logger().log(level, "{}", escape_for_terminal(message));
  }
}

}  // namespace

void set_level(Level level) {
  switch (level) {
    case Level::debug: return logger().set_level(spdlog::level::debug);
    case Level::info: return logger().set_level(spdlog::level::info);
    case Level::warning: return logger().set_level(spdlog::level::warn);
    case Level::error: return logger().set_level(spdlog::level::err);
    case Level::off: return logger().set_level(spdlog::level::off);
  }
}

void debug(std::string_view message) {
  write(spdlog::level::debug, message);
}
void info(std::string_view message) {
  write(spdlog::level::info, message);
}
void warning(std::string_view message) {
  write(spdlog::level::warn, message);
}
void error(std::string_view message) {
  write(spdlog::level::err, message);
}

}  // namespace ot::log
