#pragma once

#include <string>
#include <vector>

#include "agent/json_text.hpp"
#include "agent/records_json.hpp"
#include "agent/table.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// How one kind of record is shown in lists.
template <class Record>
struct ListView {
  JsonList::Layout layout;
  Json (*json)(const Record& record, Shape shape);
  std::vector<std::string> (*csv_head)(Shape shape);
  std::vector<std::vector<std::string>> (*csv_rows)(const Record& record, Shape shape);
  std::vector<Column> (*columns)(Shape shape);
  Row (*row)(const Record& record, Shape shape);
};

extern const ListView<store::StoredFile> kFileView;
extern const ListView<store::StoredAsset> kAssetView;

/// "2023-03-09 11:06", in UTC.
std::string minute_text(Time time);

/// Of the primary interface.
std::string first_address(const Asset& asset);

}  // namespace ot::agent
