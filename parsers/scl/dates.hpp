#pragma once

#include <optional>
#include <string_view>

#include "base/time.hpp"

namespace ot::parsers::scl {

/// A date as the tools write it: "2019-09-25T09:11:36+02:00", "09/22/2025 17:55:56"
/// (month first, .NET's invariant form), "25.09.2019 09:11", "Wednesday,
/// September 25, 2019 9:11:36 AM". A missing zone is taken as UTC.
std::optional<Time> parse_date(std::string_view text);

}  // namespace ot::parsers::scl
