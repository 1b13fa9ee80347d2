#pragma once

#include <string>
#include <vector>

namespace ot::tests {

/// How a run of the built program ended.
struct Run {
  int exit_code = -1;  ///< 128 + the signal's number if one ended it
  std::string out;
  std::string err;
};

/// Runs `rackscout` with these arguments, without a shell and without a terminal.
Run rackscout(std::vector<std::string> arguments);

/// Runs it with its standard output going to this path.
Run rackscout_into(const std::string& path, std::vector<std::string> arguments);

/// Runs it with these of its standard streams closed, as `>&-` does.
Run rackscout_without(std::vector<int> streams, std::vector<std::string> arguments);

/// Runs it with a terminal for its standard error; that is in `err`.
Run rackscout_on_terminal(std::vector<std::string> arguments);

/// Runs it with one variable of the environment set.
Run rackscout_with(const std::string& variable, const std::string& value,
                   std::vector<std::string> arguments);

}  // namespace ot::tests
