#pragma once

#include <string>
#include <string_view>

#include "agent/manual/command_tree.hpp"

// An option or argument in mdoc(7).
namespace ot::agent::manual {

/// "Fl -format Cm text | json"
std::string usage_of(const Option& option);

/// "Ar PATH ..."
std::string usage_of_argument(const Option& argument);

/// All that --help says of it, then `prose`; the words that its usage has are not said again.
std::string about(const Option& option, std::string_view prose);

/// Every command has it: --help, --yes.
bool is_everywhere(const Option& option);

/// How docs/manual names it: "Fl -format", "Ar PATH".
std::string entry_of(const Option& option);
std::string entry_of_argument(const Option& argument);

/// A line of the synopsis for each.
std::string synopsis_of(const Command& command);

}  // namespace ot::agent::manual
