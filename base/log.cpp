#include "base/log.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>

#include <fmt/format.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/repeats.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

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

/// "<4>": syslog's number for the level.
class Priority : public spdlog::custom_flag_formatter {
 public:
  void format(const spdlog::details::log_msg& message, const std::tm&,
              spdlog::memory_buf_t& out) override {
    constexpr std::string_view kNumbers = "7764322";
    const auto level = static_cast<std::size_t>(message.level);
    const std::string text = {'<', kNumbers[std::min(level, kNumbers.size() - 1)], '>'};
    out.append(text.data(), text.data() + text.size());
  }
  std::unique_ptr<custom_flag_formatter> clone() const override {
    return std::make_unique<Priority>();
  }
};

Repeats::Verdict verdict_on(std::string_view message) {
  static std::mutex mutex;
  static Repeats repeats;
  const std::lock_guard lock(mutex);
  return repeats.take(message, now());
}

/// Messages may quote files and devices: nothing of theirs reaches a terminal raw.
void write(spdlog::level::level_enum level, std::string_view message) {
  if (!logger().should_log(level)) {
    return;
  }
  const auto verdict = level > spdlog::level::debug ? verdict_on(message) : Repeats::Verdict{};
  if (verdict.is_told) {
    const spdlog::log_clock::time_point at{now().time_since_epoch()};
    const auto more = verdict.untold > 0
                          ? fmt::format(" ({} times since it was told last)", verdict.untold + 1)
                          : "";
    logger().log(at, {}, level, escape_for_terminal(message) + more);
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

void for_service() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status {};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0 ||
      fmt::format("{}:{}", status.st_dev, status.st_ino) != stream) {
    return;
  }
  auto formatter = std::make_unique<spdlog::pattern_formatter>();
  formatter->add_flag<Priority>('*').set_pattern("%*%v");
  logger().set_formatter(std::move(formatter));
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
