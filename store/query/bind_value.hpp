#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/query/ast.hpp"
#include "store/query/syntax.hpp"

namespace ot::store::query {

/// A comparison with a value, a list or a range. A list of numbers or dates
/// becomes as many comparisons, any of which may hold.
Result<Node> bind_value(const Term& term, const Token& token, Time now);

}  // namespace ot::store::query
