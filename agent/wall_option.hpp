#pragma once

#include "agent/wall/options.hpp"

namespace CLI {
class App;
}

namespace ot::agent {

/// --wall full|reduced, for a command that reads untrusted files.
void add_wall(CLI::App& command, wall::Options& options);

}  // namespace ot::agent
