#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "store/query/ast.hpp"

namespace ot::store::query {

/// Compares texts with what a filter says of them.
class TextMatcher {
 public:
  TextMatcher(const AnyText& texts, Type type);

  bool matches(std::string_view text);

 private:
  void read(std::string_view text);

  std::vector<std::string> phrases_;  ///< words, each between two blanks
  std::vector<std::string> whole_;
  std::vector<std::string> starts_;
  bool order_number_;
  // Of the text in hand; kept for their memory.
  std::string folded_;
  std::string words_;  ///< each between two blanks
};

}  // namespace ot::store::query
