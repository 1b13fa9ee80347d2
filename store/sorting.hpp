#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// A word that a list can be sorted by, and the SQL that it stands for.
struct SortToken {
  std::string_view token;
  std::string_view sql;
};

std::span<const SortToken> file_sorting();
std::span<const SortToken> asset_sorting();

/// Where the order comes from: an index that has it saves sorting, but its rows lie
/// scattered; it pays only where all of them are wanted.
enum class Order : bool { by_index, sorted };

/// " ORDER BY ..." for the keys; always ends in the id, so that pages are stable.
Result<std::string> order_by(std::span<const SortToken> tokens, std::span<const SortKey> keys,
                             std::string_view id, Order order);

/// The values of "LIMIT ? OFFSET ?".
struct Window {
  std::int64_t limit = -1;  ///< all
  std::int64_t offset = 0;
};
Window window_of(const Page& page);

}  // namespace ot::store
