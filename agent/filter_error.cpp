#include "agent/filter_error.hpp"

#include <algorithm>
#include <vector>

#include "agent/output.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace ot::agent {
namespace {

/// Characters that are shown before and behind the place.
constexpr std::size_t kAround = 36;

/// Where each character begins, and where the last one ends.
std::vector<std::size_t> beginnings(std::string_view text) {
  std::vector<std::size_t> places = {0};
  while (places.back() < text.size()) {
    places.push_back(places.back() + decode_utf8(text, places.back()).size);
  }
  return places;
}

/// A blank that would move the caret's line, or end it.
bool is_wide(char c) {
  return c == '\t' || c == '\n' || c == '\r';
}

}  // namespace

Pointed point_at(std::string_view written, std::uint64_t character) {
  std::string filter(written);
  std::replace_if(filter.begin(), filter.end(), is_wide, ' ');
  const auto places = beginnings(filter);
  const std::size_t end = places.size() - 1;
  const auto at = static_cast<std::size_t>(std::min<std::uint64_t>(character, end));
  const bool whole = end <= 2 * kAround;
  const std::size_t from = whole || at <= kAround ? 0 : at - kAround;
  const std::size_t to = whole ? end : std::min(end, at + kAround);
  const auto shown = [&filter, &places](std::size_t first, std::size_t last) {
    const std::string_view part(filter);
    return escape_for_terminal(part.substr(places[first], places[last] - places[first]));
  };
  const std::string before = (from > 0 ? "…" : "") + shown(from, at);
  return {before + shown(at, to) + (to < end ? "…" : ""),
          std::string(display_width(before), ' ') + "^"};
}

void say_filter_error(const Error& error, std::string_view filter) {
  const auto pointed = point_at(filter, error.position().value);
  say("rackscout: --filter: " + error.message());
  if (!pointed.text.empty()) {
    say("  " + pointed.text);
    say("  " + pointed.caret);
  }
  if (!error.hint().empty()) {
    say("  " + error.hint());
  }
}

}  // namespace ot::agent
