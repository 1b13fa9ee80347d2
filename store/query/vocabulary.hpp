#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ot::store::query {

enum class Type : std::uint8_t {
  text,
  order_number,  ///< a text that compares without blanks
  number,
  date,
};

/// The list whose elements hold a token; an asset may have many of each.
enum class List : std::uint8_t { none, add_ons, interfaces, racks, details, sources };

/// A word that a filter may compare: the path of a field in the records' JSON
/// ("addOn." stands for an element of "addOns").
struct Token {
  std::string_view path;
  Type type = Type::text;
  List list = List::none;
};

/// A word that groups tokens: `addOn: (...)`. Of a list one element must meet all.
struct Group {
  std::string_view path;
  List list = List::none;  ///< none: an object, there is just one
};

/// What the filters of one list of records may name. Names match in any case.
class Vocabulary {
 public:
  constexpr Vocabulary(std::span<const Token> tokens, std::span<const Group> groups)
      : tokens_(tokens), groups_(groups) {}

  /// The token or the group of that name, below the group `scope` if there is
  /// one; null when there is none.
  const Token* token(std::string_view name, const Group* scope) const;
  const Group* group(std::string_view name, const Group* scope) const;

  /// The names, as one would write them below `scope`, that it may have meant;
  /// at least one.
  std::vector<std::string> nearest(std::string_view name, const Group* scope) const;

  std::span<const Token> tokens() const { return tokens_; }
  std::span<const Group> groups() const { return groups_; }

 private:
  std::span<const Token> tokens_;
  std::span<const Group> groups_;
};

/// Of `list files`, and of `list assets`.
const Vocabulary& file_vocabulary();
const Vocabulary& asset_vocabulary();

}  // namespace ot::store::query
