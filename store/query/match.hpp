#pragma once

#include <string>
#include <string_view>

#include "store/query/ast.hpp"

// The index of words has a row for each asset of the list, and in each column
// all values of a token, one after the other: the words of a value, then one
// term that is the value itself. So a phrase never reaches from one value into
// the next, and no comparison needs a second look at the value.

namespace ot::store::query {

/// The value as the index holds it; `folded` is not empty.
std::string indexed(std::string_view folded);

/// Stands in every column that has a value.
extern const std::string_view kAnyValue;

/// What finds the texts, or any value, in a column of the index: an expression of FTS5.
std::string match_text(std::string_view column, const AnyText& texts);
std::string match_any_value(std::string_view column);

}  // namespace ot::store::query
