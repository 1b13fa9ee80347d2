#pragma once

#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/query/ast.hpp"

namespace ot::store::query {

/// "5", "10 MB": a whole number; KB, MB and GB are powers of 1024.
Result<Between> read_number(std::string_view text);

/// "now", "now-7d", a day, or a day and a time in UTC to the minute, second or
/// millisecond: from its first to its last millisecond.
Result<Between> read_date(std::string_view text, Time now);

}  // namespace ot::store::query
