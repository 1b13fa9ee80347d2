#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "agent/service/list_query.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// Ids in the order of a list, kept for the next page as long as nothing changes.
class FoundIds {
 public:
  using Ids = std::vector<std::int64_t>;

  /// What was found for the key at that version of the store; null: nothing was.
  std::shared_ptr<const Ids> find(const std::string& key, std::uint64_t version);
  void keep(std::string key, std::uint64_t version, std::shared_ptr<const Ids> ids);

  static constexpr std::size_t kMostLists = 64;
  static constexpr std::size_t kMostIds = 128 * 1024;  ///< over all lists

 private:
  struct Found {
    std::string key;
    std::uint64_t version = 0;
    std::shared_ptr<const Ids> ids;
  };

  std::list<Found> found_;  ///< used last first
  std::size_t total_ = 0;
};

/// A page as it is sent.
struct ListPage {
  std::string body;
  std::uint64_t total = 0;  ///< records on all pages
};

/// A connection that answers list queries; one thread at a time uses it.
class ListReader {
 public:
  explicit ListReader(store::Store store) : store_(std::move(store)) {}

  /// The service's, for `inventory`.
  void set_sensor_name(const std::string& name);

  /// /ot/v1/projectfile/list: a bare array.
  tl::expected<ListPage, Refusal> files(const ListQuery& query, Time now);
  /// /ot/v1/host/list: {"assets":[...]}.
  tl::expected<ListPage, Refusal> assets(const ListQuery& query, Time now);

  store::Store& store() { return store_; }

 private:
  template <class Record>
  struct List;
  static const List<store::StoredFile> kFiles;
  static const List<store::StoredAsset> kAssets;

  template <class Record>
  tl::expected<ListPage, Refusal> page_of(const List<Record>& list, const ListQuery& query,
                                          Time now);
  template <class Record>
  Result<std::shared_ptr<const FoundIds::Ids>> ids_of(const List<Record>& list,
                                                      const store::Page& page);
  template <class Record>
  Result<ListPage> write(const List<Record>& list, const store::Page& page, const ListQuery& query);

  Json json_of(const store::StoredFile& file, Shape shape) const;
  Json json_of(const store::StoredAsset& asset, Shape shape) const;

  store::Store store_;
  std::string sensor_name_;
  FoundIds found_;
};

}  // namespace ot::agent
