#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "agent/service/kept.hpp"
#include "agent/service/list_query.hpp"
#include "store/store.hpp"

namespace ot::agent {

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

  using Ids = std::vector<std::int64_t>;

  template <class Record>
  tl::expected<ListPage, Refusal> page_of(const List<Record>& list, const ListQuery& query,
                                          Time now);
  template <class Record>
  Result<ListPage> look_up(const List<Record>& list, const store::Page& page,
                           const ListQuery& query);
  template <class Record>
  Result<std::shared_ptr<const Ids>> ids_of(const List<Record>& list, const store::Page& page,
                                            const std::string& key, std::uint64_t version);
  template <class Record>
  Result<ListPage> write(const List<Record>& list, const Ids& ids, const ListQuery& query);

  Json json_of(const store::StoredFile& file, Shape shape) const;
  Json json_of(const store::StoredAsset& asset, Shape shape) const;

  store::Store store_;
  std::string sensor_name_;
  Kept<Ids> ids_{128UL * 1024};          ///< in the order of their list, for all its pages
  Kept<ListPage> pages_{1024UL * 1024};  ///< bytes; who watches the plant asks the same again
};

/// So many, for a store that is open for writing already. Errors are the store's.
Result<std::vector<std::unique_ptr<ListReader>>> open_readers(const std::string& path,
                                                              std::size_t count);

}  // namespace ot::agent
