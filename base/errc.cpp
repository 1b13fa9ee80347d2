#include "base/errc.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ot {
namespace {

constexpr std::array<std::pair<Errc, std::string_view>, 16> kNames = {{
    {Errc::io, "io"},
    {Errc::not_found, "not_found"},
    {Errc::malformed, "malformed"},
    {Errc::unsupported, "unsupported"},
    {Errc::too_large, "too_large"},
    {Errc::encrypted, "encrypted"},
    {Errc::changed, "changed"},
    {Errc::corrupt, "corrupt"},
    {Errc::wrong_use, "wrong_use"},
    {Errc::cancelled, "cancelled"},
    {Errc::refused, "refused"},
    {Errc::unreachable, "unreachable"},
    {Errc::silent, "silent"},
    {Errc::closed, "closed"},
    {Errc::forbidden, "forbidden"},
    {Errc::ended, "ended"},
}};

}  // namespace

std::string_view to_string(Errc code) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [code](const auto& entry) { return entry.first == code; });
  return found == kNames.end() ? "" : found->second;
}

std::optional<Errc> errc_from(std::string_view text) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(),
                                   [text](const auto& entry) { return entry.second == text; });
  return found == kNames.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace ot
