#include "store/listing.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "base/number.hpp"
#include "base/text.hpp"
#include "store/assets.hpp"
#include "store/files.hpp"
#include "store/identity.hpp"
#include "store/observations.hpp"
#include "store/query/compile.hpp"
#include "store/query/vocabulary.hpp"
#include "store/received.hpp"
#include "store/sorting.hpp"
#include "store/views.hpp"
#include "store/word_index.hpp"

namespace ot::store {
namespace {

/// Reads the rows whose ids the query gives, one at a time, until `each` has enough. The query ends
/// first: `each` may wait for a terminal, and the log grows while somebody reads.
template <class Row>
Result<void> each_of(Database& database, Query& ids,
                     Result<std::optional<Row>> (*read)(Database&, std::int64_t),
                     const std::function<bool(const Row&)>& each) {
  std::vector<std::int64_t> found;
  while (ids.next()) {
    found.push_back(ids.integer());
  }
  STORE_TRY(ids.end());
  for (const auto id : found) {
    const auto row = read(database, id);
    if (!row) {
      return fail(row.error());
    }
    if (*row && !each(**row)) {
      return {};
    }
  }
  return {};
}

template <class Row>
Result<std::vector<Row>> all_of(Database& database, Query& ids,
                                Result<std::optional<Row>> (*read)(Database&, std::int64_t)) {
  std::vector<Row> rows;
  STORE_TRY(each_of<Row>(database, ids, read, [&rows](const Row& row) {
    rows.push_back(row);
    return true;
  }));
  return rows;
}

/// A list in SQL: what a page's filter lets through, in the page's order.
struct List {
  std::string_view id;
  std::string rows;  ///< " FROM ... WHERE ..."
  std::string order;
  query::Compiled condition;

  /// Has two more parameters than the condition: of LIMIT and OFFSET.
  ComposedSql ids() const {
    return {fmt::format("SELECT a.{}{}{} LIMIT ? OFFSET ?", id, rows, order)};
  }
};

Result<void> add_filter(const Page& page, const query::Vocabulary& vocabulary, List& list) {
  if (!page.filter) {
    return {};
  }
  if (&page.filter->vocabulary() != &vocabulary) {
    return fail(Errc::wrong_use, "the filter was read for the other list");
  }
  list.condition = query::compile(*page.filter);
  list.rows += " AND " + list.condition.sql;
  return {};
}

void add_ids(const Page& page, List& list) {
  if (!page.among.empty()) {
    list.rows += fmt::format(" AND a.{} IN ({})", list.id, fmt::join(page.among, ","));
  }
}

Order order_of(const Page& page) {
  return page.filter ? Order::sorted : Order::by_index;
}

Result<List> file_list(const Page& page) {
  auto order = order_by(file_sorting(), page.sort, "file_id", order_of(page));
  if (!order) {
    return fail(std::move(order.error()));
  }
  List list{"file_id", " FROM files a WHERE true", std::move(*order), {}};
  add_ids(page, list);
  STORE_TRY(add_filter(page, query::file_vocabulary(), list));
  return list;
}

Result<List> asset_list(Database& database, const Page& page) {
  auto order = order_by(asset_sorting(), page.sort, "asset_id", order_of(page));
  if (!order) {
    return fail(std::move(order.error()));
  }
  List list{"asset_id", " FROM assets a WHERE a.shown_file IS NOT NULL", std::move(*order), {}};
  add_ids(page, list);
  STORE_TRY(add_filter(page, query::asset_vocabulary(), list));
  if (page.filter) {
    STORE_TRY(require_words(database));
  }
  // What the open batch changed is found as well.
  if (page.filter && database.in_transaction()) {
    STORE_TRY(index_due(database));
  }
  return list;
}

Result<std::int64_t> count_of(Database& database, const List& list) {
  Query query(database, ComposedSql{"SELECT count(*)" + list.rows});
  list.condition.bind(query);
  const std::int64_t count = query.next() ? query.integer() : 0;
  STORE_TRY(query.end());
  return count;
}

/// Newest first, as lists are unless another order is asked for. Sorted here: SQLite's
/// sorter takes several times as long for all ids of a large list.
Result<std::vector<std::int64_t>> newest_ids_of(Database& database, const List& list) {
  Query query(database,
              ComposedSql{fmt::format("SELECT a.last_updated, a.{}{}", list.id, list.rows)});
  list.condition.bind(query);
  std::vector<std::pair<std::int64_t, std::int64_t>> rows;
  while (query.next()) {
    const auto updated = query.integer();
    rows.emplace_back(updated, query.integer());
  }
  STORE_TRY(query.end());
  std::sort(rows.begin(), rows.end(), std::greater<>());
  std::vector<std::int64_t> ids(rows.size());
  std::transform(rows.begin(), rows.end(), ids.begin(), [](const auto& row) { return row.second; });
  return ids;
}

Result<std::vector<std::int64_t>> ids_of(Database& database, const List& list) {
  Query query(database, list.ids());
  list.condition.bind(query);
  query.borrow(std::int64_t{-1}, std::int64_t{0});
  std::vector<std::int64_t> ids;
  while (query.next()) {
    ids.push_back(query.integer());
  }
  STORE_TRY(query.end());
  return ids;
}

Result<std::vector<std::int64_t>> all_ids_of(Database& database, const Page& page,
                                             const List& list) {
  return page.sort.empty() && page.filter ? newest_ids_of(database, list) : ids_of(database, list);
}

/// Only such a selector is looked for among all interfaces, which takes longer.
bool may_be_address(std::string_view selector) {
  return selector.find('.') != std::string_view::npos &&
         selector.find_first_not_of("0123456789.") == std::string_view::npos;
}

Result<Uuid> uuid_of(Database& database, AssetId asset) {
  Query query(database, "SELECT asset_uuid FROM assets WHERE asset_id = ?", asset);
  Uuid uuid;
  if (query.next()) {
    uuid = query.uuid();
  }
  STORE_TRY(query.end());
  return uuid;
}

Result<void> add_source(Database& database, FileId file, const AssetRef& asset,
                        const std::optional<Sighting>& sighting,
                        std::vector<SourcedAsset>& sources) {
  auto source = read_source(database, file, asset.id, asset.uuid);
  if (!source) {
    return fail(source.error());
  }
  if (*source) {
    (**source).sighting = sighting;
    sources.push_back(std::move(**source));
  }
  return {};
}

Result<void> add_received(Database& database, const AssetRef& asset,
                          std::vector<SourcedAsset>& sources) {
  const auto rows = received_of(database, asset.id);
  if (!rows) {
    return fail(rows.error());
  }
  for (const ReceivedRow& row : *rows) {
    const auto sightings = sightings_of_source(database, row.source, asset.id);
    if (!sightings) {
      return fail(sightings.error());
    }
    const auto first = sightings->empty() ? std::nullopt : std::optional(sightings->front());
    STORE_TRY(add_source(database, row.source, asset, first, sources));
    sources.back().path = row.path;
  }
  return {};
}

}  // namespace

// Only ids are sorted; the rows, which may be large, are read as they are asked for.
Result<void> each_file(Database& database, const Page& page,
                       const std::function<bool(const StoredFile&)>& each) {
  const auto list = file_list(page);
  if (!list) {
    return fail(list.error());
  }
  const Window window = window_of(page);
  Query ids(database, list->ids());
  list->condition.bind(ids);
  ids.borrow(window.limit, window.offset);
  return each_of<StoredFile>(database, ids, read_file, each);
}

Result<void> each_asset(Database& database, const Page& page,
                        const std::function<bool(const StoredAsset&)>& each) {
  const auto list = asset_list(database, page);
  if (!list) {
    return fail(list.error());
  }
  const Window window = window_of(page);
  Query ids(database, list->ids());
  list->condition.bind(ids);
  ids.borrow(window.limit, window.offset);
  return each_of<StoredAsset>(database, ids, read_asset, each);
}

Result<std::int64_t> count_files(Database& database, const Page& page) {
  const auto list = file_list(page);
  return list ? count_of(database, *list) : fail(list.error());
}
Result<std::int64_t> count_assets(Database& database, const Page& page) {
  const auto list = asset_list(database, page);
  return list ? count_of(database, *list) : fail(list.error());
}

Result<std::vector<FileId>> matching_files(Database& database, const Page& page) {
  const auto list = file_list(page);
  return list ? all_ids_of(database, page, *list) : fail(list.error());
}
Result<std::vector<AssetId>> matching_assets(Database& database, const Page& page) {
  const auto list = asset_list(database, page);
  return list ? all_ids_of(database, page, *list) : fail(list.error());
}

Result<Counts> count_live(Database& database) {
  Query query(database,
              "SELECT (SELECT count(*) FROM (SELECT DISTINCT sensor, path FROM files"
              " WHERE status <> 'Deleted')),"
              " count(*), coalesce(sum(add_on_count), 0) FROM assets WHERE shown_file IS NOT NULL");
  Counts counts;
  if (query.next()) {
    counts = {.files = query.integer(), .assets = query.integer(), .add_ons = query.integer()};
  }
  STORE_TRY(query.end());
  return counts;
}

Result<std::vector<StoredAsset>> find_assets(Database& database, const std::string& selector) {
  if (selector.empty()) {
    return std::vector<StoredAsset>{};
  }
  // An asset that left the list still answers to its ids.
  Query ids(database,
            "SELECT asset_id FROM assets a WHERE asset_id = ?1"
            " OR asset_id = (SELECT asset_id FROM asset_uuids WHERE asset_uuid = ?2)"
            " OR (shown_file IS NOT NULL AND (name = ?3 COLLATE NOCASE OR"
            " station = ?3 COLLATE NOCASE OR address = ?3 OR (?4 AND EXISTS"
            " (SELECT 1 FROM asset_facts f, json_each(f.facts, '$.interfaces') i"
            " WHERE f.asset_id = a.asset_id AND f.file_id = a.shown_file"
            " AND i.value ->> 'address' = ?3)))) ORDER BY asset_id",
            whole_number<std::int64_t>(selector), parse_uuid(selector), selector,
            may_be_address(selector));
  return all_of<StoredAsset>(database, ids, read_asset);
}

Result<std::vector<StoredFile>> find_files(Database& database, const std::string& selector) {
  if (selector.empty()) {
    return std::vector<StoredFile>{};
  }
  Query ids(database,
            "SELECT file_id FROM files WHERE path = ?1 OR name = ?1 OR name || extension = ?1"
            " OR file_uuid = ?2 OR md5 = ?3 OR sha256 = ?3"
            " ORDER BY status = 'Deleted', last_updated DESC, file_id DESC",
            selector, parse_uuid(selector), to_lower_ascii(selector));
  return all_of<StoredFile>(database, ids, read_file);
}

Result<std::vector<SourcedAsset>> sources_of(Database& database, AssetId asset) {
  const auto uuid = uuid_of(database, asset);
  if (!uuid) {
    return fail(uuid.error());
  }
  const auto observations = observations_of(database, asset);
  if (!observations) {
    return fail(observations.error());
  }
  std::vector<SourcedAsset> sources;
  for (const ObservationRow& row : *observations) {
    STORE_TRY(add_source(database, row.source, {asset, *uuid}, row.sighting, sources));
  }
  STORE_TRY(add_received(database, {asset, *uuid}, sources));
  Query query(database,
              "SELECT file_id FROM asset_facts WHERE asset_id = ? AND file_id > 0"
              " ORDER BY newness DESC, add_on_count DESC, file_id DESC",
              asset);
  while (query.next()) {
    STORE_TRY(add_source(database, query.integer(), {asset, *uuid}, std::nullopt, sources));
  }
  STORE_TRY(query.end());
  return sources;
}

Result<std::vector<StoredAsset>> assets_of(Database& database, FileId file) {
  Query ids(database, "SELECT asset_id FROM asset_facts WHERE file_id = ? ORDER BY asset_id", file);
  return all_of<StoredAsset>(database, ids, read_asset);
}

}  // namespace ot::store
