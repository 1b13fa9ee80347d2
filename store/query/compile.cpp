#include "store/query/compile.hpp"

#include <optional>

#include <fmt/format.h>

#include "store/query/ast.hpp"
#include "store/query/columns.hpp"
#include "store/query/functions.hpp"
#include "store/query/match.hpp"

namespace ot::store::query {
namespace {

using Kind = Node::Kind;

/// The node as an expression of the index of words, if it is one.
std::optional<std::string> as_match(const Node& node);

std::optional<std::string> joined_match(const Node& node) {
  std::string out;
  for (const Node& part : node.parts) {
    const auto match = as_match(part);
    if (!match) {
      return std::nullopt;
    }
    out += (out.empty() ? "" : node.kind == Kind::all ? " AND " : " OR ") + *match;
  }
  return "(" + out + ")";
}

std::optional<std::string> as_match(const Node& node) {
  if (node.kind == Kind::all || node.kind == Kind::any) {
    return joined_match(node);
  }
  if (node.kind != Kind::comparison || column_of(*node.token)->words.empty()) {
    return std::nullopt;
  }
  const auto* texts = std::get_if<AnyText>(&node.what);
  const auto words = column_of(*node.token)->words;
  return texts == nullptr ? match_any_value(words) : match_text(words, *texts);
}

/// What the index must hold of an asset, one of whose elements meets the node:
/// all of it may be met by several elements.
std::optional<std::string> as_candidates(const Node& node) {
  if (node.kind != Kind::all) {
    return as_match(node);
  }
  std::string out;
  for (const Node& part : node.parts) {
    if (const auto match = as_candidates(part)) {
      out += (out.empty() ? "" : " AND ") + *match;
    }
  }
  return out.empty() ? std::nullopt : std::optional("(" + out + ")");
}

class Compiler {
 public:
  Compiled whole(const Node& node) {
    add(node);
    return std::move(out_);
  }

 private:
  void add(const Node& node);
  void add_parts(const Node& node);
  void add_group(const Node& node);
  void add_comparison(const Node& node);
  void add_value(const Column& column, const Node& node);
  void add_enumerator(const Column& column, const Node& node);
  void add_text(const Column& column, const AnyText& texts, Type type);
  void add_match(std::string match);

  Compiled out_;
  bool in_element_ = false;  ///< the conditions are on the element x
};

void Compiler::add(const Node& node) {
  switch (node.kind) {
    case Kind::all:
    case Kind::any: add_parts(node); break;
    case Kind::negation:
      out_.sql += "NOT ";
      add(node.parts.front());
      break;
    case Kind::group: add_group(node); break;
    case Kind::comparison: add_comparison(node); break;
  }
}

void Compiler::add_match(std::string match) {
  out_.sql += "a.asset_id IN (SELECT rowid FROM asset_words WHERE asset_words MATCH ?)";
  out_.values.emplace_back(std::move(match));
}

/// Those parts that the index can answer are asked of it at once.
void Compiler::add_parts(const Node& node) {
  Node indexed{.kind = node.kind};
  std::vector<const Node*> others;
  for (const Node& part : node.parts) {
    const bool found = !in_element_ && as_match(part);
    found ? indexed.parts.push_back(part) : others.push_back(&part);
  }
  const std::string_view word = node.kind == Kind::all ? " AND " : " OR ";
  out_.sql += "(";
  if (!indexed.parts.empty()) {
    add_match(*joined_match(indexed));
  }
  for (std::size_t i = 0; i < others.size(); ++i) {
    out_.sql += i == 0 && indexed.parts.empty() ? "" : word;
    add(*others[i]);
  }
  out_.sql += ")";
}

void Compiler::add_group(const Node& node) {
  const auto candidates = node.parts.empty() ? std::nullopt : as_candidates(node.parts.front());
  out_.sql += "(";
  if (candidates) {
    add_match(*candidates);
    out_.sql += " AND ";
  }
  out_.sql += fmt::format("EXISTS (SELECT 1{}", elements_of(node.group->list));
  if (!node.parts.empty()) {
    out_.sql += " AND ";
    in_element_ = true;
    add(node.parts.front());
    in_element_ = false;
  }
  out_.sql += "))";
}

void Compiler::add_comparison(const Node& node) {
  const Column& column = *column_of(*node.token);
  if (!in_element_) {
    if (auto match = as_match(node)) {
      return add_match(std::move(*match));
    }
  }
  const bool of_element = node.token->list != List::none && !in_element_;
  if (of_element) {
    out_.sql += fmt::format("EXISTS (SELECT 1{} AND ", elements_of(node.token->list));
  }
  if (!column.rows.empty()) {
    out_.sql += fmt::format("EXISTS (SELECT 1{} AND ", column.rows);
  }
  add_value(column, node);
  out_.sql += column.rows.empty() ? "" : ")";
  out_.sql += of_element ? ")" : "";
}

void Compiler::add_value(const Column& column, const Node& node) {
  if (!column.names.empty()) {
    return add_enumerator(column, node);
  }
  const Type type = node.token->type;
  if (const auto* range = std::get_if<Between>(&node.what)) {
    // A column of the row itself has a value always, and may have an index.
    const auto condition = fmt::format("({} BETWEEN ? AND ?)", column.value);
    const bool is_plain = column.value.starts_with("a.");
    out_.sql += is_plain ? condition : "ifnull(" + condition + ", 0)";
    out_.values.emplace_back(range->from);
    out_.values.emplace_back(range->to);
  } else if (const auto* texts = std::get_if<AnyText>(&node.what)) {
    out_.sql += fmt::format("matches({}, ?)", column.value);
    out_.values.emplace_back(std::make_unique<TextMatcher>(*texts, type));
  } else if (type == Type::number || type == Type::date) {
    out_.sql += fmt::format("({} IS NOT NULL)", column.value);
  } else {
    out_.sql += fmt::format("(ifnull({}, '') <> '')", column.value);
  }
}

/// Few values: each is compared here, and the database gets their numbers.
void Compiler::add_enumerator(const Column& column, const Node& node) {
  const auto* texts = std::get_if<AnyText>(&node.what);
  TextMatcher matcher(texts != nullptr ? *texts : AnyText{}, node.token->type);
  std::string numbers;
  for (std::size_t i = 0; i < column.names.size(); ++i) {
    const auto name = column.names[i];
    if (texts != nullptr ? matcher.matches(name) : !name.empty()) {
      numbers += fmt::format("{}{}", numbers.empty() ? "" : ", ", i);
    }
  }
  out_.sql += fmt::format("({} IN ({}))", column.value, numbers);
}

struct Binder {
  Query& query;

  void operator()(std::int64_t value) const { query.borrow(value); }
  void operator()(const std::string& value) const { query.borrow(value); }
  void operator()(const std::unique_ptr<TextMatcher>& value) const {
    query.borrow(Pointer{value.get(), kMatcherType});
  }
};

}  // namespace

void Compiled::bind(Query& query) const {
  for (const Value& value : values) {
    std::visit(Binder{query}, value);
  }
}

Compiled compile(const Filter& filter) {
  return Compiler().whole(filter.node());
}

}  // namespace ot::store::query
