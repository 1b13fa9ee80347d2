#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

// A filter as it is written: which words there are is not known here. Places are
// offsets in bytes.

namespace ot::store::query {

constexpr std::size_t kMostBytes = 16 * 1024;
constexpr std::size_t kMostDepth = 64;
constexpr std::size_t kMostTerms = 256;  ///< with the values of lists

struct Value {
  enum class Quote : std::uint8_t {
    none,
    phrase,  ///< "..."
    exact,   ///< `...` or '...'
    prefix,  ///< word*, `...`* or '...'*
  };

  Quote quote = Quote::none;
  std::string text;
  std::size_t at = 0;
};

struct Term {
  enum class Form : std::uint8_t {
    present,  ///< token: *
    absent,   ///< token is null
    value,
    list,   ///< [a, b]
    range,  ///< [a .. b]: two values
    group,  ///< token: (...): what stands in the parentheses is the syntax' part
  };
  enum class Operator : std::uint8_t { matches, equal, less, at_most, greater, at_least };

  std::string token;
  std::size_t at = 0;
  Form form = Form::value;
  Operator comparison = Operator::matches;
  std::vector<Value> values;
  bool with_ends = true;  ///< of a range
};

struct Syntax {
  enum class Kind : std::uint8_t { all, any, negation, term };

  Kind kind = Kind::term;
  std::vector<Syntax> parts;
  Term term;
};

Result<Syntax> read_syntax(std::string_view filter);

}  // namespace ot::store::query
