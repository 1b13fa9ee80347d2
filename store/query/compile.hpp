#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "store/query/filter.hpp"
#include "store/query/text_matcher.hpp"
#include "store/sqlite.hpp"

namespace ot::store::query {

/// A condition on the row `a` of `assets` or of `files`. It is never NULL, and
/// no value of the filter is in its text.
struct Compiled {
  using Value = std::variant<std::int64_t, std::string, std::unique_ptr<TextMatcher>>;

  std::string sql;
  std::vector<Value> values;  ///< of its parameters, in order

  /// Gives the next parameters of a query these values; they must outlive it.
  void bind(Query& query) const;
};

Compiled compile(const Filter& filter);

}  // namespace ot::store::query
