#include "agent/output.hpp"

#include <cerrno>
#include <cstdio>
#include <string>

#include "base/text.hpp"

namespace ot::agent {

void Output::write(std::string_view text) {
  if (error_ == 0 && std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    error_ = errno;
  }
}

Result<void> Output::finish() {
  if (std::fflush(stdout) != 0 && error_ == 0) {
    error_ = errno;
  }
  if (error_ != 0) {
    return fail(system_error(error_, "write to standard output"));
  }
  return {};
}

void say(std::string_view line) {
  const auto text = escape_for_terminal(line) + "\n";
  std::fwrite(text.data(), 1, text.size(), stderr);
}

void say_error(const Error& error, std::string_view name) {
  const auto place = located(name, error.position());
  say("rackscout: " + (place.empty() ? "" : place + ": ") + error.message());
  if (!error.hint().empty()) {
    say("  " + error.hint());
  }
}

}  // namespace ot::agent
