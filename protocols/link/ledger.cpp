#include "protocols/link/ledger.hpp"

#include <algorithm>
#include <array>

namespace ot::protocols::link {
namespace {

/// In the order of Event.
constexpr std::array<std::string_view, 7> kNames = {"connect",  "connected",  "refused", "sent",
                                                    "received", "unanswered", "closed"};

}  // namespace

std::string_view to_string(LedgerEntry::Event event) {
  return kNames.at(static_cast<std::size_t>(event));
}

std::optional<LedgerEntry::Event> event_from(std::string_view text) {
  const auto* found = std::find(kNames.begin(), kNames.end(), text);
  return found == kNames.end()
             ? std::nullopt
             : std::optional(static_cast<LedgerEntry::Event>(found - kNames.begin()));
}

}  // namespace ot::protocols::link
