#pragma once

#include <string>

namespace ot::agent {

/// The command line of rackscout; the answer is the exit code.
int run(int argc, char** argv);

/// What --version prints: version, commit, parsers.
std::string version_text();

}  // namespace ot::agent
