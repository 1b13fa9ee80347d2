#pragma once

#include <string_view>

#include "base/result.hpp"

namespace ot::agent {

/// Data for stdout. A full disk is reported once, by finish().
class Output {
 public:
  void write(std::string_view text);

  /// Flushes; an error here means that not everything arrived.
  Result<void> finish();

 private:
  int error_ = 0;
};

/// Talk for stderr: one line, escaped, so that foreign text can't drive the terminal.
void say(std::string_view line);

/// "rackscout: PLACE: MESSAGE" and the hint on a line of its own.
void say_error(const Error& error, std::string_view name = {});

}  // namespace ot::agent
