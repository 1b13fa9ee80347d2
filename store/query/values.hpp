#pragma once

#include "store/query/reader.hpp"
#include "store/query/syntax.hpp"

namespace ot::store::query {

/// The one value of a term, where the reader stands behind the colon or the
/// comparison and its blanks: quoted, `*`, or unquoted up to the next and, or,
/// not or ")" at this level.
Result<void> read_one(Reader& reader, Term& term);

/// A list or a range in brackets or parentheses.
Result<void> read_several(Reader& reader, Term& term);

}  // namespace ot::store::query
