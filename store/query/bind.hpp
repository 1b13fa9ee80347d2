#pragma once

#include "base/result.hpp"
#include "base/time.hpp"
#include "store/query/ast.hpp"
#include "store/query/syntax.hpp"

namespace ot::store::query {

/// What the filter means where these words are known. Fails for a word that is
/// not, and for a value that its token can't have.
Result<Node> bind(const Syntax& syntax, const Vocabulary& vocabulary, Time now);

}  // namespace ot::store::query
