#include "tests/store/query/oracle.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "store/query/words.hpp"

namespace ot::store::query::test {
namespace {

/// "addOn.slot" is found under "addOns".
std::string key_of(std::string_view part) {
  return part == "addOn" ? "addOns" : std::string(part);
}

void collect(const Json& at, std::string_view path, std::vector<Json>& values) {
  if (at.is_array()) {
    for (const Json& element : at) {
      collect(element, path, values);
    }
  } else if (path.empty()) {
    values.push_back(at);
  } else {
    const auto dot = path.find('.');
    const auto found = at.find(key_of(path.substr(0, dot)));
    if (found != at.end()) {
      collect(*found, dot == std::string_view::npos ? std::string_view{} : path.substr(dot + 1),
              values);
    }
  }
}

bool is_like(const Text& text, const Token& token, const std::string& value) {
  const bool order_number = token.type == Type::order_number;
  const std::string wanted = fold(text.value);
  const std::string found = fold(order_number ? without_blanks(value) : value);
  if (text.form == Text::Form::exact) {
    return found == wanted;
  }
  if (text.form == Text::Form::prefix) {
    return found.substr(0, wanted.size()) == wanted;
  }
  const auto words = words_of(found);
  const auto phrase = words_of(wanted);
  return std::search(words.begin(), words.end(), phrase.begin(), phrase.end()) != words.end();
}

bool is_like(const What& what, const Token& token, const Json& value) {
  if (const auto* texts = std::get_if<AnyText>(&what)) {
    return std::any_of(texts->begin(), texts->end(), [&](const Text& text) {
      return is_like(text, token, value.get<std::string>());
    });
  }
  if (const auto* range = std::get_if<Between>(&what)) {
    const std::int64_t number =
        token.type == Type::date
            ? parse_iso8601(value.get<std::string>())->time_since_epoch().count()
            : value.get<std::int64_t>();
    return range->from <= number && number <= range->to;
  }
  return true;
}

class Oracle {
 public:
  explicit Oracle(std::size_t scope) : scope_(scope) {}

  bool holds(const Node& node, const Json& record) const {
    const auto part_holds = [&](const Node& part) { return holds(part, record); };
    switch (node.kind) {
      case Node::Kind::all: return std::all_of(node.parts.begin(), node.parts.end(), part_holds);
      case Node::Kind::any: return std::any_of(node.parts.begin(), node.parts.end(), part_holds);
      case Node::Kind::negation: return !part_holds(node.parts.front());
      case Node::Kind::group: return group_holds(node, record);
      case Node::Kind::comparison: break;
    }
    std::vector<Json> values;
    collect(record, node.token->path.substr(scope_), values);
    return std::any_of(values.begin(), values.end(), [&node](const Json& value) {
      return is_like(node.what, *node.token, value);
    });
  }

 private:
  static bool group_holds(const Node& node, const Json& record) {
    const auto list = record.find(key_of(node.group->path));
    if (list == record.end() || node.parts.empty()) {
      return list != record.end() && !list->empty();
    }
    const Oracle of_element(node.group->path.size() + 1);
    return std::any_of(list->begin(), list->end(), [&](const Json& element) {
      return of_element.holds(node.parts.front(), element);
    });
  }

  std::size_t scope_;  ///< how much of a path leads to the record
};

}  // namespace

bool holds(const Node& node, const Json& record) {
  return Oracle(0).holds(node, record);
}

std::vector<Json> values_of(const Token& token, const Json& record) {
  std::vector<Json> values;
  collect(record, token.path, values);
  return values;
}

}  // namespace ot::store::query::test
