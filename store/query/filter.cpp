#include "store/query/filter.hpp"

#include "base/utf8.hpp"
#include "store/query/ast.hpp"
#include "store/query/bind.hpp"
#include "store/query/syntax.hpp"

namespace ot::store::query {
namespace {

/// Inside, positions count bytes.
Error in_characters(Error error, std::string_view filter) {
  const auto before = filter.substr(0, static_cast<std::size_t>(error.position().value));
  std::uint64_t characters = 0;
  for (std::size_t at = 0; at < before.size(); ++characters) {
    at += decode_utf8(before, at).size;
  }
  return std::move(error).at(Position::offset(characters));
}

}  // namespace

Filter::Filter(Node node, const Vocabulary& vocabulary)
    : node_(std::make_shared<const Node>(std::move(node))), vocabulary_(&vocabulary) {}

std::string Filter::text() const {
  return to_text(*node_);
}

bool Filter::operator==(const Filter& other) const {
  return vocabulary_ == other.vocabulary_ && *node_ == *other.node_;
}

Result<Filter> parse(std::string_view filter, const Vocabulary& vocabulary, Time now) {
  const auto syntax = read_syntax(filter);
  if (!syntax) {
    return fail(in_characters(syntax.error(), filter));
  }
  auto node = bind(*syntax, vocabulary, now);
  if (!node) {
    return fail(in_characters(std::move(node.error()), filter));
  }
  return Filter(std::move(*node), vocabulary);
}

}  // namespace ot::store::query
