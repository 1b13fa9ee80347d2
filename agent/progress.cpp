#include "agent/progress.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "agent/terminal.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

constexpr std::chrono::milliseconds kBetweenUpdates{100};
constexpr std::size_t kBarWidth = 20;
constexpr std::string_view kClearLine = "\r\x1b[K";

std::string bar(std::uint64_t done, std::uint64_t total) {
  const auto filled = total == 0 ? kBarWidth : std::min(done, total) * kBarWidth / total;
  const auto count = static_cast<std::size_t>(filled);
  return "[" + std::string(count, '#') + std::string(kBarWidth - count, ' ') + "]";
}

std::string rate(std::uint64_t bytes, std::chrono::milliseconds elapsed) {
  constexpr std::array<std::string_view, 4> kUnits = {"B", "KiB", "MiB", "GiB"};
  const auto milliseconds = std::max<std::int64_t>(elapsed.count(), 1);
  double value = static_cast<double>(bytes) * 1000.0 / static_cast<double>(milliseconds);
  std::size_t unit = 0;
  while (value >= 1024.0 && unit + 1 < kUnits.size()) {
    value /= 1024.0;
    ++unit;
  }
  return fmt::format("{:.1f} {}/s", value, kUnits[unit]);
}

void write_stderr(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stderr);
}

}  // namespace

std::string progress_line(const ProgressState& state, std::size_t width) {
  auto line = state.title;
  if (state.total) {
    line += fmt::format(" {} {}/{}", bar(state.done, *state.total), state.done, *state.total);
  } else {
    line += fmt::format(" {}", state.done);
  }
  if (state.bytes > 0) {
    line += "  " + rate(state.bytes, state.elapsed);
  }
  if (!state.found.empty()) {
    line += "  " + state.found;
  }
  const auto used = display_width(line);
  if (!state.name.empty() && used + 2 < width) {
    line += "  " + fit_to_width(escape_for_terminal(state.name), width - used - 2);
  }
  return fit_to_width(line, width);
}

Progress::Progress(std::string title)
    : active_(stderr_terminal().interactive), started_(std::chrono::steady_clock::now()) {
  state_.title = std::move(title);
  next_ = started_ + kBetweenUpdates;
}

Progress::~Progress() {
  finish();
}

void Progress::total(std::uint64_t files) {
  state_.total = files;
  if (active_) {
    show();
  }
}

void Progress::step(std::string_view name, std::uint64_t bytes) {
  ++state_.done;
  state_.bytes += bytes;
  const auto now = std::chrono::steady_clock::now();
  if (!active_ || now < next_) {
    return;
  }
  next_ = now + kBetweenUpdates;
  state_.name = name;
  state_.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - started_);
  show();
}

void Progress::tell(std::string found) {
  state_.found = std::move(found);
}

void Progress::show() {
  // Asked anew each time: the window may have been resized. One column stays
  // free, for terminals that wrap as soon as the last one is taken.
  const auto width = stderr_terminal().width.value_or(80);
  write_stderr(std::string(kClearLine) + progress_line(state_, width - 1));
  std::fflush(stderr);
  shown_ = true;
}

void Progress::finish() {
  if (std::exchange(shown_, false)) {
    write_stderr(kClearLine);
    std::fflush(stderr);
  }
  active_ = false;
}

}  // namespace ot::agent
