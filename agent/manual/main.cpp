#include <exception>
#include <filesystem>
#include <version.hpp>

#include <fmt/format.h>

#include "agent/commands.hpp"
#include "agent/manual/whole_manual.hpp"
#include "agent/output.hpp"
#include "agent/whole_file.hpp"

// rackscout-manual PROSE OUT: writes the manual pages and the completions below OUT; PROSE is the
// folder docs/manual. The build runs it, and it is no part of what is shipped.

namespace ot::agent {
namespace {

Result<void> write_below(const std::string& out, const manual::File& file) {
  const auto path = std::filesystem::path(out) / file.path;
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  auto written =
      write_whole(path.string(), file.text, IfThere::replace, {.mode = 0644, .group = {}});
  return written ? Result<void>() : fail(std::move(written).error().during(path.string()));
}

int write_manual(const std::string& prose, const std::string& out) {
  const auto files = manual::whole_manual(prose, {RACKSCOUT_VERSION, RACKSCOUT_DATE});
  if (!files) {
    return ended(fail(files.error()));
  }
  for (const auto& file : *files) {
    if (const auto written = write_below(out, file); !written) {
      return ended(written);
    }
  }
  return exit_code::kDone;
}

}  // namespace
}  // namespace ot::agent

int main(int argc, char** argv) {
  if (argc != 3) {
    ot::agent::say("usage: rackscout-manual PROSE OUT");
    return ot::agent::exit_code::kWrongUse;
  }
  try {
    return ot::agent::write_manual(argv[1], argv[2]);
  } catch (const std::exception& exception) {
    ot::agent::say(fmt::format("rackscout-manual: {}", exception.what()));
  }
  return ot::agent::exit_code::kOwnFailure;
}
