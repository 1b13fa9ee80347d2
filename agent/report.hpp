#pragma once

#include <string>
#include <vector>

#include "agent/records_json.hpp"
#include "agent/tree.hpp"
#include "store/store.hpp"

namespace ot::agent {

/// One file's view of the assets of a station.
struct SourceReport {
  store::StoredFile file;
  std::vector<std::string> differences;  ///< from the newest source of each asset
};

/// What a device said, and when.
struct ObservationReport {
  store::AssetId asset_id = 0;
  std::string asset_name;
  store::Sighting sighting;
};

/// All that is known of some assets, for people and for programs.
struct StationReport {
  std::vector<store::StoredAsset> assets;
  std::vector<SourceReport> sources;  ///< newest export first
  std::vector<ObservationReport> observations;
};

/// Asks the store for the sources of the assets and compares them.
Result<StationReport> report_on(store::Store& store, std::vector<store::StoredAsset> assets);

/// A file with the assets that it supports, as it sees them.
struct FileReport {
  store::StoredFile file;
  std::vector<store::StoredAsset> assets;
};
Result<FileReport> report_on(store::Store& store, store::StoredFile file);

void redact(StationReport& report);
void redact(FileReport& report);

std::string text_of(const StationReport& report, Branches branches);
std::string text_of(const FileReport& report, Branches branches);
Json json_of(const StationReport& report);
Json json_of(const FileReport& report);

}  // namespace ot::agent
