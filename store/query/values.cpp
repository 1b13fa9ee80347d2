#include "store/query/values.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"

namespace ot::store::query {
namespace {

constexpr std::string_view kQuote = "put the value in quotes";

bool is_quote(char c) {
  return c == '"' || c == '`' || c == '\'';
}

Error in_quotes(const Reader& reader, std::string message) {
  return reader.error(std::move(message)).hint(std::string(kQuote));
}

/// What stands between two quotes of a kind; doubled, a quote stands for itself.
Result<Value> read_quoted(Reader& reader) {
  Value value{.at = reader.at()};
  const char quote = reader.next();
  value.quote = quote == '"' ? Value::Quote::phrase : Value::Quote::exact;
  reader.go_to(reader.at() + 1);
  const std::string_view single(&quote, 1);
  for (;;) {
    if (reader.at_end()) {
      return fail(Reader::error(fmt::format("this {} is never closed", quote), value.at));
    }
    if (reader.take(single) && !(reader.next() == quote)) {
      break;
    }
    value.text += reader.next();
    reader.go_to(reader.at() + 1);
  }
  if (reader.next() != '*') {
    return value;
  }
  if (value.quote == Value::Quote::phrase) {
    return fail(reader.error("a * may stand behind `...` and '...', not behind \"...\""));
  }
  reader.take("*");
  value.quote = Value::Quote::prefix;
  return value;
}

/// A `*` stands for all that follows: at the end of one word only.
Result<Value> make_unquoted(const Reader& reader, std::size_t begin, std::size_t end) {
  const auto text = trim(reader.between(begin, end));
  Value value{.quote = Value::Quote::none, .text = std::string(text), .at = begin};
  const auto star = text.find('*');
  if (star == std::string_view::npos) {
    return value;
  }
  const bool one_word = std::none_of(text.begin(), text.end(), is_blank);
  if (star + 1 != text.size() || !one_word || star == 0) {
    return fail(Reader::error("a * may stand at the end of one word, or alone", begin + star)
                    .hint("put the value in quotes; `Line 1`* finds what begins with Line 1"));
  }
  value.quote = Value::Quote::prefix;
  value.text.pop_back();
  return value;
}

/// At the first letter of a word of an unquoted text: whether that can't be meant.
Result<void> check_word(const Reader& reader, bool first) {
  if (!first && is_quote(reader.next())) {
    return fail(in_quotes(reader, "quotes begin inside of an unquoted value"));
  }
  if (!reader.at_term()) {
    return {};
  }
  // A first word "C:\x" or "aa:bb" is a value that holds a colon.
  Reader behind = reader;
  behind.go_to(reader.at() + reader.name().size());
  const bool sign_follows =
      behind.take(":") && !behind.at_end() && !is_blank(behind.next()) && !is_quote(behind.next());
  if (first && sign_follows) {
    return {};
  }
  return fail(reader
                  .error(fmt::format("{} looks like the next term: expected \"and\" or \"or\" "
                                     "before it",
                                     reader.seen()))
                  .hint("or put the whole value in quotes"));
}

/// Where an unquoted value ends: at a blank before a keyword, or before one of
/// `ends` (or of "..") that is not inside of its own parentheses.
class Unquoted {
 public:
  Unquoted(Reader& reader, std::string_view ends) : reader_(reader), ends_(ends) {}

  Result<Value> read() {
    const std::size_t begin = reader_.at();
    do {
      if (auto checked = check_word(reader_, reader_.at() == begin); !checked) {
        return fail(std::move(checked.error()));
      }
      skip_word();
    } while (reader_.skip_blanks() && !ended() && !(depth_ == 0 && reader_.at_keyword()));
    if (depth_ > 0) {
      return fail(Reader::error("this \"(\" is never closed", opening_).hint(std::string(kQuote)));
    }
    return make_unquoted(reader_, begin, reader_.at());
  }

 private:
  bool ended() const {
    const char c = reader_.next();
    return depth_ == 0 && (ends_.find(c) != std::string_view::npos || at_dots());
  }
  bool at_dots() const {
    Reader ahead = reader_;
    return ends_.size() > 1 && ahead.take("..");
  }
  void skip_word() {
    while (!reader_.at_end() && !is_blank(reader_.next()) && !ended()) {
      if (reader_.next() == '(') {
        opening_ = depth_++ == 0 ? reader_.at() : opening_;
      } else if (reader_.next() == ')' && depth_ > 0) {
        --depth_;
      }
      reader_.go_to(reader_.at() + 1);
    }
  }

  Reader& reader_;
  std::string_view ends_;
  std::size_t depth_ = 0;
  std::size_t opening_ = 0;
};

Error no_value(const Reader& reader) {
  auto error = reader.error(fmt::format("expected a value, found {}", reader.seen()));
  return reader.at_keyword() ? std::move(error).hint(std::string(kQuote)) : error;
}

/// One of several values.
Result<Value> read_item(Reader& reader, char close) {
  if (!reader.skip_blanks() || reader.at_keyword()) {
    return fail(no_value(reader));
  }
  if (is_quote(reader.next())) {
    return read_quoted(reader);
  }
  const std::size_t begin = reader.at();
  auto value = Unquoted(reader, close == ']' ? ",]" : ",)").read();
  if (value && value->text.empty()) {
    reader.go_to(begin);
    return fail(no_value(reader));
  }
  return value;
}

Result<void> read_range_end(Reader& reader, char close, Term& term) {
  reader.take("..");
  reader.take(".");
  auto last = read_item(reader, close);
  if (!last) {
    return fail(std::move(last.error()));
  }
  term.form = Term::Form::range;
  term.with_ends = close == ']';
  term.values.push_back(std::move(*last));
  return {};
}

}  // namespace

Result<void> read_one(Reader& reader, Term& term) {
  if (reader.at_end() || reader.next() == ')' || reader.at_keyword()) {
    return fail(no_value(reader));
  }
  if (is_quote(reader.next())) {
    auto value = read_quoted(reader);
    if (!value) {
      return fail(std::move(value.error()));
    }
    term.values.push_back(std::move(*value));
    return {};
  }
  const bool matches = term.comparison == Term::Operator::matches;
  Reader ahead = reader;
  if (matches && ahead.take("*") &&
      (!ahead.skip_blanks() || ahead.next() == ')' || ahead.at_keyword())) {
    reader = ahead;
    term.form = Term::Form::present;
    return {};
  }
  auto value = Unquoted(reader, ")").read();
  if (!value) {
    return fail(std::move(value.error()));
  }
  term.values.push_back(std::move(*value));
  return {};
}

Result<void> read_several(Reader& reader, Term& term) {
  const std::size_t opening = reader.at();
  const char close = reader.next() == '[' ? ']' : ')';
  reader.go_to(opening + 1);
  term.form = Term::Form::list;
  for (;;) {
    auto value = read_item(reader, close);
    if (!value) {
      return fail(std::move(value.error()));
    }
    term.values.push_back(std::move(*value));
    reader.skip_blanks();
    Reader ahead = reader;
    if (term.values.size() == 1 && ahead.take("..")) {
      if (auto ended = read_range_end(reader, close, term); !ended) {
        return ended;
      }
      reader.skip_blanks();
    } else if (reader.take(",")) {
      continue;
    }
    break;
  }
  if (reader.at_end()) {
    return fail(Reader::error(fmt::format("this \"{}\" is never closed", close == ']' ? '[' : '('),
                              opening));
  }
  if (!reader.take(std::string_view(&close, 1))) {
    return fail(
        reader
            .error(fmt::format("expected \"{}\"{} before {}", close,
                               term.form == Term::Form::list ? " or \",\"" : "", reader.seen()))
            .hint("[a, b] is a list, [a .. b] a range with its ends, (a .. b) without"));
  }
  return {};
}

}  // namespace ot::store::query
