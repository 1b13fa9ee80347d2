#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace ot::store::query {

struct Node;
class Vocabulary;

/// Which records are wanted: a filter that was read, for one of the two lists.
class Filter {
 public:
  Filter(Node node, const Vocabulary& vocabulary);

  const Node& node() const { return *node_; }
  const Vocabulary& vocabulary() const { return *vocabulary_; }

  /// The filter as one text, the same for all that mean the same word by word:
  /// a key for what was found. Times that were relative are those of its reading.
  std::string text() const;

  bool operator==(const Filter& other) const;

 private:
  std::shared_ptr<const Node> node_;
  const Vocabulary* vocabulary_;
};

/// Reads a filter of file_vocabulary() or asset_vocabulary(). An error names the token and the
/// nearest one that exists, and its position is the character (from 0) where it is:
/// Position::offset.
Result<Filter> parse(std::string_view filter, const Vocabulary& vocabulary, Time now);

}  // namespace ot::store::query
