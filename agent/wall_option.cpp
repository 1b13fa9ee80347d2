#include "agent/wall_option.hpp"

#include <CLI/CLI.hpp>

#include "agent/checks.hpp"

namespace ot::agent {

void add_wall(CLI::App& command, wall::Options& options) {
  const auto take = [&options](const std::string& word) {
    options.strength =
        word == wall::kStrengthWords[1] ? wall::Strength::reduced : wall::Strength::full;
  };
  command
      .add_option_function<std::string>(
          "--wall", take, "Around the child that reads files: full or reduced (no seccomp)")
      ->check(one_of({std::string(wall::kStrengthWords[0]), std::string(wall::kStrengthWords[1])}))
      ->type_name("WORD");
}

}  // namespace ot::agent
