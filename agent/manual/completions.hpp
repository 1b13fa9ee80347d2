#pragma once

#include <string>

#include "agent/manual/command_tree.hpp"

// What shells offer behind `rackscout`: each a script of its own, without any other one's help.
namespace ot::agent::manual {

std::string bash_completion(const Command& program);
std::string zsh_completion(const Command& program);
std::string fish_completion(const Command& program);

}  // namespace ot::agent::manual
