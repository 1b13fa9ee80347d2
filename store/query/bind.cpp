#include "store/query/bind.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "base/text.hpp"
#include "store/query/bind_value.hpp"
#include "store/query/reader.hpp"

namespace ot::store::query {
namespace {

/// Where names are looked up: below a group, and of the elements of its list.
struct Scope {
  const Group* group = nullptr;
  List list = List::none;
};

class Binder {
 public:
  Binder(const Vocabulary& vocabulary, Time now) : vocabulary_(vocabulary), now_(now) {}

  Result<Node> bind(const Syntax& syntax, const Scope& scope) const;

 private:
  Result<Node> parts(const Syntax& syntax, Node::Kind kind, const Scope& scope) const;
  Result<Node> term(const Syntax& syntax, const Scope& scope) const;
  Result<Node> group(const Syntax& syntax, const Group& found, const Scope& scope) const;
  Result<Node> existence(const Term& term, const Group& found) const;
  Error unknown(const Term& term, const Scope& scope) const;
  const Group* whole(List list) const;

  const Vocabulary& vocabulary_;
  Time now_;
};

std::string shown(std::string_view text) {
  return fit_to_width(text, 64);
}

Node negation(Node node) {
  Node out{.kind = Node::Kind::negation};
  out.parts.push_back(std::move(node));
  return out;
}

Result<Node> Binder::bind(const Syntax& syntax, const Scope& scope) const {
  switch (syntax.kind) {
    case Syntax::Kind::all: return parts(syntax, Node::Kind::all, scope);
    case Syntax::Kind::any: return parts(syntax, Node::Kind::any, scope);
    case Syntax::Kind::negation: return parts(syntax, Node::Kind::negation, scope);
    case Syntax::Kind::term: break;
  }
  return term(syntax, scope);
}

Result<Node> Binder::parts(const Syntax& syntax, Node::Kind kind, const Scope& scope) const {
  Node node{.kind = kind};
  for (const Syntax& part : syntax.parts) {
    auto bound = bind(part, scope);
    if (!bound) {
      return bound;
    }
    node.parts.push_back(std::move(*bound));
  }
  return node;
}

Result<Node> Binder::term(const Syntax& syntax, const Scope& scope) const {
  const Term& term = syntax.term;
  if (const Group* found = vocabulary_.group(term.token, scope.group)) {
    return term.form == Term::Form::group ? group(syntax, *found, scope) : existence(term, *found);
  }
  const Token* found = vocabulary_.token(term.token, scope.group);
  if (found == nullptr) {
    return fail(unknown(term, scope));
  }
  switch (term.form) {
    case Term::Form::group:
      return fail(Reader::error(fmt::format("\"{}\" has no tokens below it", found->path), term.at)
                      .hint("several values are a list: [a, b]"));
    case Term::Form::present: return Node{.token = found, .what = Present{}};
    case Term::Form::absent: return negation({.token = found, .what = Present{}});
    default: return bind_value(term, *found, now_);
  }
}

const Group* Binder::whole(List list) const {
  const auto groups = vocabulary_.groups();
  return &*std::find_if(groups.begin(), groups.end(),
                        [list](const Group& group) { return group.list == list; });
}

/// What stands below an object is bound as if its name stood before each token.
Result<Node> Binder::group(const Syntax& syntax, const Group& found, const Scope& scope) const {
  auto part = bind(syntax.parts.front(), {.group = &found, .list = found.list});
  if (!part || found.list == scope.list) {
    return part;
  }
  Node node{.kind = Node::Kind::group, .group = whole(found.list)};
  node.parts.push_back(std::move(*part));
  return node;
}

Result<Node> Binder::existence(const Term& term, const Group& found) const {
  const bool is_list = found.list != List::none && whole(found.list) == &found;
  if (!is_list || (term.form != Term::Form::present && term.form != Term::Form::absent)) {
    return fail(Reader::error(fmt::format("\"{}\" stands for several tokens", found.path), term.at)
                    .hint(fmt::format("write {0}.TOKEN: VALUE, or {0}: (TOKEN: VALUE and ...)",
                                      found.path)));
  }
  Node node{.kind = Node::Kind::group, .group = &found};
  return term.form == Term::Form::present ? node : negation(std::move(node));
}

Error Binder::unknown(const Term& term, const Scope& scope) const {
  return Reader::error(fmt::format("unknown token \"{}\"{}", shown(term.token),
                                   did_you_mean(vocabulary_.nearest(term.token, scope.group))),
                       term.at);
}

}  // namespace

Result<Node> bind(const Syntax& syntax, const Vocabulary& vocabulary, Time now) {
  return Binder(vocabulary, now).bind(syntax, {});
}

}  // namespace ot::store::query
