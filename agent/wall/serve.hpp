#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "agent/wall/frames.hpp"
#include "base/result.hpp"
#include "parsers/parser.hpp"

namespace ot::agent::wall {

/// What a task answers, sent to the parent piece by piece.
class Reply {
 public:
  /// Ends the process when the parent is gone.
  void put(std::string_view bytes);
  void flush();

 private:
  std::string buffer_;
};

/// What a child can do with a file.
struct Task {
  std::string_view name;
  Result<void> (*run)(const Request& request, const parsers::Content& file, Reply& reply);
  /// Opens what run() needs of the system, before the wall goes up; may be null.
  void (*prepare)() = nullptr;
};

/// Whether the program was started as a child, and not by a user.
bool is_child(int argc, const char* const* argv);

/// The child's whole life: it shuts itself in, says so, and does what it is asked until the parent
/// is gone. The answer is the exit code.
int serve(int argc, const char* const* argv, std::span<const Task> tasks);

}  // namespace ot::agent::wall
