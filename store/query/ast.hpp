#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/query/vocabulary.hpp"

// What a filter means, apart from any database: a back end compiles it.

namespace ot::store::query {

/// What a text must be like. Case never counts.
struct Text {
  enum class Form : std::uint8_t {
    phrase,  ///< its words stand in the text, adjacent and in this order
    exact,   ///< it is the whole text
    prefix,  ///< the text begins with it
  };

  Form form = Form::phrase;
  std::string value;

  bool operator==(const Text&) const = default;
};

/// Any of the texts; never empty.
using AnyText = std::vector<Text>;

/// A number or a time (milliseconds since 1970), both ends included; `from` is
/// never greater than `to`.
struct Between {
  std::int64_t from = 0;
  std::int64_t to = 0;

  bool operator==(const Between&) const = default;
};

/// Has any value.
struct Present {
  bool operator==(const Present&) const = default;
};

using What = std::variant<Present, AnyText, Between>;

struct Node {
  enum class Kind : std::uint8_t {
    all,         ///< every part holds; two parts or more
    any,         ///< one of the parts holds; two or more
    negation,    ///< its one part does not hold
    group,       ///< one element of the list meets the one part; without a part there just is one
    comparison,  ///< a value of the token is as said; of several values one is
  };

  Kind kind = Kind::comparison;
  std::vector<Node> parts = {};
  const Group* group = nullptr;  ///< its list is never none
  const Token* token = nullptr;
  What what = {};

  bool operator==(const Node&) const = default;
};

/// The filter in the language again; reading it gives an equal tree.
std::string to_text(const Node& node);

}  // namespace ot::store::query
