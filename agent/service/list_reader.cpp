#include "agent/service/list_reader.hpp"

#include <algorithm>
#include <span>

#include "agent/json_text.hpp"
#include "agent/redact.hpp"
#include "agent/sort_keys.hpp"
#include "store/query/vocabulary.hpp"

namespace ot::agent {

std::shared_ptr<const FoundIds::Ids> FoundIds::find(const std::string& key, std::uint64_t version) {
  const auto found = std::find_if(found_.begin(), found_.end(),
                                  [&key](const Found& item) { return item.key == key; });
  if (found == found_.end()) {
    return nullptr;
  }
  if (found->version != version) {
    total_ -= found->ids->size();
    found_.erase(found);
    return nullptr;
  }
  found_.splice(found_.begin(), found_, found);
  return found_.front().ids;
}

void FoundIds::keep(std::string key, std::uint64_t version, std::shared_ptr<const Ids> ids) {
  if (ids->size() > kMostIds) {
    return;
  }
  total_ += ids->size();
  found_.push_front({std::move(key), version, std::move(ids)});
  while (total_ > kMostIds || found_.size() > kMostLists) {
    total_ -= found_.back().ids->size();
    found_.pop_back();
  }
}

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

tl::unexpected<Refusal> refuse(std::string code, Error error) {
  return tl::unexpected<Refusal>(Refusal{std::move(code), std::move(error)});
}

}  // namespace

void ListReader::set_sensor_name(const std::string& name) {
  if (name != sensor_name_) {
    sensor_name_ = name;
    store_.set_sensor_name(name);
    found_ = {};  // a filter may ask for it
  }
}

template <class Record>
Result<std::shared_ptr<const FoundIds::Ids>> ListReader::ids_of(const List<Record>& list,
                                                                const store::Page& page) {
  const auto version = store_.version();
  if (!version) {
    return fail(version.error());
  }
  std::string key(list.name);
  for (const auto& sort : page.sort) {
    key += (sort.descending ? " -" : " +") + sort.token;
  }
  key += page.filter ? "\n" + page.filter->text() : "";
  if (auto known = found_.find(key, *version)) {
    return known;
  }
  auto ids = (store_.*list.matching)(page);
  if (!ids) {
    return fail(std::move(ids).error());
  }
  auto found = std::make_shared<const FoundIds::Ids>(std::move(*ids));
  found_.keep(std::move(key), *version, found);
  return found;
}

Json ListReader::json_of(const store::StoredFile& file, Shape shape) const {
  return file_json(file, shape);
}
Json ListReader::json_of(const store::StoredAsset& asset, Shape shape) const {
  auto out = asset_json(asset, shape);
  out["inventory"] = {{"sensorName", sensor_name_}, {"source", inventory_source(asset)}};
  return out;
}

template <class Record>
Result<ListPage> ListReader::write(const List<Record>& list, const store::Page& page,
                                   const ListQuery& query) {
  const auto ids = ids_of(list, page);
  if (!ids) {
    return fail(ids.error());
  }
  ListPage out;
  out.total = (**ids).size();
  const auto pages = out.total / query.page_size + 1;
  const auto first = query.page_number < pages ? query.page_number * query.page_size : out.total;
  const auto last = std::min(out.total, first + query.page_size);
  out.body = list.before;
  for (auto at = first; at < last; ++at) {
    auto record = (store_.*list.find)((**ids)[at]);
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
    out = write(list, page, query);
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

}  // namespace ot::agent
