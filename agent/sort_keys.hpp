#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// Sort keys as a person or the API writes them: `lastUpdated`, `-lastUpdated`,
/// `name:asc`, several with commas, or `[{"lastUpdated":"dec"}]`. Tokens match in
/// any case and must be among `tokens`.
Result<std::vector<store::SortKey>> parse_sort(std::string_view text,
                                               std::span<const std::string_view> tokens);

}  // namespace ot::agent
