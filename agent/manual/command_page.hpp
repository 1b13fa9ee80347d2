#pragma once

#include "agent/manual/command_tree.hpp"
#include "agent/manual/page.hpp"
#include "agent/manual/prose.hpp"

namespace ot::agent::manual {

/// rackscout(1): what holds for every command, and which there are.
Page program_page(const Command& program, Prose& prose, const Edition& edition);

/// rackscout-bundle(1): a command with all of its own. `shared` has what is said of options
/// wherever they stand.
Page command_page(const Command& command, Prose& prose, Prose& shared, const Edition& edition);

/// "rackscout-bundle"
std::string page_name(const Command& command);

}  // namespace ot::agent::manual
