#include "store/sorting.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

#include "base/nearest.hpp"
#include "base/text.hpp"

namespace ot::store {
namespace {

constexpr std::array<SortToken, 10> kFileSorting = {{
    {"assetCount", "asset_count"},
    {"name", "name COLLATE NOCASE"},
    {"engineeringToolName", "tool_name COLLATE NOCASE"},
    {"plantLocation", "plant_location COLLATE NOCASE"},
    {"engineeringToolVersion", "tool_version COLLATE NOCASE"},
    {"vendor", "vendor COLLATE NOCASE"},
    {"status", "status"},
    {"fileHash", "md5"},
    {"uploadedBy", "uploaded_by COLLATE NOCASE"},
    {"lastUpdated", "last_updated"},
}};

constexpr std::array<SortToken, 13> kAssetSorting = {{
    {"assetId", "asset_id"},
    {"name", "name COLLATE NOCASE"},
    {"address", "address"},
    {"macAddress", "mac COLLATE NOCASE"},
    {"orderId", "order_id COLLATE NOCASE"},
    {"serialNumber", "serial_number COLLATE NOCASE"},
    {"firmwareVersion", "firmware_version COLLATE NOCASE"},
    {"hardware.vendor", "vendor COLLATE NOCASE"},
    {"hardware.model", "model COLLATE NOCASE"},
    {"hardware.productName", "product_name COLLATE NOCASE"},
    {"hardware.category2", "category COLLATE NOCASE"},
    {"created", "created"},
    {"lastUpdated", "last_updated"},
}};

template <std::size_t Count>
constexpr std::array<std::string_view, Count> names_of(const std::array<SortToken, Count>& tokens) {
  std::array<std::string_view, Count> names{};
  for (std::size_t i = 0; i < Count; ++i) {
    names[i] = tokens[i].token;
  }
  return names;
}

constexpr auto kFileTokens = names_of(kFileSorting);
constexpr auto kAssetTokens = names_of(kAssetSorting);

Error unknown_token(std::span<const SortToken> tokens, std::string_view word) {
  // A word that long is near nothing.
  constexpr std::size_t kLongest = 64;
  const std::string_view start = word.substr(0, kLongest);
  const auto nearest =
      std::min_element(tokens.begin(), tokens.end(), [start](const auto& a, const auto& b) {
        return edit_distance(start, a.token) < edit_distance(start, b.token);
      });
  return {Errc::wrong_use, fmt::format("unknown token \"{}\"; did you mean \"{}\"?",
                                       escape_for_terminal(start), nearest->token)};
}

}  // namespace

std::span<const std::string_view> file_sort_tokens() {
  return kFileTokens;
}
std::span<const std::string_view> asset_sort_tokens() {
  return kAssetTokens;
}

std::span<const SortToken> file_sorting() {
  return kFileSorting;
}
std::span<const SortToken> asset_sorting() {
  return kAssetSorting;
}

Result<std::string> order_by(std::span<const SortToken> tokens, std::span<const SortKey> keys,
                             std::string_view id, Order order) {
  const std::array<SortKey, 1> newest_first = {{{"lastUpdated", true}}};
  const std::span<const SortKey> wanted = keys.empty() ? newest_first : keys;
  std::string sql = " ORDER BY ";
  for (const SortKey& key : wanted) {
    const auto found = std::find_if(tokens.begin(), tokens.end(), [&key](const auto& token) {
      return equals_ignoring_case(token.token, key.token);
    });
    if (found == tokens.end()) {
      return fail(unknown_token(tokens, key.token));
    }
    sql += fmt::format("{}{} {}, ", order == Order::sorted ? "+" : "", found->sql,
                       key.descending ? "DESC" : "ASC");
  }
  return sql + fmt::format("{} {}", id, wanted.back().descending ? "DESC" : "ASC");
}

Window window_of(const Page& page) {
  if (!page.size) {
    return {};
  }
  constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::uint64_t size = std::min(*page.size, kMost);
  if (size != 0 && page.number > kMost / size) {
    return {.limit = 0, .offset = 0};
  }
  return {.limit = static_cast<std::int64_t>(size),
          .offset = static_cast<std::int64_t>(size * page.number)};
}

}  // namespace ot::store
