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

std::size_t count_blanks(std::string_view text) {
  std::size_t count = 0;
  while (count < text.size() && (text[count] == ' ' || text[count] == '\t')) {
    ++count;
  }
  return count;
}

}  // namespace

/// The rest of the text up to the line end, which is not part of it.
std::string_view Lines::peek_physical() const {
  const auto end = text_.find('\n', at_);
  return text_.substr(at_, end == std::string_view::npos ? end : end - at_);
}

void Lines::take_physical(std::string_view line) {
  ++number_;
  at_ += line.size();
  at_ += at_ < text_.size() ? 1 : 0;  // the line end
}

void Lines::read_physical(Line& line) {
  const auto whole = peek_physical();
  take_physical(whole);
  line.text = trim_right(whole);
  line.number = number_;
}

bool Lines::next_attribute(std::string_view& key, std::string_view& value) {
  constexpr std::size_t kLongestKey = 80;
  if (has_again_) {
    return false;
  }
  const auto rest = text_.substr(at_);
  const auto open = rest.substr(0, kLongestKey).find('"');
  if (open == std::string_view::npos || open < 2 || rest[open - 1] != ' ') {
    return false;
  }
  const auto close = rest.find('"', open + 1);
  if (close == std::string_view::npos) {
    return false;
  }
  const auto end = close + (rest.substr(close + 1).starts_with('\r') ? 2 : 1);
  const bool one_line = end < rest.size() && rest[end] == '\n' &&
                        rest.substr(0, close).find('\n') == std::string_view::npos;
  const auto blanks = count_blanks(rest);
  if (!one_line || blanks + 1 >= open || rest[open - 2] == ',') {
    return false;
  }
  key = rest.substr(blanks, open - 1 - blanks);
  value = rest.substr(open + 1, close - open - 1);
  ++number_;
  at_ += end + 1;
  return true;
}

bool Lines::skip_quoted(std::string_view start) {
  if (has_again_ || text_.compare(at_, start.size(), start) != 0) {
    return false;
  }
  const auto whole = peek_physical();
  const auto text = trim_right(whole);
  if (text.empty() || text.back() != '"' || !quotes_balance(text)) {
    return false;
  }
  take_physical(whole);
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
    read_physical(more);
    const bool blank = more.text.empty();
    const auto end = static_cast<std::size_t>(more.text.data() - text_.data()) + more.text.size();
    if (!blank && !quotes_balance(more.text)) {
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
  read_physical(line);
  if (!quotes_balance(line.text)) {
    join_while_open(line);
  }
  return true;
}

void Lines::put_back(const Line& line) {
  again_ = line;
  has_again_ = true;
}

bool Lines::last_is_open() const {
  return !text_.empty() && text_.back() != '\n';
}

}  // namespace ot::parsers::step7
