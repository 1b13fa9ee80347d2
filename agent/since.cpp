#include "agent/since.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"

namespace ot::agent {
namespace {

std::optional<std::chrono::seconds> unit_of(char letter) {
  using namespace std::chrono_literals;
  switch (letter) {
    case 's': return 1s;
    case 'm': return 1min;
    case 'h': return 1h;
    case 'd': return 24h;
    case 'w': return 7 * 24h;
    default: return std::nullopt;
  }
}

}  // namespace

Result<Time> parse_since(std::string_view text, Time now) {
  if (const auto time = parse_iso8601(text)) {
    return *time;
  }
  const auto unit = text.empty() ? std::nullopt : unit_of(text.back());
  const auto count =
      unit ? whole_number<std::uint32_t>(text.substr(0, text.size() - 1)) : std::nullopt;
  if (!count) {
    return fail(Error(Errc::wrong_use, fmt::format("\"{}\" is no time", escape_for_terminal(text)))
                    .hint("write 2h, 7d or 2w for so long ago, or a date (UTC) as 2024-03-09 or "
                          "2024-03-09T11:06:15Z"));
  }
  return now - *count * *unit;
}

}  // namespace ot::agent
