#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace ot::parsers::step7 {

/// The moment of a #CREATED line: the exporting PC's long date in whatever
/// language, three blanks, its time of day. It names no zone, so it is taken as
/// UTC. Nothing where day, month, year and time can't all be read for sure.
std::optional<Time> read_created(std::string_view text);

}  // namespace ot::parsers::step7
