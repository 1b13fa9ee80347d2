#pragma once

#include <string>
#include <string_view>

namespace ot::agent::manual {

/// What stands below the options in --help.
struct HelpText {
  std::string examples;  ///< lines, with the blanks in front of all of them taken off
  std::string prose;     ///< paragraphs
};

HelpText help_text_of(std::string_view footer);

}  // namespace ot::agent::manual
