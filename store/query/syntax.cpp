#include "store/query/syntax.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "store/query/reader.hpp"
#include "store/query/values.hpp"

namespace ot::store::query {
namespace {

constexpr std::string_view kExample = "write for example: name: Relay and lastUpdated > now-7d";

/// What compares, longest first.
constexpr std::array<std::pair<std::string_view, Term::Operator>, 6> kOperators = {{
    {">=", Term::Operator::at_least},
    {"<=", Term::Operator::at_most},
    {">", Term::Operator::greater},
    {"<", Term::Operator::less},
    {"=", Term::Operator::equal},
    {":", Term::Operator::matches},
}};

class Parser {
 public:
  explicit Parser(std::string_view filter) : reader_(filter) {}

  Result<Syntax> whole();

 private:
  Result<Syntax> any();
  Result<Syntax> all();
  Result<Syntax> operand();
  Result<Syntax> deeper(Result<Syntax> (Parser::*part)());
  Result<Syntax> in_parentheses();
  Result<Syntax> term();
  Result<Syntax> matching(Syntax syntax);
  Result<Syntax> with_value(Syntax syntax);
  Result<Syntax> with_null(Syntax syntax);
  Result<Syntax> chain(Syntax::Kind kind, std::string_view word, Result<Syntax> (Parser::*part)());
  bool at_group() const;
  Result<void> count(const Term& term);

  Reader reader_;
  std::size_t depth_ = 0;
  std::size_t terms_ = 0;
};

Result<Syntax> Parser::whole() {
  if (!reader_.skip_blanks()) {
    return fail(reader_.error("the filter is empty").hint(std::string(kExample)));
  }
  auto syntax = any();
  if (!syntax || reader_.at_end()) {
    return syntax;
  }
  if (reader_.next() == ')') {
    return fail(reader_.error("\")\" closes nothing"));
  }
  return fail(reader_.error(fmt::format("expected \"and\" or \"or\" before {}", reader_.seen())));
}

Result<Syntax> Parser::chain(Syntax::Kind kind, std::string_view word,
                             Result<Syntax> (Parser::*part)()) {
  auto first = (this->*part)();
  if (!first || !reader_.at_word(word)) {
    return first;
  }
  Syntax chained{.kind = kind, .parts = {}, .term = {}};
  chained.parts.push_back(std::move(*first));
  while (reader_.take_word(word)) {
    auto next = (this->*part)();
    if (!next) {
      return next;
    }
    chained.parts.push_back(std::move(*next));
  }
  return chained;
}

// Each of these ends behind the blanks after what it read.
Result<Syntax> Parser::any() {
  return chain(Syntax::Kind::any, "or", &Parser::all);
}
Result<Syntax> Parser::all() {
  return chain(Syntax::Kind::all, "and", &Parser::operand);
}

Result<Syntax> Parser::deeper(Result<Syntax> (Parser::*part)()) {
  if (depth_ == kMostDepth) {
    return fail(reader_.error(fmt::format("it is nested deeper than {} levels", kMostDepth)));
  }
  ++depth_;
  auto syntax = (this->*part)();
  --depth_;
  return syntax;
}

Result<Syntax> Parser::operand() {
  reader_.skip_blanks();
  if (reader_.take_word("not")) {
    auto part = deeper(&Parser::operand);
    if (!part) {
      return part;
    }
    Syntax negation{.kind = Syntax::Kind::negation, .parts = {}, .term = {}};
    negation.parts.push_back(std::move(*part));
    return negation;
  }
  auto syntax = reader_.next() == '(' ? deeper(&Parser::in_parentheses) : term();
  reader_.skip_blanks();
  return syntax;
}

Result<Syntax> Parser::in_parentheses() {
  const std::size_t opening = reader_.at();
  reader_.take("(");
  auto syntax = any();
  if (!syntax) {
    return syntax;
  }
  if (reader_.at_end()) {
    return fail(Reader::error("this \"(\" is never closed", opening));
  }
  if (!reader_.take(")")) {
    return fail(
        reader_.error(fmt::format("expected \"and\", \"or\" or \")\" before {}", reader_.seen())));
  }
  return syntax;
}

Result<void> Parser::count(const Term& term) {
  terms_ += std::max<std::size_t>(1, term.values.size());
  if (terms_ > kMostTerms) {
    return fail(Reader::error(fmt::format("more than {} terms and values", kMostTerms), term.at));
  }
  return {};
}

Result<Syntax> Parser::term() {
  const auto name = reader_.name();
  if (name.empty() || reader_.at_keyword()) {
    return fail(reader_.error(fmt::format("expected a term, found {}", reader_.seen()))
                    .hint(std::string(kExample)));
  }
  Syntax syntax;
  syntax.term.token = name;
  syntax.term.at = reader_.at();
  reader_.go_to(reader_.at() + name.size());
  reader_.skip_blanks();
  if (reader_.take_word("is")) {
    return with_null(std::move(syntax));
  }
  for (const auto& [sign, comparison] : kOperators) {
    if (reader_.take(sign)) {
      syntax.term.comparison = comparison;
      reader_.skip_blanks();
      auto done = comparison == Term::Operator::matches ? matching(std::move(syntax))
                                                        : with_value(std::move(syntax));
      if (done) {
        if (auto counted = count(done->term); !counted) {
          return fail(std::move(counted.error()));
        }
      }
      return done;
    }
  }
  return fail(Reader::error(fmt::format("expected \":\", a comparison or \"is null\" after \"{}\"",
                                        fit_to_width(name, 64)),
                            reader_.at())
                  .hint("put a value of several words, or with and, or, not in it, in quotes"));
}

Result<Syntax> Parser::with_null(Syntax syntax) {
  reader_.skip_blanks();
  if (!reader_.take_word("null")) {
    return fail(
        reader_.error(fmt::format("expected \"null\" after \"is\", found {}", reader_.seen()))
            .hint("the reverse of TOKEN is null is TOKEN: *"));
  }
  syntax.term.form = Term::Form::absent;
  return syntax;
}

/// A parenthesis behind a colon: a group, when a term begins in it.
bool Parser::at_group() const {
  Reader ahead = reader_;
  while (ahead.take("(") || ahead.take_word("not")) {
    ahead.skip_blanks();
  }
  return ahead.at_term();
}

Result<Syntax> Parser::matching(Syntax syntax) {
  const char c = reader_.next();
  if (c == '(' && at_group()) {
    auto part = deeper(&Parser::in_parentheses);
    if (!part) {
      return part;
    }
    syntax.term.form = Term::Form::group;
    syntax.parts.push_back(std::move(*part));
    return syntax;
  }
  if (c == '[' || c == '(') {
    if (auto read = read_several(reader_, syntax.term); !read) {
      return fail(std::move(read.error()));
    }
    return syntax;
  }
  return with_value(std::move(syntax));
}

Result<Syntax> Parser::with_value(Syntax syntax) {
  if (auto read = read_one(reader_, syntax.term); !read) {
    return fail(std::move(read.error()));
  }
  return syntax;
}

}  // namespace

Result<Syntax> read_syntax(std::string_view filter) {
  if (filter.size() > kMostBytes) {
    return fail(
        Reader::error(fmt::format("the filter is longer than {} bytes", kMostBytes), kMostBytes));
  }
  const std::size_t broken = skip_valid_utf8(filter, 0, filter.size());
  if (broken != filter.size()) {
    return fail(Reader::error("the filter is not UTF-8", broken));
  }
  return Parser(filter).whole();
}

}  // namespace ot::store::query
