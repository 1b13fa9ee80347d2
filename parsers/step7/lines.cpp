#include "parsers/step7/lines.hpp"

#include "parsers/step7/cursor.hpp"

namespace ot::parsers::step7 {
namespace {

/// How far a string that was not closed is followed.
constexpr int kMostJoined = 16;

std::string_view trim_right(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\t')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace

Lines::Physical Lines::peek_physical() {
  const char* const begin = text_.data() + at_;
  const char* const end = text_.data() + text_.size();
  bool even = true;
  const auto* at = begin == end ? end : finder_.find(begin);
  while (at != end && *at == '"') {
    even = !even;
    at = at + 1 == end ? end : finder_.find(at + 1);
  }
  return {.text = {begin, static_cast<std::size_t>(at - begin)}, .quotes_balance = even};
}

void Lines::take_physical(std::string_view line) {
  ++number_;
  at_ += line.size();
  at_ += at_ < text_.size() ? 1 : 0;  // the line end
}

bool Lines::read_physical(Line& line) {
  const auto whole = peek_physical();
  take_physical(whole.text);
  line.text = trim_right(whole.text);
  line.number = number_;
  return whole.quotes_balance;
}

/// Finds the two quotes of a line that has no more of them and ends in one.
/// Nine lines of ten of a file pass through here, so it works on bare pointers.
bool Lines::find_plain(Plain& line) {
  const char* const end = text_.data() + text_.size();
  line.begin = text_.data() + at_;
  if (has_again_ || line.begin == end) {
    return false;
  }
  line.open = finder_.find(line.begin);
  if (line.open == end || *line.open != '"' || line.open + 1 == end) {
    return false;
  }
  line.close = finder_.find(line.open + 1);
  if (line.close == end || *line.close != '"') {
    return false;
  }
  line.end = line.close + 1;
  line.end += line.end != end && *line.end == '\r' ? 1 : 0;
  return line.end != end && *line.end == '\n';
}

void Lines::take_plain(const Plain& line) {
  ++number_;
  at_ += static_cast<std::size_t>(line.end + 1 - line.begin);
}

bool Lines::next_attribute(std::string_view& key, std::string_view& value) {
  Plain line;
  if (!find_plain(line)) {
    return false;
  }
  const auto* word = line.begin;
  while (*word == ' ' || *word == '\t') {
    ++word;
  }
  if (word + 1 >= line.open || line.open[-1] != ' ' || line.open[-2] == ',') {
    return false;
  }
  key = {word, static_cast<std::size_t>(line.open - 1 - word)};
  value = {line.open + 1, static_cast<std::size_t>(line.close - line.open - 1)};
  take_plain(line);
  return true;
}

bool Lines::skip_parameter() {
  Plain line;
  if (!find_plain(line) || line.begin[0] != ' ') {
    return false;
  }
  take_plain(line);
  return true;
}

bool Lines::skip_quoted(std::string_view start) {
  if (has_again_ || text_.compare(at_, start.size(), start) != 0) {
    return false;
  }
  const auto whole = peek_physical();
  const auto text = trim_right(whole.text);
  if (text.empty() || text.back() != '"' || !whole.quotes_balance) {
    return false;
  }
  take_physical(whole.text);
  return true;
}

/// A line that is neither balanced by the rule nor with escaped quotes takes in
/// the next ones, up to the one that closes its string; else it is broken alone.
void Lines::join_while_open(Line& line) {
  if (quotes_balance(line.text, true)) {
    line.lenient = true;
    return;
  }
  const auto start = static_cast<std::size_t>(line.text.data() - text_.data());
  const auto kept_at = at_;
  const auto kept_number = number_;
  for (int joined = 0; joined < kMostJoined && at_ < text_.size(); ++joined) {
    Line more;
    const bool closes = !read_physical(more);
    const auto end = static_cast<std::size_t>(more.text.data() - text_.data()) + more.text.size();
    if (closes) {
      line.text = text_.substr(start, end - start);
      return;
    }
  }
  at_ = kept_at;
  number_ = kept_number;
  line.broken = true;
}

bool Lines::next(Line& line) {
  if (has_again_) {
    line = again_;
    has_again_ = false;
    return true;
  }
  if (at_ >= text_.size()) {
    return false;
  }
  line.lenient = false;
  line.broken = false;
  if (!read_physical(line)) {
    join_while_open(line);
  }
  return true;
}

void Lines::put_back(const Line& line) {
  again_ = line;
  has_again_ = true;
}

}  // namespace ot::parsers::step7
