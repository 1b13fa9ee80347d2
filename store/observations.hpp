#pragma once

#include <set>
#include <string>
#include <vector>

#include "store/sqlite.hpp"
#include "store/store.hpp"

namespace ot::store {

/// What stands of an observation beside its facts, which are those of `source`.
struct ObservationRow {
  FileId source = 0;  ///< negative; 0: there is none
  std::string site;
  std::string area;
  bool complete = false;        ///< all of the device was seen once
  std::set<std::string> asked;  ///< unit addresses, by observations that were complete
  Sighting sighting;
};

/// The observations of an asset, in the order in which they count: by protocol
/// (fins, enip, modbus, others), and of one protocol the one that changed last.
Result<std::vector<ObservationRow>> observations_of(Database& database, AssetId asset);

/// Puts what a device said beside what is known. Runs inside a transaction.
Result<AssetId> put_observation(Database& database, Observation observation);

}  // namespace ot::store
