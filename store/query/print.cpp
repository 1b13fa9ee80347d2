#include <limits>

#include <fmt/format.h>

#include "base/time.hpp"
#include "store/query/ast.hpp"

namespace ot::store::query {
namespace {

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    out.append(c == quote ? 2 : 1, c);
  }
  return out + quote;
}

std::string text_of(const Text& text) {
  switch (text.form) {
    case Text::Form::phrase: return quoted(text.value, '"');
    case Text::Form::exact: return quoted(text.value, '`');
    case Text::Form::prefix: return quoted(text.value, '`') + "*";
  }
  return {};
}

std::string point(const Token& token, std::int64_t value) {
  return token.type == Type::date ? iso8601(Time(std::chrono::milliseconds(value)))
                                  : std::to_string(value);
}

std::string compared(const Token& token, const Between& range) {
  if (range.from == range.to) {
    return ": " + point(token, range.from);
  }
  if (range.from == std::numeric_limits<std::int64_t>::min()) {
    return " <= " + point(token, range.to);
  }
  if (range.to == std::numeric_limits<std::int64_t>::max()) {
    return " >= " + point(token, range.from);
  }
  return fmt::format(": [{} .. {}]", point(token, range.from), point(token, range.to));
}

std::string listed(const AnyText& texts) {
  if (texts.size() == 1) {
    return ": " + text_of(texts.front());
  }
  std::string out;
  for (const Text& text : texts) {
    out += (out.empty() ? "" : ", ") + text_of(text);
  }
  return ": [" + out + "]";
}

std::string print(const Node& node, std::size_t scope);

std::string comparison(const Node& node, std::size_t scope) {
  const std::string name(node.token->path.substr(scope));
  if (const auto* range = std::get_if<Between>(&node.what)) {
    return name + compared(*node.token, *range);
  }
  const auto* texts = std::get_if<AnyText>(&node.what);
  return name + (texts == nullptr ? std::string(": *") : listed(*texts));
}

std::string operand(const Node& node, std::size_t scope) {
  const bool several = node.kind == Node::Kind::all || node.kind == Node::Kind::any;
  const std::string text = print(node, scope);
  return several ? "(" + text + ")" : text;
}

std::string joined(const Node& node, std::string_view word, std::size_t scope) {
  std::string out;
  for (const Node& part : node.parts) {
    out += out.empty() ? "" : word;
    out += operand(part, scope);
  }
  return out;
}

std::string group(const Node& node) {
  const std::string name(node.group->path);
  return node.parts.empty() ? name + ": *"
                            : name + ": (" + print(node.parts.front(), name.size() + 1) + ")";
}

/// `scope`: how much of a token's path the group says.
std::string print(const Node& node, std::size_t scope) {
  switch (node.kind) {
    case Node::Kind::all: return joined(node, " and ", scope);
    case Node::Kind::any: return joined(node, " or ", scope);
    case Node::Kind::negation: return "not " + operand(node.parts.front(), scope);
    case Node::Kind::group: return group(node);
    case Node::Kind::comparison: return comparison(node, scope);
  }
  return {};
}

}  // namespace

std::string to_text(const Node& node) {
  return print(node, 0);
}

}  // namespace ot::store::query
