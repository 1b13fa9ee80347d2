#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/inbox.hpp"
#include "store/sqlite.hpp"

namespace ot::store {

/// What another rackscout says of an asset: a source of it, beside its files and observations.
struct ReceivedRow {
  FileId source = 0;  ///< below -1
  std::string seen_by;
  std::string site;
  std::string area;
  Time observed_at{};
  bool configured = false;
  std::string path;
  std::optional<Time> exported_at;
  std::vector<StatedDifference> differences;
  std::optional<Walked> walked;
};

/// Newest first.
Result<std::vector<ReceivedRow>> received_of(Database& database, AssetId asset);
Result<std::vector<Sighting>> sightings_of_source(Database& database, FileId source, AssetId asset);

/// Of whom a record comes, and when.
struct Sender {
  std::string sensor;
  std::int64_t generation = 0;
  Time arrived_at{};
};

// Each runs inside a transaction, and says whether anything was done.
Result<Receipt::Status> put_received(Database& database, const Sender& sender,
                                     const SentRecord& record);

/// Removes what the sensor did not send in its epoch of today.
Result<void> drop_older(Database& database, const Sender& sender);

}  // namespace ot::store
