#pragma once

#include <span>
#include <string_view>

#include "store/query/vocabulary.hpp"

namespace ot::store::query {

/// How a token's value is found in SQL. There `a` is the row of the asset or the
/// file, `x` an element of the token's list.
struct Column {
  std::string_view path;   ///< of the token
  std::string_view value;  ///< NULL or '' where there is none
  /// The column of asset_words that has the words of all the values.
  std::string_view words = {};
  /// What the numbers stand for, where the value is an enumerator.
  std::span<const std::string_view> names = {};
  /// " FROM ... WHERE ...": the rows that have a value each, where an element has several.
  std::string_view rows = {};
};

/// Never null for a token of the two vocabularies; a test looks them all up.
const Column* column_of(const Token& token);

/// " FROM ... WHERE ...": the elements of a list of the asset `a`.
std::string_view elements_of(List list);

}  // namespace ot::store::query
