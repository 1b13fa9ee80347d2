#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"

namespace ot {

/// "silent", "wrong_use": the kind of an error for files and programs.
std::string_view to_string(Errc code);
std::optional<Errc> errc_from(std::string_view text);

}  // namespace ot
