#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "store/query/ast.hpp"

namespace ot::store::query {

/// Compares texts with what a filter says of them.
class TextMatcher {
 public:
  TextMatcher(const AnyText& texts, Type type);

  /// Remembers what it said of a text: modules repeat their makers and models.
  bool matches(std::string_view text);

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };

  bool is_like(std::string_view text) const;

  std::vector<std::string> phrases_;  ///< words, each between two blanks
  std::vector<std::string> whole_;
  std::vector<std::string> starts_;
  bool order_number_;
  std::unordered_map<std::string, bool, Hash, std::equal_to<>> known_;
};

}  // namespace ot::store::query
