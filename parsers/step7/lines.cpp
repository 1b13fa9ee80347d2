#include "parsers/step7/lines.hpp"

namespace ot::parsers::step7 {
namespace {

/// How far a string that was not closed is followed.
constexpr int kMostJoined = 16;

}  // namespace

/// A line that is neither balanced by the rule nor with escaped quotes takes in
/// the next ones, up to the one that closes its string; else it is broken alone.
bool Lines::join_while_open(Line& line) {
  if (unescaped_quotes_balance(line.text)) {
    line.lenient = true;
    return true;
  }
  const auto* const kept_at = at_;
  const auto kept_number = number_;
  auto quotes = line.quotes;
  for (int joined = 0; joined < kMostJoined && at_ != end_; ++joined) {
    Line more;
    read_physical(more);
    quotes += more.quotes;
    if (more.quotes % 2 != 0) {
      const auto* const end = more.text.data() + more.text.size();
      line.text = {line.text.data(), static_cast<std::size_t>(end - line.text.data())};
      line.quotes = quotes;
      return true;
    }
  }
  at_ = kept_at;
  number_ = kept_number;
  marks_.seek(at_);
  return false;
}

}  // namespace ot::parsers::step7
