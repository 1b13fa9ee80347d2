#include "agent/service/list_reader.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "agent/json_text.hpp"
#include "agent/redact.hpp"
#include "agent/sort_keys.hpp"
#include "store/query/vocabulary.hpp"

namespace ot::agent {

/// What differs between the two lists.
template <class Record>
struct ListReader::List {
  std::string_view name;
  std::string_view before;
  std::string_view after;
  const store::query::Vocabulary& (*vocabulary)();
  std::span<const std::string_view> (*sort_tokens)();
  Result<std::vector<std::int64_t>> (store::Store::*matching)(const store::Page&);
  Result<std::optional<Record>> (store::Store::*find)(std::int64_t);
};

const ListReader::List<store::StoredFile> ListReader::kFiles = {"files",
                                                                "[",
                                                                "]",
                                                                store::query::file_vocabulary,
                                                                store::file_sort_tokens,
                                                                &store::Store::matching_files,
                                                                &store::Store::find_file};

const ListReader::List<store::StoredAsset> ListReader::kAssets = {"assets",
                                                                  "{\"assets\":[",
                                                                  "]}",
                                                                  store::query::asset_vocabulary,
                                                                  store::asset_sort_tokens,
                                                                  &store::Store::matching_assets,
                                                                  &store::Store::find_asset};

namespace {

/// All that decides which records are in a list, and in which order.
std::string key_of(std::string_view list, const store::Page& page) {
  std::string key(list);
  for (const auto& sort : page.sort) {
    key += (sort.descending ? " -" : " +") + sort.token;
  }
  return key + (page.filter ? "\n" + page.filter->text() : "");
}

tl::unexpected<Refusal> refuse(std::string code, Error error) {
  return tl::unexpected<Refusal>(Refusal{std::move(code), std::move(error)});
}

}  // namespace

void ListReader::set_sensor_name(const std::string& name) {
  if (name != sensor_name_) {
    sensor_name_ = name;
    store_.set_sensor_name(name);
    ids_.clear();  // a filter may ask for it
    pages_.clear();
  }
}

Json ListReader::json_of(const store::StoredFile& file, Shape shape) const {
  return file_json(file, shape);
}
Json ListReader::json_of(const store::StoredAsset& asset, Shape shape) const {
  return asset_json(asset, shape, sensor_name_);
}

template <class Record>
Result<ListPage> ListReader::write(const List<Record>& list, const Ids& ids,
                                   const ListQuery& query) {
  ListPage out;
  out.total = ids.size();
  const auto pages = out.total / query.page_size + 1;
  const auto first = query.page_number < pages ? query.page_number * query.page_size : out.total;
  const auto last = std::min(out.total, first + query.page_size);
  out.body = list.before;
  for (auto at = first; at < last; ++at) {
    auto record = (store_.*list.find)(ids[static_cast<std::size_t>(at)]);
    if (!record) {
      return fail(std::move(record).error());
    }
    if (*record) {
      redact(**record);
      out.body += out.body.size() > list.before.size() ? "," : "";
      out.body += json_text(json_of(**record, query.shape), -1);
    }
  }
  out.body += list.after;
  return out;
}

template <class Record>
Result<std::shared_ptr<const ListReader::Ids>> ListReader::ids_of(const List<Record>& list,
                                                                  const store::Page& page,
                                                                  const std::string& key,
                                                                  std::uint64_t version) {
  if (auto known = ids_.find(key, version)) {
    return known;
  }
  auto found = (store_.*list.matching)(page);
  if (!found) {
    return fail(std::move(found).error());
  }
  auto ids = std::make_shared<const Ids>(std::move(*found));
  ids_.keep(key, version, ids, ids->size());
  return ids;
}

template <class Record>
Result<ListPage> ListReader::look_up(const List<Record>& list, const store::Page& page,
                                     const ListQuery& query) {
  const auto version = store_.version();
  if (!version) {
    return fail(version.error());
  }
  const auto key = key_of(list.name, page);
  const auto page_key = fmt::format("{} {} {} {}", query.page_number, query.page_size,
                                    query.shape == Shape::extended, key);
  if (const auto known = pages_.find(page_key, *version)) {
    return *known;
  }
  const auto ids = ids_of(list, page, key, *version);
  if (!ids) {
    return fail(ids.error());
  }
  auto out = write(list, **ids, query);
  if (out) {
    pages_.keep(page_key, *version, std::make_shared<const ListPage>(*out), out->body.size());
  }
  return out;
}

template <class Record>
tl::expected<ListPage, Refusal> ListReader::page_of(const List<Record>& list,
                                                    const ListQuery& query, Time now) {
  store::Page page;
  if (!query.sort.empty()) {
    auto sort = parse_sort(query.sort, list.sort_tokens());
    if (!sort) {
      return refuse("INVALID_SORT", std::move(sort).error());
    }
    page.sort = std::move(*sort);
  }
  if (!query.filter.empty()) {
    auto filter = store::query::parse(query.filter, list.vocabulary(), now);
    if (!filter) {
      return refuse("INVALID_FILTER", std::move(filter).error());
    }
    page.filter = std::move(*filter);
  }
  // The ids and the records are those of one moment.
  auto out = Result<ListPage>();
  const auto read = store_.at_one_moment([&]() -> Result<void> {
    out = look_up(list, page, query);
    return out ? Result<void>{} : fail(out.error());
  });
  if (!read) {
    return refuse("", read.error());
  }
  return std::move(*out);
}

tl::expected<ListPage, Refusal> ListReader::files(const ListQuery& query, Time now) {
  return page_of(kFiles, query, now);
}
tl::expected<ListPage, Refusal> ListReader::assets(const ListQuery& query, Time now) {
  return page_of(kAssets, query, now);
}

Result<std::vector<std::unique_ptr<ListReader>>> open_readers(const std::string& path,
                                                              std::size_t count) {
  std::vector<std::unique_ptr<ListReader>> readers;
  for (std::size_t i = 0; i < count; ++i) {
    auto store = store::Store::open(path, store::Mode::read_only);
    if (!store) {
      return fail(std::move(store).error());
    }
    readers.push_back(std::make_unique<ListReader>(std::move(*store)));
  }
  return readers;
}

}  // namespace ot::agent
