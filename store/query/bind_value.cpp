#include "store/query/bind_value.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/query/numbers.hpp"
#include "store/query/reader.hpp"
#include "store/query/words.hpp"

namespace ot::store::query {
namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

/// Folded and marked it must fit into a word of the index (32 KiB).
constexpr std::size_t kLongestText = 8 * 1024;

bool has_words(std::string_view text) {
  return !words_of(fold(text)).empty();
}

Error wordless(const Value& value) {
  return Reader::error("there is no letter or digit to look for", value.at)
      .hint("`...` compares the whole value, signs included");
}

/// The pieces between blanks, any of which may stand in the text. One without a
/// letter or digit stands for nothing: V5.6 + HF1.
Result<void> add_pieces(const Value& value, AnyText& texts) {
  const std::size_t before = texts.size();
  std::string_view rest = value.text;
  while (!rest.empty()) {
    const auto* const end = std::find_if(rest.begin(), rest.end(), is_blank);
    const auto piece = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
    if (has_words(piece)) {
      texts.push_back({Text::Form::phrase, std::string(piece)});
    }
    rest.remove_prefix(std::min(rest.size(), piece.size() + 1));
  }
  return texts.size() > before ? Result<void>{} : fail(wordless(value));
}

Result<void> add_text(const Value& value, const Token& token, AnyText& texts) {
  const bool order_number = token.type == Type::order_number;
  const std::string text = order_number ? without_blanks(value.text) : value.text;
  if (text.size() > kLongestText) {
    return fail(Reader::error(fmt::format("a value has at most {} bytes", kLongestText), value.at));
  }
  switch (value.quote) {
    case Value::Quote::none:
      if (!order_number) {
        return add_pieces(value, texts);
      }
      [[fallthrough]];
    case Value::Quote::phrase:
      texts.push_back({Text::Form::phrase, text});
      return has_words(text) ? Result<void>{} : fail(wordless(value));
    case Value::Quote::exact: texts.push_back({Text::Form::exact, text}); break;
    case Value::Quote::prefix: texts.push_back({Text::Form::prefix, text}); break;
  }
  return !text.empty() ? Result<void>{}
                       : fail(Reader::error("the value is empty", value.at)
                                  .hint("TOKEN is null finds what has no value"));
}

Result<Node> bind_text(const Term& term, const Token& token) {
  if (term.form == Term::Form::range || term.comparison != Term::Operator::matches) {
    const bool range = term.form == Term::Form::range;
    return fail(
        Reader::error(fmt::format("\"{}\" is a text: only numbers and dates {}", token.path,
                                  range ? "have ranges" : "compare with < = >"),
                      term.at)
            .hint(fmt::format("write {0}: \"words\", or {0}: `the whole value`", token.path)));
  }
  AnyText texts;
  for (const Value& value : term.values) {
    if (auto added = add_text(value, token, texts); !added) {
      return fail(std::move(added.error()));
    }
  }
  return Node{.token = &token, .what = std::move(texts)};
}

Result<Between> read_point(const Value& value, const Token& token, Time now) {
  if (value.quote == Value::Quote::prefix) {
    return fail(Reader::error(fmt::format("\"{}\" is a {}: it has no beginning to compare",
                                          token.path, token.type == Type::date ? "date" : "number"),
                              value.at));
  }
  auto point = token.type == Type::date ? read_date(value.text, now) : read_number(value.text);
  return point ? point : fail(std::move(point.error()).at(Position::offset(value.at)));
}

/// What lies before the point, or behind it; nothing where there is no such number.
std::optional<Between> side_of(const Between& point, Term::Operator comparison) {
  switch (comparison) {
    case Term::Operator::matches:
    case Term::Operator::equal: return point;
    case Term::Operator::at_most: return Between{kLeast, point.to};
    case Term::Operator::at_least: return Between{point.from, kMost};
    case Term::Operator::less:
      return point.from == kLeast ? std::nullopt : std::optional(Between{kLeast, point.from - 1});
    case Term::Operator::greater:
      return point.to == kMost ? std::nullopt : std::optional(Between{point.to + 1, kMost});
  }
  return std::nullopt;
}

Error nothing_between(const Value& value) {
  return Reader::error("there is nothing in this range", value.at)
      .hint("[a .. b] goes from the lesser to the greater, and holds both; (a .. b) holds neither");
}

Result<Node> bind_range(const Term& term, const Token& token, Time now) {
  const auto first = read_point(term.values.front(), token, now);
  if (!first) {
    return fail(first.error());
  }
  const auto last = read_point(term.values.back(), token, now);
  if (!last) {
    return fail(last.error());
  }
  const auto above =
      side_of(*first, term.with_ends ? Term::Operator::at_least : Term::Operator::greater);
  const auto below =
      side_of(*last, term.with_ends ? Term::Operator::at_most : Term::Operator::less);
  if (!above || !below || above->from > below->to) {
    return fail(nothing_between(term.values.front()));
  }
  return Node{.token = &token, .what = Between{above->from, below->to}};
}

Result<Node> bind_points(const Term& term, const Token& token, Time now) {
  Node any{.kind = Node::Kind::any};
  for (const Value& value : term.values) {
    const auto point = read_point(value, token, now);
    if (!point) {
      return fail(point.error());
    }
    const auto side = side_of(*point, term.comparison);
    if (!side) {
      return fail(nothing_between(value));
    }
    any.parts.push_back({.token = &token, .what = *side});
  }
  return any.parts.size() == 1 ? Node(any.parts.front()) : any;
}

}  // namespace

Result<Node> bind_value(const Term& term, const Token& token, Time now) {
  if (token.type == Type::text || token.type == Type::order_number) {
    return bind_text(term, token);
  }
  return term.form == Term::Form::range ? bind_range(term, token, now)
                                        : bind_points(term, token, now);
}

}  // namespace ot::store::query
